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

  // Where a browser gives no clipboard: from a field that is selected for a moment.
  const copySelected = (text) => {
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };

  // Seen and read out, in a button that keeps its size.
  const tell = (button, words) => {
    button.style.minWidth = `${button.offsetWidth}px`;
    button.setAttribute("aria-live", "polite");
    button.textContent = words;
  };

  document.addEventListener("click", async (event) => {
    const pressed = event.target.closest("[data-copy]");
    if (!pressed) return;
    await navigator.clipboard.writeText(pressed.dataset.copy);
    pressed.textContent = dataset.copied;
  });
})();
