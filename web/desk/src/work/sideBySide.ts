/**
 * Which conversations stand side by side: those one keeps, in the order they were kept, and the one that changes.
 *
 * Opening a conversation fills the one free column at the right; keeping it makes room for another. The address names
 * the one that has the keyboard. A narrower window shows fewer of them and offers the others as tabs. They survive a
 * reload of the page in this tab's storage.
 *
 * Does not: hold anything of a conversation. Drafts, files and unsent messages stay with it, whether it is shown or not.
 */
import { Store } from "../live/store";

export interface Columns {
  kept: string[];
  free?: string | undefined;
  /** The one that had the keyboard last. */
  at?: string | undefined;
}

/** With the free one, as many as the widest desk shows. */
const KEPT_MOST = 2;
const STORED = "mashang.columns";

export const idsOf = ({ kept, free }: Columns): string[] => (free ? [...kept, free] : kept);

/** Opened from anywhere; the same object when nothing moved. */
export function opened(columns: Columns, id: string): Columns {
  const is = idsOf(columns).includes(id);
  if (is && columns.at === id) return columns;
  return { ...columns, ...(is ? {} : { free: id }), at: id };
}

/** Nothing is asked for: what one keeps stays, the free one goes. */
export function withoutFree(columns: Columns): Columns {
  const { kept, free, at } = columns;
  const stays = at !== undefined && kept.includes(at) ? at : kept[0];
  return !free && stays === at ? columns : { kept, at: stays };
}

/** The free one stays from now on; a kept one becomes the free one again, where there is none. */
export function toggled(columns: Columns, id: string): Columns {
  const { kept, free, at } = columns;
  if (free === id && kept.length < KEPT_MOST) return { kept: [...kept, id], at };
  if (free || !kept.includes(id)) return columns;
  return { kept: kept.filter((one) => one !== id), free: id, at };
}

/** Its neighbour has the keyboard then. */
export function closed(columns: Columns, id: string): Columns {
  const all = idsOf(columns);
  const place = all.indexOf(id);
  const next = columns.at === id ? (all[place - 1] ?? all[place + 1]) : columns.at;
  return {
    kept: columns.kept.filter((one) => one !== id),
    free: columns.free === id ? undefined : columns.free,
    at: next,
  };
}

/** What is in sight where there is room for so many: always the one that has the keyboard. */
export function inSight(columns: Columns, room: number): string[] {
  const all = idsOf(columns);
  const at = Math.max(0, all.indexOf(columns.at ?? ""));
  const start = Math.min(Math.max(0, at - room + 1), Math.max(0, all.length - room));
  return all.slice(start, start + room);
}

export const columns = new Store<Columns>({ kept: [] });
columns.subscribe(() => sessionStorage.setItem(STORED, JSON.stringify(columns.get())));

/** As this tab left them; called when it is known who is here. */
export function restoreColumns(): void {
  columns.set(JSON.parse(sessionStorage.getItem(STORED) ?? '{"kept":[]}') as Columns);
}

export const keepOrFree = (id: string): void => columns.change((held) => toggled(held, id));
