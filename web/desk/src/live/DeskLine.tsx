/**
 * Opens the desk's socket while somebody is signed in, and lends it to every component.
 *
 * Does not: decide who is signed in, or draw the state of the line (ConnectionBanner does).
 */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { useWords } from "../words/words";
import { draftsOf } from "../work/drafts";
import { restoreColumns } from "../work/sideBySide";
import { monotonic } from "./clock";
import { Desk } from "./desk";
import { Store, useStore } from "./store";

const Line = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(Line);
  if (!desk) throw new Error("useDesk is only for pages behind the sign-in");
  return desk;
}

export function DeskLine({ me, children }: { me: string; children: ReactNode }) {
  const cache = useQueryClient();
  const [desk] = useState(() => {
    draftsOf(me);
    restoreColumns();
    return new Desk(cache, me);
  });
  const { locale } = useWords();
  // Another language: what the server words (topics, visitors' names) is greeted for and loaded anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the greeting names the language
  useEffect(() => {
    desk.start();
    return () => desk.stop();
  }, [desk, locale]);
  return <Line.Provider value={desk}>{children}</Line.Provider>;
}

const ticking = new Store(monotonic());
setInterval(() => ticking.set(monotonic()), 1000);

/** Monotonic milliseconds, told anew every second: for what lasts so and so long. */
export const useTick = (): number => useStore(ticking);

/** The server's time, told anew every second. */
export function useNow(): number {
  const desk = useDesk();
  return useTick() + useStore(desk.skew);
}
