/**
 * Quick entries: whatever the shop marked opens the chat with its code or order.
 *
 *   <button data-mashang-code="CZ" data-mashang-order="NUMBER" data-mashang-scene="paid">…</button>
 *
 * One listener at the document, however many are marked and whenever they come; nothing is looked for before a press.
 * A link or field inside of a marked card does its own thing. What is rubbish is left out, and the console says so.
 */
import type { HostMessage } from "@mashang/protocol";

export type Opening = Omit<Extract<HostMessage, { type: "open" }>, "type">;

const FORMS = { code: /^[a-z\d-]{2,24}$/i, order: /^\w[\w.:@-]{0,63}$/, scene: /^[a-z\d-]{1,40}$/ };
const PRESSED = "a[href],button,input,select,textarea,summary,label";
const OTHERS = `${PRESSED},[contenteditable],[role=button],[role=link]`;

export function listen(open: (opening: Opening, from: HTMLElement) => void): void {
  const hear = (event: MouseEvent | KeyboardEvent) => {
    for (const one of event.composedPath() as HTMLElement[]) {
      if (!one.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (one.matches("[data-mashang-code],[data-mashang-order]")) {
        if (one.matches("[aria-disabled=true]") || !isPress(event, one)) return;
        event.preventDefault();
        return open(read(one), one);
      }
      if (one.matches(OTHERS)) return;
    }
  };
  for (const kind of ["click", "keydown"] as const) document.addEventListener(kind, hear, true);
}

/** Of a key only where the browser makes no click of it, and on the element itself. */
function isPress(event: MouseEvent | KeyboardEvent, marked: HTMLElement): boolean {
  if (!("key" in event)) return true;
  const here = event.target === marked && !event.repeat && !marked.matches(PRESSED);
  return here && (event.key === "Enter" || event.key === " ");
}

function read(marked: HTMLElement): Opening {
  const opening: Opening = {};
  for (const name of ["code", "order", "scene"] as const) {
    const value = marked.getAttribute(`data-mashang-${name}`)?.trim();
    if (value === undefined) continue;
    if (FORMS[name].test(value)) opening[name] = value;
    // biome-ignore lint/suspicious/noConsole: there is nowhere else to tell an integrator
    else console.warn(`Mashang: data-mashang-${name}="${value.slice(0, 60)}" is no ${name} and was left out`);
  }
  if (opening.code || opening.order) opening.medium = "scene";
  return opening;
}
