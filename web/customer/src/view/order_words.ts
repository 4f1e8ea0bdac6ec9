/** The words of an order's card: a catalogue of their own, because they come with it only. */
import words from "../catalogue/order.json";
import { filled, locale, type Slots } from "../words";
import { dayOf, sameDay, timeOf } from "./moments";

type OrderSentence = keyof (typeof words)["zh-CN"];

export function word(sentence: OrderSentence, slots: Slots = {}): string {
  return filled(words[locale()][sentence], slots);
}

/** `kind.name`, a machine word of the shop, in the reader's language; one we do not know as it is. */
export function wordOf(named: string): string {
  const all: Record<string, string> = words[locale()];
  return all[named] ?? named.slice(named.indexOf(".") + 1);
}

/** The time, and the day unless it is today. */
export function whenOf(iso: string, now = new Date().toISOString()): string {
  return sameDay(iso, now) ? timeOf(iso) : `${dayOf(iso)} ${timeOf(iso)}`;
}

export function money({ amount, currency }: { amount: string; currency: string }): string {
  return new Intl.NumberFormat(locale(), { style: "currency", currency }).format(Number(amount));
}
