/**
 * How far something of an order has come, as a coloured word.
 */
import { wordFor } from "../../frame/told";
import { useWords, type WordKey } from "../../words/words";
import css from "./OrderCard.module.css";

export type Tone = "good" | "warn" | "bad" | "plain";

const TONES: Record<string, Tone> = {
  paid: "good",
  delivered: "good",
  issued: "good",
  pending_payment: "warn",
  pending: "warn",
  waiting: "warn",
  partly_delivered: "warn",
  delivering: "good",
  returning: "warn",
  returned: "warn",
  problem: "bad",
  failed: "bad",
};

export function Standing({ state, text }: { state: string; text: string }) {
  return (
    <span className={css.standing} data-tone={TONES[state] ?? "plain"}>
      {text}
    </span>
  );
}

/** A machine word of the shop in the reader's language, for a kind of product its own; unknown ones as they are. */
export function useTold() {
  const { t } = useWords();
  return (prefix: string, name: string, kind?: string) => {
    const word: WordKey | undefined =
      (kind && wordFor(`${prefix}.${kind}`, name, undefined)) || wordFor(prefix, name, undefined);
    return word ? t(word) : name;
  };
}
