/** The focus within something that stands over the page: Tab stays inside, and leaving leads back to where one was. */
import { useLayoutEffect } from "preact/hooks";

const STOPS = "a[href], button:not([disabled]), input:not([disabled]), summary, textarea, [tabindex='0']";

export function keepInside(event: KeyboardEvent, box: HTMLElement | null): void {
  if (event.key !== "Tab" || !box) return;
  const stops = box.querySelectorAll<HTMLElement>(STOPS);
  const first = stops[0];
  const last = stops[stops.length - 1];
  const from = document.activeElement;
  const way = event.shiftKey ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
  const leaves = !from || !Array.from(stops).some((stop) => from.compareDocumentPosition(stop) & way);
  if (!first || !last || !leaves) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}

/** Back to what had the focus before this came; where that is gone, to the page's heading. */
export function useFocusBack(): void {
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    return () => {
      requestAnimationFrame(() => {
        if (document.activeElement && document.activeElement !== document.body) return;
        const there = before?.isConnected && before !== document.body ? before : null;
        (there ?? document.querySelector<HTMLElement>("h1[tabindex]"))?.focus({ preventScroll: true });
      });
    };
  }, []);
}
