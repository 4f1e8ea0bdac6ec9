/**
 * Going to one entry of a timeline, named by `?at=` in the address: older entries are loaded until it is there, then
 * it is scrolled to the middle, marked, and has the focus, so that readers hear it.
 */
import type { Entry } from "@mashang/protocol";
import { type RefObject, useEffect, useRef } from "react";
import { useSearch } from "wouter";

interface Jump {
  wanted: number;
  box: RefObject<HTMLElement | null>;
  entries: Entry[];
  /** Loads older ones; absent when there are none, or while some come. */
  older: (() => void) | undefined;
}

/** The number asked for, 0 for none. */
export function useWanted(current: boolean): number {
  const search = useSearch();
  return current ? Number(new URLSearchParams(search).get("at")) || 0 : 0;
}

export function useJump({ wanted, box, entries, older }: Jump): void {
  const gone = useRef(0);
  const first = entries[0]?.seq ?? 0;
  useEffect(() => {
    if (!wanted || gone.current === wanted || !first) return;
    if (first > wanted) {
      older?.();
      return;
    }
    const element = box.current?.querySelector<HTMLElement>(`[data-seq="${wanted}"]`);
    gone.current = wanted;
    element?.scrollIntoView({ block: "center" });
    element?.focus({ preventScroll: true });
  }, [wanted, first, older, box]);
}
