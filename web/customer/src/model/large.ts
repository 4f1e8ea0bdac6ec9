/**
 * Large letters, for whoever reads better so: chosen once, kept in this browser, and followed by its other pages.
 *
 * Their style comes only to those who want it, and before anything is drawn, so that nothing jumps.
 */
import type { App } from "./app";
import { Drawer } from "./secrets";

const KEPT = "mashang:large";
const drawer = new Drawer(() => localStorage);

export const keptLarge = (): boolean => drawer.get(KEPT) === "1";
export const fetchLarge = () => import("../view/large_parts");

/** Tells those who listen; raises where the style cannot be fetched. */
export async function chooseLarge(app: App, large: boolean): Promise<void> {
  const { tell } = await fetchLarge();
  drawer.set(KEPT, large ? "1" : "0");
  app.store.patch({ large });
  tell(large, app.store.state.locale);
}

/** Hears of a choice made in another page of this browser. */
export function onLarge(hear: (large: boolean) => void): void {
  addEventListener("storage", ({ key, newValue }) => {
    if (key === KEPT) fetchLarge().then(() => hear(newValue === "1"));
  });
}
