/** The words of what is opened now and then: a catalogue of their own, because they come with their pages only. */
import words from "../catalogue/more.json";
import { filled, locale, type Slots } from "../words";

type MoreSentence = keyof (typeof words)["zh-CN"];

export function more(sentence: MoreSentence, slots: Slots = {}): string {
  return filled(words[locale()][sentence], slots);
}
