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
      /** Under what the assistant wrote: the customer's next words, which leave nothing more to choose there. */
      answer: string | null;
    }
  | { kind: "unsent"; key: string; message: Unsent };

const SAME_RUN_MS = 3 * 60_000;

export function rowsOf(entries: Entry[], unsent: Unsent[], divider: number | null, staffRead: number): Row[] {
  const marks = marksOf(entries, staffRead, unsent.length > 0);
  const answers = answersTo(entries, unsent);
  const rows: Row[] = [];
  let before: Entry | undefined;
  let divided = divider === null;
  for (const entry of entries) {
    const newDay = !before || dayKey(before.at) !== dayKey(entry.at);
    if (newDay) rows.push({ kind: "day", key: `day-${dayKey(entry.at)}-${entry.seq}`, at: entry.at });
    const isFirstNew = !divided && entry.seq > (divider ?? 0) && isOurs(entry);
    const dividesHere = isFirstNew && rows.some(({ kind }) => kind === "said"); // a greeting is set apart from nothing
    if (isFirstNew) divided = true;
    if (dividesHere) rows.push({ kind: "divider", key: "divider" });
    const row = rowOf(entry, newDay || dividesHere ? undefined : before);
    const { seq } = entry;
    rows.push({
      ...row,
      ...(row.kind === "said" && { mark: marks.get(seq) ?? null, answer: answers.get(seq) ?? null }),
    });
    before = entry;
  }
  for (const message of unsent) rows.push({ kind: "unsent", key: message.client_id, message });
  return rows;
}

function rowOf(entry: Entry, before: Entry | undefined): Row {
  if (entry.kind === "event") return { kind: "event", key: `${entry.seq}`, entry };
  const mine = entry.author.kind === "customer";
  const key = (mine && entry.client_id) || `${entry.seq}`;
  return { kind: "said", key, entry, mine, opens: !continues(before, entry), mark: null, answer: null };
}

/** Words of staff, or of the assistant. */
function isOurs({ author, kind }: Entry): boolean {
  return author.kind === "agent" || (author.kind === "assistant" && kind !== "event");
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

/**
 * By number, what the customer said next after each entry of the assistant that offers something; also what is on its way.
 * A question that was followed by another without a word, as after a proof, was answered by that: it rests, too.
 */
function answersTo(entries: Entry[], unsent: Unsent[]): Map<number, string> {
  const answers = new Map<number, string>();
  let next = unsent.find((message) => message.state !== "failed" && !message.withdrawn)?.text ?? null;
  let asked = false;
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i] as Entry;
    if (entry.author.kind === "customer" && entry.kind !== "event") next = entry.text ?? "";
    else if (entry.assistant) {
      const asks = entry.assistant.kind === "ask";
      if (next !== null || (asks && asked)) answers.set(entry.seq, next ?? "");
      asked = asked || asks;
    }
  }
  return answers;
}

function dayKey(iso: string): string {
  return new Date(iso).toDateString();
}
