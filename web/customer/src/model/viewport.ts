/**
 * The part of the screen that a keyboard leaves.
 *
 * Most browsers make the page smaller when the keyboard comes; those of iPhones, WeChat's among them, push it up
 * instead, so that the top is gone and the field may lie behind the keys. There the page is made as high as what is
 * seen and stands where that is. A page that somebody has zoomed with two fingers is left alone.
 *
 * Does not: concern the frame on a shop's page; its window is fitted by the loader.
 */
export function keepInSight(page: HTMLElement): void {
  const view = window.visualViewport;
  if (!view) return;
  const fit = () => {
    const covered = view.scale < 1.01 && window.innerHeight - view.height > 1;
    page.style.height = covered ? `${view.height}px` : "";
    page.style.transform = covered && view.offsetTop > 0 ? `translateY(${view.offsetTop}px)` : "";
    const field = document.activeElement;
    if (covered && field?.matches("input, textarea")) field.scrollIntoView({ block: "nearest" });
  };
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
}
