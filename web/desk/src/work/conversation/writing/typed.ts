/**
 * What is being typed behind a sign that opens a menu: `/` for replies, `@` for colleagues.
 *
 * The sign stands at the beginning or behind white space, so that an address or a date opens nothing. In a Chinese
 * input method the key of `/` writes the enumeration comma; that counts only where no sentence can have used it, at
 * a line's beginning.
 */
export type Sign = "/" | "@";

export interface Typed {
  sign: Sign;
  /** Where the sign stands, and where what is typed behind it ends. */
  from: number;
  to: number;
  query: string;
}

const LONGEST = 20;
const SIGNS: Record<string, Sign> = { "/": "/", "\uff0f": "/", "\u3001": "/", "@": "@", "\uff20": "@" };
const BEHIND = new RegExp(`(^|\\s)([/\uff0f@\uff20])([^\\s/]{0,${LONGEST}})$`);
const LINE_BEGINS = new RegExp(`(^|\\n)(\u3001)([^\\s\u3001]{0,${LONGEST}})$`);

export function typedAt(text: string, caret: number): Typed | null {
  const before = text.slice(0, caret);
  const found = BEHIND.exec(before) ?? LINE_BEGINS.exec(before);
  const sign = SIGNS[found?.[2] ?? ""];
  if (!found || !sign) return null;
  const query = found[3] ?? "";
  return { sign, from: caret - query.length - 1, to: caret, query: query.toLowerCase() };
}

/** The text with `words` in place of what was typed, and where the caret then stands. */
export function replaced(text: string, typed: Typed, words: string): { text: string; caret: number } {
  const same = typedAt(text, typed.to)?.from === typed.from;
  const [from, to] = same ? [typed.from, typed.to] : [text.length, text.length];
  return { text: text.slice(0, from) + words + text.slice(to), caret: from + words.length };
}
