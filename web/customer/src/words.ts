/**
 * Every word the customer reads, in Chinese and English, from one catalogue each.
 *
 * A reader fetches one language, while the session begins; nothing is drawn before it is there.
 *
 * A sentence has `{slots}`. The two catalogues have the same keys (a test demands it), and no Chinese stands
 * anywhere else in the source.
 */
import type { Locale } from "@mashang/protocol";
import { setApart } from "@mashang/protocol/direction";

type Catalogue = typeof import("./catalogue/zh-CN.json");
export type Sentence = keyof Catalogue;
export type Slots = Record<string, string | number>;

const FETCHED: { [Key in Locale]?: Record<Sentence, string> } = {};
const FETCH: Record<Locale, () => Promise<{ default: Record<Sentence, string> }>> = {
  "zh-CN": () => import("./catalogue/zh-CN.json"),
  en: () => import("./catalogue/en.json"),
};
const AGAIN_MS = 2_000;
const SLOT = /\{(\w+)\}/g;

let spoken: Locale = "zh-CN";

/** From now on in this language; tries until its words have come. */
export async function speak(locale: Locale): Promise<void> {
  while (!FETCHED[locale]) {
    try {
      FETCHED[locale] = (await FETCH[locale]()).default;
    } catch {
      await new Promise((go) => setTimeout(go, AGAIN_MS));
    }
  }
  spoken = locale;
}

export function locale(): Locale {
  return spoken;
}

export function t(sentence: Sentence, slots: Slots = {}): string {
  return filled(FETCHED[spoken]?.[sentence] ?? "", slots);
}

export function filled(text: string, slots: Slots): string {
  return text.replace(SLOT, (_, name: string) => setApart(String(slots[name] ?? "")));
}

/** The sentence around a slot that is shown as something richer than text. */
export function around(sentence: Sentence): [before: string, after: string] {
  const [before = "", after = ""] = (FETCHED[spoken]?.[sentence] ?? "").split(/\{\w+\}/);
  return [before, after];
}

/** Chinese for every Chinese reader, English for everybody else. */
export function localeFor(languages: readonly string[]): Locale {
  const first = languages[0]?.toLowerCase() ?? "";
  return first === "" || first.startsWith("zh") ? "zh-CN" : "en";
}
