/**
 * Every word the customer reads, in Chinese and English, from two catalogues each: of the first page, and of a
 * conversation, which comes with its page.
 *
 * A reader fetches one language, while the session begins; nothing is drawn before it is there.
 *
 * A sentence has `{slots}`. The two catalogues have the same keys (a test demands it), and no Chinese stands
 * anywhere else in the source.
 */
import type { Locale } from "@mashang/protocol";
import { setApart } from "@mashang/protocol/direction";

type Catalogue = typeof import("./catalogue/zh-CN.json") & typeof import("./catalogue/talk.zh-CN.json");
export type Sentence = keyof Catalogue;
type Words = { [Key in Sentence]?: string };
export type Slots = Record<string, string | number>;

const FETCHED: { [Key in Locale]?: Words } = {};
const FETCH: Record<Locale, () => Promise<{ default: Words }>> = {
  "zh-CN": () => import("./catalogue/zh-CN.json"),
  en: () => import("./catalogue/en.json"),
};
const OF_TALKS: { [Key in Locale]?: Words } = {};
const FETCH_OF_TALKS: Record<Locale, () => Promise<{ default: Words }>> = {
  "zh-CN": () => import("./catalogue/talk.zh-CN.json"),
  en: () => import("./catalogue/talk.en.json"),
};
const AGAIN_MS = 2_000;
const SLOT = /\{(\w+)\}/g;

let spoken: Locale = "zh-CN";
let next: Locale = spoken; // while its words are coming
let ofTalks = false;

/** From now on in this language; tries until its words have come. */
export async function speak(locale: Locale): Promise<void> {
  next = locale;
  while (!FETCHED[locale] || (ofTalks && !OF_TALKS[locale])) {
    try {
      FETCHED[locale] ??= (await FETCH[locale]()).default;
      if (ofTalks) await fetchOfTalks(locale);
    } catch {
      await new Promise((go) => setTimeout(go, AGAIN_MS));
    }
  }
  spoken = locale;
}

/** Of conversations too from now on, in whatever language; rejects when the words of this one do not come. */
export async function speakOfTalks(): Promise<void> {
  ofTalks = true;
  await fetchOfTalks(next);
}

async function fetchOfTalks(locale: Locale): Promise<void> {
  OF_TALKS[locale] ??= (await FETCH_OF_TALKS[locale]()).default;
}

export function locale(): Locale {
  return spoken;
}

export function t(sentence: Sentence, slots: Slots = {}): string {
  return filled(wordsOf(sentence), slots);
}

function wordsOf(sentence: Sentence): string {
  return FETCHED[spoken]?.[sentence] ?? OF_TALKS[spoken]?.[sentence] ?? "";
}

export function filled(text: string, slots: Slots): string {
  return text.replace(SLOT, (_, name: string) => setApart(String(slots[name] ?? "")));
}

/** The sentence around a slot that is shown as something richer than text. */
export function around(sentence: Sentence): [before: string, after: string] {
  const [before = "", after = ""] = wordsOf(sentence).split(/\{\w+\}/);
  return [before, after];
}

/** Chinese for every Chinese reader, English for everybody else. */
export function localeFor(languages: readonly string[]): Locale {
  const first = languages[0]?.toLowerCase() ?? "";
  return first === "" || first.startsWith("zh") ? "zh-CN" : "en";
}
