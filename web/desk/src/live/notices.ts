/**
 * What somebody at the desk is told of beside what they see: the words and shapes of a notice, and what of the lists'
 * changes is news.
 *
 * Does not: show or sound anything.
 */
import type { Row } from "../server/shapes";
import { isOlder } from "./newest";
import { belongs } from "./rows";

export interface Notice {
  kind: "masked" | "refused" | "offer_gone" | "transfer_refused" | "mentioned" | "message" | "back";
  text: string;
  /** Of a transfer that was refused: who and whose. */
  names?: { agent: string; customer: string };
  /** Of a note that names me, or a list's news. */
  conversation?: string;
}

type News = Notice & { conversation: string };

/** What is new in mine, of which `known` is held; a list that was just loaded is no news. */
export function messagesIn(rows: Row[], known: Row[], me: string): News[] {
  const unread = new Map(known.map((row) => [row.id, row.unread]));
  return rows
    .filter((row) => row.agent?.id === me && row.unread > (unread.get(row.id) ?? row.unread))
    .map((row) => ({
      kind: "message",
      text: row.last?.preview ?? "",
      names: { agent: "", customer: row.customer.label },
      conversation: row.id,
    }));
}

/** What was put aside and is mine again. */
export function backAmong(rows: Row[], aside: Row[], me: string): News[] {
  return rows
    .filter((row) => belongs("mine", row, me) && aside.some((one) => one.id === row.id && !isOlder(row, one)))
    .map((row) => ({ kind: "back", text: row.customer.label, conversation: row.id }));
}
