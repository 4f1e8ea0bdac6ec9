/** The words around speaking: a catalogue of their own, because they come only where one may speak. */
import words from "../catalogue/voice.json";
import { filled, locale, type Slots } from "../words";

export type VoiceSentence = keyof (typeof words)["zh-CN"];

export function spoken(sentence: VoiceSentence, slots: Slots = {}): string {
  return filled(words[locale()][sentence], slots);
}
