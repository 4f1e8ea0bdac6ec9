// What this shop adds to its pages: fresh tokens for the widget, and copying.
(() => {
  const { dataset } = document.currentScript;
  const support = () => window.Mashang;

  addEventListener("load", () => {
    if (!support()) return;
    if ("signedOut" in dataset) support().signOut();
    else if ("member" in dataset) {
      support().identify(async () => {
        const answer = await fetch("/widget-token", { credentials: "same-origin" });
        return answer.status === 200 ? answer.text() : null;
      });
    }
  });

  document.addEventListener("click", async (event) => {
    const pressed = event.target.closest("[data-copy]");
    if (!pressed) return;
    await navigator.clipboard.writeText(pressed.dataset.copy);
    pressed.textContent = dataset.copied;
  });
})();
