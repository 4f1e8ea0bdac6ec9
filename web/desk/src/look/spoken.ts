/**
 * What Ant Design's own signs and arrows are called; put in their place while the desk is built (library.ts).
 *
 * Ornaments beside words are skipped by screen readers; those that stand alone in a button have a name.
 */
import { wordFor } from "../frame/told";
import { spokenLocale, tell } from "../words/words";

const ORNAMENTS = new Set([
  "calendar",
  "caret-down",
  "caret-up",
  "check",
  "check-circle",
  "clock-circle",
  "down",
  "exclamation-circle",
  "info-circle",
  "swap-right",
  "up",
]);

export function signNamed(name: string): { "aria-label": string } | { "aria-hidden": true } {
  if (ORNAMENTS.has(name)) return { "aria-hidden": true };
  const word = wordFor("sign", name, undefined);
  return { "aria-label": word ? tell(spokenLocale(), word) : name };
}

export const arrowNamed = (isUp: boolean) => tell(spokenLocale(), isUp ? "sign.more" : "sign.less");

export const clearNamed = () => tell(spokenLocale(), "sign.close-circle");
