/**
 * The desk's sentences in Chinese and English, and the one the reader chose.
 *
 * Every text a person can see comes from zh-CN.json or en.json through `t`; a test finds what does not. The
 * server is asked to answer refusals in the same language.
 *
 * Does not: word times and amounts (telling.ts), or Ant Design's own texts (Look.tsx).
 */
import type { Locale } from "@mashang/protocol";
import { setApart } from "@mashang/protocol/direction";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useState,
} from "react";
import en from "./en.json";
import zh from "./zh-CN.json";

export type { Locale };
export type WordKey = keyof typeof zh;
export type Slots = Record<string, string | number>;
export type Tell = (key: WordKey, slots?: Slots) => string;

const KEPT = "mashang.locale";
const CATALOGUES: Record<Locale, Record<WordKey, string>> = { "zh-CN": zh, en };

/** The sentence with its `{slots}` filled. */
export function tell(locale: Locale, key: WordKey, slots: Slots = {}): string {
  return CATALOGUES[locale][key].replace(/\{(\w+)\}/g, (slot, name: string) =>
    setApart(String(slots[name] ?? slot)),
  );
}

export function isWord(key: string): key is WordKey {
  return Object.hasOwn(zh, key);
}

/** What the browser asks for, before anybody chose: Chinese unless it prefers English to it. */
function firstLocale(): Locale {
  const kept = localStorage.getItem(KEPT);
  if (kept === "zh-CN" || kept === "en") return kept;
  const wished = navigator.languages.find((language) => /^(zh|en)\b/i.test(language));
  return wished?.toLowerCase().startsWith("en") ? "en" : "zh-CN";
}

let spoken: Locale = "zh-CN";
/** The chosen language, for what is not drawn by React (requests, the socket's greeting). */
export const spokenLocale = (): Locale => spoken;

interface Speech {
  locale: Locale;
  t: Tell;
  speak(locale: Locale): void;
}

const Speaking = createContext<Speech>({ locale: "zh-CN", t: (key) => key, speak: () => {} });
export const useWords = () => useContext(Speaking);

export function Words({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useState(firstLocale);
  spoken = locale;
  useLayoutEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  const speak = useCallback((next: Locale) => {
    localStorage.setItem(KEPT, next);
    setLocale(next);
  }, []);
  useEffect(() => {
    // Chosen in another window of this browser: here too, without losing what is being done.
    const follow = (event: StorageEvent) => event.key === KEPT && setLocale(firstLocale());
    addEventListener("storage", follow);
    return () => removeEventListener("storage", follow);
  }, []);
  const speech = useMemo<Speech>(
    () => ({ locale, speak, t: (key, slots) => tell(locale, key, slots) }),
    [locale, speak],
  );
  return <Speaking.Provider value={speech}>{children}</Speaking.Provider>;
}
