import { useSyncExternalStore } from "react";
import { WIDTH } from "./tokens";

export type Width = "phone" | "middle" | "wide";

const phone = matchMedia(`(max-width: ${WIDTH.phone - 1}px)`);
const wide = matchMedia(`(min-width: ${WIDTH.context}px)`);
const two = matchMedia(`(min-width: ${WIDTH.two}px)`);
const three = matchMedia(`(min-width: ${WIDTH.three}px)`);
const queries = [phone, wide, two, three];

function subscribe(hear: () => void): () => void {
  for (const query of queries) query.addEventListener("change", hear);
  return () => {
    for (const query of queries) query.removeEventListener("change", hear);
  };
}

const read = (): Width => (phone.matches ? "phone" : wide.matches ? "wide" : "middle");

/** Which of the three layouts fits the window. */
export const useWidth = (): Width => useSyncExternalStore(subscribe, read);

/** How many conversations fit beside each other. */
export const useRoom = (): number =>
  useSyncExternalStore(subscribe, () => (three.matches ? 3 : two.matches ? 2 : 1));
