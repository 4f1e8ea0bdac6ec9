/**
 * How the lists take in one frame of changed conversations.
 *
 * The server sends each changed row once; which lists it belongs to and where it stands follows from the row:
 * waiting in the order of the queue, mine and the assistant's by the newest activity, the others by the newest opening. A list that is
 * loaded in pages takes a row only where it can know its place.
 *
 * Does not: fetch; after a lost line the lists are simply loaded again.
 */
import type { ListName, Row, RowPage } from "../server/shapes";
import { isOlder } from "./newest";

export interface RowPages {
  pages: RowPage[];
  pageParams: unknown[];
}

export interface RowChange {
  rows: Row[];
  gone: string[];
}

const time = (at: string | null | undefined) => (at ? Date.parse(at) : 0);

const returns = (row: Row) => (row.snoozed_until ? Date.parse(row.snoozed_until) : Number.MAX_SAFE_INTEGER);

const newest = (one: Row, other: Row) =>
  time(other.last?.at ?? other.opened_at) - time(one.last?.at ?? one.opened_at);

const ORDER: Record<ListName, (one: Row, other: Row) => number> = {
  waiting: (one, other) => time(one.order_at ?? one.opened_at) - time(other.order_at ?? other.opened_at),
  mine: newest,
  assisted: newest,
  snoozed: (one, other) => returns(one) - returns(other),
  open: (one, other) => time(other.opened_at) - time(one.opened_at),
  closed: (one, other) => time(other.opened_at) - time(one.opened_at),
};

export function belongs(list: ListName, row: Row, me: string): boolean {
  if (list === "waiting" || list === "assisted") return row.status === list;
  if (list === "mine") return row.status !== "closed" && row.agent?.id === me && !row.snoozed;
  if (list === "snoozed") return row.agent?.id === me && Boolean(row.snoozed);
  return (row.status === "closed") === (list === "closed");
}

export const rowsOf = (data: RowPages | undefined): Row[] => data?.pages.flatMap((page) => page.rows) ?? [];

const KEPT_PAGES = 4;

/** What is loaded again of a list somebody has scrolled far down: its beginning; the rest comes as they scroll. */
export const shortened = (data: RowPages | undefined): RowPages | undefined =>
  data && data.pages.length > KEPT_PAGES
    ? { pages: data.pages.slice(0, KEPT_PAGES), pageParams: data.pageParams.slice(0, KEPT_PAGES) }
    : data;

/** The list after the change; the same object when nothing in it moved. */
export function merged(data: RowPages, list: ListName, change: RowChange, me: string): RowPages {
  const known = rowsOf(data);
  const held = new Map(known.map((row) => [row.id, row]));
  const fresh = change.rows.filter((row) => !isOlder(row, held.get(row.id)));
  const touched = new Set([...change.gone, ...fresh.map((row) => row.id)]);
  const kept = known.filter((row) => !touched.has(row.id));
  const incoming = fresh.filter((row) => belongs(list, row, me));
  if (kept.length === known.length && incoming.length === 0) return data;

  const order = ORDER[list];
  const last = known.at(-1);
  const more = Boolean(data.pages.at(-1)?.next);
  const placeable = incoming.filter((row) => !more || !last || order(row, last) <= 0);
  const rows = [...kept, ...placeable].sort(order);
  return { ...data, pages: data.pages.map((page, at) => ({ ...page, rows: at === 0 ? rows : [] })) };
}
