/**
 * The customer's conversations: opening, reading, following and ending them.
 *
 * The list and the timelines are a cache of the server's. Live frames change it; after a long absence, or whenever
 * the line says so, the newest entries are fetched again.
 */
import type {
  CustomerConversation,
  CustomerFrameIn,
  Entry,
  OpenConversation,
  StateFrame,
} from "@mashang/protocol";
import type { Live } from "@mashang/protocol/live";
import { withoutWords } from "@mashang/protocol/recall";
import { type Api, Refused } from "./api";
import type { Outbox } from "./outbox";
import { EMPTY_TALK, merged, newest, type State, type Talk, unreadIn } from "./state";
import type { Store } from "./store";

const PAGE = 50;
const BEYOND_ANY = 2_000_000_000;
const TYPING_LASTS_MS = 6_000;

export class Talks {
  private typing = new Map<string, ReturnType<typeof setTimeout>>();
  private readTo = new Map<string, number>();
  /** What was taken back here, for going on with it: kept by this page alone. */
  private words = new Map<string, string>();

  constructor(
    private readonly store: Store<State>,
    private readonly api: Api,
    private readonly live: Live<CustomerFrameIn>,
    private readonly outbox: Outbox,
  ) {}

  conversation(id: string): CustomerConversation | undefined {
    return this.store.state.conversations.find((one) => one.id === id);
  }

  clear(): void {
    this.readTo.clear();
    this.words.clear();
    this.store.patch({ conversations: [], talks: {}, shown: null });
  }

  /** Follow every open conversation, so that an answer is noticed wherever the customer is. */
  followOpen(): void {
    for (const one of this.store.state.conversations) if (one.status !== "closed") void this.load(one.id);
  }

  async open(request: OpenConversation): Promise<CustomerConversation> {
    try {
      const opened = await this.api.open(request);
      this.put(opened);
      void this.load(opened.id);
      return opened;
    } catch (error) {
      if (error instanceof Refused && error.code === "too_many_open") await this.refresh();
      throw error;
    }
  }

  /** Those opened elsewhere too: the refusal speaks of them. */
  private async refresh(): Promise<void> {
    const coming = await this.api.conversations().catch(() => null);
    if (!coming) return;
    this.store.patch({ conversations: newest(this.store.state.conversations, coming) });
    this.followOpen();
  }

  async end(id: string): Promise<void> {
    this.put(await this.api.close(id));
  }

  /** Waits no longer, and is answered all the same. */
  async leaveMessage(id: string): Promise<void> {
    this.put(await this.api.leaveMessage(id));
  }

  async comeBack(id: string): Promise<void> {
    this.put(await this.api.comeBack(id));
  }

  async resume(id: string): Promise<void> {
    this.put(await this.api.reopen(id));
    this.outbox.retryAll(id); // what the end had refused was meant to be said
    void this.load(id);
  }

  /** Nobody reads it any more; its words stay here for who wants to say it better. */
  async recall(id: string, seq: number): Promise<void> {
    const text = this.talk(id).entries.find((entry) => entry.seq === seq)?.text ?? "";
    this.words.set(`${id} ${seq}`, text); // before the line tells of it, which may be sooner than the answer
    await this.api.recall(id, seq);
    const { entries } = this.talk(id);
    this.patch(id, {
      entries: entries.map((entry) =>
        entry.seq === seq && entry.text !== undefined ? withoutWords(entry) : entry,
      ),
    });
  }

  takenBack(id: string, seq: number): string | undefined {
    return this.words.get(`${id} ${seq}`);
  }

  put(conversation: CustomerConversation): void {
    const others = this.store.state.conversations.filter((one) => one.id !== conversation.id);
    const list = [conversation, ...others].sort((a, b) => b.opened_at.localeCompare(a.opened_at));
    this.store.patch({ conversations: list });
  }

  /** The newest entries over HTTP, then what comes over the line. */
  async load(id: string): Promise<void> {
    if (this.talk(id).loading === "first") return;
    if (this.live.watches(id) && this.talk(id).entries.length > 0) return;
    await this.fetchNewest(id);
  }

  async reload(id: string): Promise<void> {
    await this.fetchNewest(id);
  }

  async loadOlder(id: string): Promise<void> {
    const talk = this.talk(id);
    const first = talk.entries[0];
    if (talk.loading || !talk.more || !first) return;
    this.patch(id, { loading: "older" });
    try {
      const page = await this.api.entriesBefore(id, first.seq, PAGE);
      this.patch(id, { entries: merged(page.entries, this.talk(id).entries), more: page.more });
    } finally {
      this.patch(id, { loading: null });
    }
  }

  /** Back on the start page or folded away: what is closed needs no line. */
  leave(id: string): void {
    this.patch(id, { divider: null });
    if (this.conversation(id)?.status === "closed") this.live.unwatch(id);
  }

