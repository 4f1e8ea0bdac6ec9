/**
 * Which parts of the panel somebody folded or opened: kept in their browser, for every conversation.
 */
import { Store } from "../../live/store";

const KEPT = "mashang.context.folds";

function kept(): Record<string, boolean> {
  try {
    const held: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return held && typeof held === "object" ? (held as Record<string, boolean>) : {};
  } catch {
    return {};
  }
}

/** By the part's name: is it open? A part nobody touched is as the page wishes. */
export const folds = new Store(kept());
folds.subscribe(() => localStorage.setItem(KEPT, JSON.stringify(folds.get())));

export const fold = (part: string, open: boolean): void =>
  folds.change((held) => ({ ...held, [part]: open }));
