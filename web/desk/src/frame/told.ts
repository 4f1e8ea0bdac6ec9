/**
 * Machine words of the server and the sentences that stand for them.
 *
 * Does not: word refusals; those come from the server already in the reader's language.
 */
import { isWord, type WordKey } from "../words/words";

/** `prefix.name` when the catalogue has it, else the fallback: the server may learn new names first. */
export function wordFor<F extends WordKey | undefined>(
  prefix: string,
  name: string,
  fallback: F,
): WordKey | F {
  const key = `${prefix}.${name}`;
  return isWord(key) ? key : fallback;
}

/** Why a shop's answer is not there. */
export const shopReason = (reason: string) => wordFor("shop.reason", reason, "shop.reason.other");

/** An offer one answered oneself is gone without a word. */
export const offerGoneWord = (reason: string) => wordFor("offer_gone", reason, undefined);