  /** The customer has seen everything up to here. */
  seen(id: string): void {
    const entries = this.talk(id).entries;
    const last = entries[entries.length - 1]?.seq ?? 0;
    const conversation = this.conversation(id);
    if (!conversation || last <= Math.max(conversation.read, this.readTo.get(id) ?? 0)) return;
    if (this.store.state.line !== "open") return;
    this.readTo.set(id, last);
    this.live.read(id, last);
    this.put({ ...conversation, read: last, unread: 0 });
  }

  private heardEntry(id: string, entry: Entry): void {
    const masked = this.outbox.arrived(entry);
    const talk = this.talk(id);
    const change: Partial<Talk> = { entries: merged(talk.entries, [entry]) };
    if (masked) change.masked = [...talk.masked, entry.seq];
    if (entry.author.kind === "agent") {
      this.stopTyping(id);
      change.typing = null;
    }
    this.patch(id, change);
  }

  heard(frame: CustomerFrameIn): void {
    switch (frame.t) {
      case "entry":
        return this.heardEntry(frame.conversation, frame.entry);
      case "reload":
        void this.reload(frame.conversation);
        return;
      case "welcome":
        return this.store.patch({ ahead: Date.parse(frame.now) - Date.now() });
      case "ack":
        return this.acknowledged(frame);
      case "refused":
        if (frame.client_id) this.outbox.refused(frame.client_id, frame.message);
        else this.store.patch({ notice: { kind: "problem", text: frame.message } });
        return;
      case "state":
        return this.stateIs(frame);
      case "typing":
        if (frame.who === "agent") this.startTyping(frame.conversation, frame.name ?? null);
        return;
      case "context":
        return this.store.patch({ told: frame });
      case "read":
        return this.readBy(frame.conversation, frame.who, frame.seq);
      case "incidents":
        return this.store.patch({ incidents: frame.incidents });
    }
  }

  private acknowledged(frame: CustomerFrameIn & { t: "ack" }): void {
    const settled = this.outbox.acknowledged(frame);
    if (!settled) return;
    const talk = this.talk(frame.conversation);
    const known = talk.entries.some((entry) => entry.seq === frame.seq);
    this.patch(frame.conversation, {
      entries: known ? talk.entries : merged(talk.entries, [settled.entry]),
      masked: settled.masked ? [...talk.masked, frame.seq] : talk.masked,
    });
  }

  private stateIs(frame: StateFrame): void {
    const held = this.conversation(frame.conversation);
    if (!held) return;
    const { agent: _agent, waiting: _waiting, closed_at, ...kept } = held;
    this.put({
      ...kept,
      status: frame.status,
      agent: frame.agent ?? null,
      waiting: frame.waiting ?? null,
      place_until: frame.place_until ?? null,
      topic: frame.topic ?? null,
      department: frame.department,
      read: Math.max(held.read, frame.read.customer),
      staff_read: Math.max(held.staff_read, frame.read.staff),
      closed_at: frame.status === "closed" ? (closed_at ?? new Date().toISOString()) : null,
    });
  }

  private readBy(id: string, who: "customer" | "staff", seq: number): void {
    const held = this.conversation(id);
    if (!held) return;
    if (who === "staff") this.put({ ...held, staff_read: Math.max(held.staff_read, seq) });
    else this.put({ ...held, read: Math.max(held.read, seq), unread: 0 });
  }

  private async fetchNewest(id: string): Promise<void> {
    const conversation = this.conversation(id);
    this.patch(id, { loading: "first", failed: false });
    try {
      const page = await this.api.entriesBefore(id, BEYOND_ANY, PAGE);
      for (const entry of page.entries) this.outbox.arrived(entry); // stored, and its acknowledgement was lost
      const talk = this.talk(id);
      const unread = conversation ? unreadIn(conversation, { ...talk, entries: page.entries }) : 0;
      const fresh = talk.entries.length === 0 && unread > 0;
      const since = page.entries[0]?.seq ?? 0;
      this.patch(id, {
        entries: merged(
          page.entries,
          talk.entries.filter((entry) => entry.seq >= since),
        ), // some came meanwhile
        more: page.more,
        loading: null,
        divider: fresh ? (conversation?.read ?? null) : talk.divider,
      });
      this.live.watch(id, page.entries[page.entries.length - 1]?.seq ?? 0);
    } catch {
      this.patch(id, { loading: null, failed: true });
    }
  }

  private startTyping(id: string, name: string | null): void {
    this.stopTyping(id);
    this.patch(id, { typing: { name } });
    this.typing.set(
      id,
      setTimeout(() => this.patch(id, { typing: null }), TYPING_LASTS_MS),
    );
  }

  private stopTyping(id: string): void {
    clearTimeout(this.typing.get(id));
    this.typing.delete(id);
  }

  private talk(id: string): Talk {
    return this.store.state.talks[id] ?? EMPTY_TALK;
  }

  private patch(id: string, change: Partial<Talk>): void {
    this.store.patch({ talks: { ...this.store.state.talks, [id]: { ...this.talk(id), ...change } } });
  }
}
