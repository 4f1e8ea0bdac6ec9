/**
 * How far this browser has read along one conversation, so that nothing is shown twice, left out or out of order.
 *
 * Numbers grow but are not dense for a customer (internal notes share the timeline). Each entry therefore names
 * `prev`, the number before it that this reader may see. An entry whose `prev` lies beyond what we hold proves
 * that something is missing: it is held back until the server has sent what lies between.
 */
import type { Entry } from "./wire";

export class Position {
  private held = new Map<number, Entry>();
  /** True from asking the server for what is missing until it says that everything was sent. */
  asking = false;

  constructor(public last: number) {}

  get gap(): boolean {
    return this.held.size > 0;
  }

  /** The entries that may be shown now, in order: none when this one is known already or comes too early. */
  take(entry: Entry): Entry[] {
    if (entry.seq <= this.last) return [];
    this.held.set(entry.seq, entry);
    return this.release((held) => held.prev <= this.last);
  }

  /** The server has sent everything up to `head`. */
  caughtUp(head: number): Entry[] {
    this.asking = false;
    const shown = this.release((held) => held.seq <= head || held.prev <= this.last);
    this.last = Math.max(this.last, head);
    return [...shown, ...this.release((held) => held.prev <= this.last)];
  }

  /** Everything up to `last` was fetched in another way. */
  moveTo(last: number): void {
    this.last = Math.max(this.last, last);
    for (const seq of this.held.keys()) if (seq <= this.last) this.held.delete(seq);
  }

  private release(ripe: (entry: Entry) => boolean): Entry[] {
    const shown: Entry[] = [];
    for (const entry of [...this.held.values()].sort((a, b) => a.seq - b.seq)) {
      if (!ripe(entry)) break;
      this.held.delete(entry.seq);
      this.last = entry.seq;
      shown.push(entry);
    }
    return shown;
  }
}
