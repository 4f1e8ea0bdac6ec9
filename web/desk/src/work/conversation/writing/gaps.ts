/**
 * The gaps a canned reply left: names in braces for which the conversation knows nothing.
 *
 * Does not: fill them in (the server did, as far as it could; the rest is a person's).
 */
import type { WordKey } from "../../../words/words";

const NAMES = ["customer", "agent", "order", "code", "topic", "site", "department"] as const;
export type GapName = (typeof NAMES)[number];

export interface Gap {
  name: GapName;
  word: WordKey;
  from: number;
  to: number;
}

const GAP = new RegExp(`\\{\\{(${NAMES.join("|")})\\}\\}`, "g");

export const VARIABLES: { name: GapName; word: WordKey }[] = NAMES.map((name) => ({
  name,
  word: `variable.${name}`,
}));

export function gapsIn(text: string): Gap[] {
  return [...text.matchAll(GAP)].map((found) => {
    const name = found[1] as GapName;
    return { name, word: `variable.${name}`, from: found.index, to: found.index + found[0].length };
  });
}
