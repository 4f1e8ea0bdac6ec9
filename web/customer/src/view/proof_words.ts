/** The words about proof, order and joining: a catalogue of their own, because they come with their pages only. */
import words from "../catalogue/proof.json";
import { filled, locale, type Slots } from "../words";

type ProofSentence = keyof (typeof words)["zh-CN"];

export function told(sentence: ProofSentence, slots: Slots = {}): string {
  return filled(words[locale()][sentence], slots);
}
