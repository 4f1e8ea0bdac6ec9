/** The words around what is suggested: a catalogue of their own, because they come with it only. */
import words from "../catalogue/suggest.json";
import { locale } from "../words";

export function suggesting(sentence: keyof (typeof words)["zh-CN"]): string {
  return words[locale()][sentence];
}
