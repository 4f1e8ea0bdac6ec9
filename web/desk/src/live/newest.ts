/**
 * An answer that was asked for early and came late must not undo what is already known.
 *
 * Every change of a conversation adds an entry to its timeline, so the number of its last entry tells which of two
 * states is the newer one.
 */
import { replaceEqualDeep } from "@tanstack/react-query";

/** For TanStack's `structuralSharing`: of one conversation the newer state; of the same state the later answer. */
export function newestOf(held: unknown, coming: unknown): unknown {
  return isOlder(coming as Aged | undefined, held as Aged | undefined)
    ? held
    : replaceEqualDeep(held, coming);
}

interface Aged {
  id: string;
  head: number;
}

export const isOlder = (one: Aged | undefined, than: Aged | undefined): boolean =>
  one !== undefined && than !== undefined && one.id === than.id && one.head < than.head;
