/**
 * The language a reader chose: kept in this browser, and followed by its other pages.
 *
 * Before anybody chose, it is the one the page around asks for, else the browser's.
 */
import type { Locale } from "@mashang/protocol";
import { localeFor } from "../words";
import { Drawer } from "./secrets";

const KEPT = "mashang:lang";
const drawer = new Drawer(() => localStorage);

export function chosenLanguage(around: string | null): Locale {
  const chosen = drawer.get(KEPT) ?? around;
  return localeFor(chosen ? [chosen] : navigator.languages);
}

export function keepLanguage(locale: Locale): void {
  drawer.set(KEPT, locale);
}

/** Hears of a choice made in another page of this browser. */
export function onLanguage(hear: (locale: Locale) => void): void {
  addEventListener("storage", ({ key, newValue }) => {
    if (key === KEPT && newValue) hear(localeFor([newValue]));
  });
}
