/**
 * The entries of one conversation as this page holds them: in order, each once, growing at both ends.
 *
 * Does not: notice gaps (the socket does, before an entry gets here), or hold what is not acknowledged yet
 * (outbox.ts).
 */
import type { Entry } from "@mashang/protocol";
import { withRecalls } from "@mashang/protocol/recall";

export interface Timeline {
  entries: Entry[];
  /** Whether older entries exist than the first one held. */
  more: boolean;
}

export const lastSeq = (timeline: Timeline | undefined): number => timeline?.entries.at(-1)?.seq ?? 0;

/** Both together, by number; where both hold a number the later word counts, and what was taken back is gone. */
export function joined(held: Entry[], coming: Entry[]): Entry[] {
  return withRecalls(together(held, coming));
}

function together(held: Entry[], coming: Entry[]): Entry[] {
  const first = coming[0];
  if (!first) return held;
  if (first.seq > (held.at(-1)?.seq ?? 0)) return [...held, ...coming];
  const bySeq = new Map([...held, ...coming].map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((one, other) => one.seq - other.seq);
}

export function withOlder(timeline: Timeline, page: { entries: Entry[]; more: boolean }): Timeline {
  return { entries: joined(timeline.entries, page.entries), more: page.more };
}
