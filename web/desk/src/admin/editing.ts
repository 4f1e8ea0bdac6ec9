import { useState } from "react";

export interface Editing<T> {
  open: boolean;
  row: T | undefined;
  /** Counts the openings: each has a form of its own, even when one follows the other at once. */
  opening: number;
  start(row?: T): void;
  close(): void;
}

/** Which row is open in the drawer, if any. */
export function useEditing<T>(): Editing<T> {
  const [state, setState] = useState<{ open: boolean; row: T | undefined; opening: number }>({
    open: false,
    row: undefined,
    opening: 0,
  });
  return {
    ...state,
    start: (row) => setState(({ opening }) => ({ open: true, row, opening: opening + 1 })),
    close: () => setState((now) => ({ ...now, open: false })),
  };
}
