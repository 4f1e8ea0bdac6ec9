import { useSyncExternalStore } from "react";
import { WIDTH } from "./tokens";

export type Width = "phone" | "middle" | "wide";

const phone = matchMedia(`(max-width: ${WIDTH.phone - 1}px)`);
const wide = matchMedia(`(min-width: ${WIDTH.context}px)`);

function subscribe(hear: () => void): () => void {
  for (const query of [phone, wide]) query.addEventListener("change", hear);
  return () => {
    for (const query of [phone, wide]) query.removeEventListener("change", hear);
  };
}

const read = (): Width => (phone.matches ? "phone" : wide.matches ? "wide" : "middle");

/** Which of the three layouts fits the window. */
export const useWidth = (): Width => useSyncExternalStore(subscribe, read);
