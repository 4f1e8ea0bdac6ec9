/** The words of what stands below the assistant's: a catalogue of their own, because they come with it only. */
import words from "../catalogue/assistant.json";
import { filled, locale, type Slots } from "../words";

export function assisting(sentence: keyof (typeof words)["zh-CN"], slots: Slots = {}): string {
  return filled(words[locale()][sentence], slots);
}
