/**
 * A timeline as it is drawn: days, what was said, what happened, and what is still on its way.
 */
import type { Entry } from "@mashang/protocol";
import type { Unsent } from "./state";

export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "divider"; key: string }
  | { kind: "event"; key: string; entry: Entry }
  | {
      kind: "said";
      key: string;
      entry: Entry;
      mine: boolean;
      opens: boolean;
      mark: "read" | "delivered" | null;
    }
  | { kind: "unsent"; key: string; message: Unsent };

const SAME_RUN_MS = 3 * 60_000;

export function rowsOf(entries: Entry[], unsent: Unsent[], divider: number | null, staffRead: number): Row[] {
  const marks = marksOf(entries, staffRead, unsent.length > 0);
  const rows: Row[] = [];
  let before: Entry | undefined;
  let divided = divider === null;
  for (const entry of entries) {
    const newDay = !before || dayKey(before.at) !== dayKey(entry.at);
    if (newDay) rows.push({ kind: "day", key: `day-${dayKey(entry.at)}-${entry.seq}`, at: entry.at });
    const dividesHere = !divided && entry.seq > (divider ?? 0) && entry.author.kind === "agent";
    if (dividesHere) {
      divided = true;
      rows.push({ kind: "divider", key: "divider" });
    }
    rows.push(rowOf(entry, newDay || dividesHere ? undefined : before, marks.get(entry.seq) ?? null));
    before = entry;
  }
  for (const message of unsent) rows.push({ kind: "unsent", key: message.client_id, message });
  return rows;
}

function rowOf(entry: Entry, before: Entry | undefined, mark: "read" | "delivered" | null): Row {
  if (entry.kind === "event") return { kind: "event", key: `${entry.seq}`, entry };
  const mine = entry.author.kind === "customer";
  const key = (mine && entry.client_id) || `${entry.seq}`;
  return { kind: "said", key, entry, mine, opens: !continues(before, entry), mark };
}

/** The same person goes on speaking. */
function continues(before: Entry | undefined, entry: Entry): boolean {
  return (
    before !== undefined &&
    before.kind !== "event" &&
    before.author.kind === entry.author.kind &&
    before.author.name === entry.author.name &&
    Date.parse(entry.at) - Date.parse(before.at) < SAME_RUN_MS
  );
}

/** One mark on the last message staff have read, one on the last they have not. */
function marksOf(entries: Entry[], staffRead: number, more: boolean): Map<number, "read" | "delivered"> {
  const mine = entries.filter((entry) => entry.author.kind === "customer" && entry.kind !== "event");
  const marks = new Map<number, "read" | "delivered">();
  const read = mine.filter((entry) => entry.seq <= staffRead);
  const lastRead = read[read.length - 1];
  const last = mine[mine.length - 1];
  if (lastRead) marks.set(lastRead.seq, "read");
  if (last && last.seq > staffRead && !more) marks.set(last.seq, "delivered");
  return marks;
}

function dayKey(iso: string): string {
  return new Date(iso).toDateString();
}
