/**
 * What was taken back: an event `recall` names the number, and the entry there keeps its number and loses its words.
 *
 * A page may hold the words, or get them from a page that was read before: whatever it holds together, this is applied
 * to all of it, so the order in which things came does not matter.
 */
import type { Entry } from "./wire";

/** The event that stands where the words were. */
export const GONE = "recalled";
/** The event that tells of it; it shows nothing by itself. */
export const TOLD = "recall";
/** As the server counts, less what a request takes. */
export const RECALLED_WITHIN_MS = 2 * 60_000 - 2_000;

export function withRecalls(entries: Entry[]): Entry[] {
  const gone = new Set<unknown>();
  for (const { event } of entries) if (event?.name === TOLD) gone.add(event.seq);
  const holds = (entry: Entry) => gone.has(entry.seq) && entry.kind !== "event";
  return gone.size > 0 && entries.some(holds)
    ? entries.map((entry) => (holds(entry) ? withoutWords(entry) : entry))
    : entries;
}

export function withoutWords(entry: Entry): Entry {
  const { text: _text, file: _file, card: _card, mentions: _mentions, ...kept } = entry;
  return { ...kept, kind: "event", event: { name: GONE, by: entry.author.kind } };
}
