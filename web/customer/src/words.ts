/**
 * Every word the customer reads, in Chinese and English, from one catalogue each.
 *
 * A sentence has `{slots}`. The two catalogues have the same keys (a test demands it), and no Chinese stands
 * anywhere else in the source.
 */
import type { Locale } from "@mashang/protocol";
import { setApart } from "@mashang/protocol/direction";
import en from "./catalogue/en.json";
import zh from "./catalogue/zh-CN.json";

export type Sentence = keyof typeof zh;
export type Slots = Record<string, string | number>;

const CATALOGUES: Record<Locale, Record<Sentence, string>> = { "zh-CN": zh, en };
const SLOT = /\{(\w+)\}/g;

let spoken: Locale = "zh-CN";

export function speak(locale: Locale): void {
  spoken = locale;
  document.documentElement.lang = locale;
}

export function locale(): Locale {
  return spoken;
}

export function t(sentence: Sentence, slots: Slots = {}): string {
  return filled(CATALOGUES[spoken][sentence], slots);
}

export function filled(text: string, slots: Slots): string {
  return text.replace(SLOT, (_, name: string) => setApart(String(slots[name] ?? "")));
}

/** The sentence around a slot that is shown as something richer than text. */
export function around(sentence: Sentence): [before: string, after: string] {
  const [before = "", after = ""] = CATALOGUES[spoken][sentence].split(/\{\w+\}/);
  return [before, after];
}

/** Chinese for every Chinese reader, English for everybody else. */
export function localeFor(languages: readonly string[]): Locale {
  const first = languages[0]?.toLowerCase() ?? "";
  return first === "" || first.startsWith("zh") ? "zh-CN" : "en";
}
