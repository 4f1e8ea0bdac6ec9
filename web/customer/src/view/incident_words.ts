/** The words of the incident banner: a catalogue of their own, because they come with it only. */
import words from "../catalogue/incidents.json";
import { filled, locale, type Slots } from "../words";

export function announcing(sentence: keyof (typeof words)["zh-CN"], slots: Slots = {}): string {
  return filled(words[locale()][sentence], slots);
}
