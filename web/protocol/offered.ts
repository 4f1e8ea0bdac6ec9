/**
 * Words of the assistant where what can be chosen stands below them as buttons: without the lines that say it to who
 * sees none.
 */
import type { Entry } from "./wire";

export function aboveButtons({ text = "", assistant }: Entry): string {
  const spelt = (assistant?.options ?? []).map(({ label }) => `\n- ${label}`).join("");
  return spelt !== "" && text.endsWith(spelt) ? text.slice(0, -spelt.length) : text;
}
