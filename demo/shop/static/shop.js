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
    const before = document.activeElement;
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "aside" });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus({ preventScroll: true });
    return done;
  };

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copySelected(text);
    }
  };

  document.addEventListener("click", async (event) => {
    const pressed = event.target.closest("[data-copy]");
    if (!pressed) return;
    if (await copied(pressed.dataset.copy)) pressed.textContent = pressed.dataset.copied;
    else getSelection().selectAllChildren(pressed.previousElementSibling);
  });
})();
