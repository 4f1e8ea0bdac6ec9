/** The style of large letters, as a piece that only pages with them fetch, and what is said when they come and go. */
import "../styles/large.css";
import type { Locale } from "@mashang/protocol";
import words from "../catalogue/large.json";

let said: HTMLElement | null = null;

/** Said once: a page that only looks different tells nothing to whoever cannot see it. */
export function tell(large: boolean, locale: Locale): void {
  if (!said) {
    said = document.createElement("p");
    said.className = "hidden";
    said.setAttribute("role", "status");
    document.body.append(said);
  }
  said.textContent = words[locale][large ? "large.on" : "large.off"];
}
