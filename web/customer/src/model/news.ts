/**
 * What those who listen are told of a timeline: each thing once, as it comes.
 *
 * Not what was there when the page was opened, nor older entries that are fetched above, nor one's own words.
 */
import type { Entry } from "@mashang/protocol";

/** More than that at once (a page that was away catches up) is a number, not a recital. */
export const MOST_READ_OUT = 3;

/** Entries behind number `since` that somebody else wrote or that happened, in order. */
export function newsIn(entries: Entry[], since: number): Entry[] {
  return entries.filter((entry) => entry.seq > since && entry.author.kind !== "customer");
}
