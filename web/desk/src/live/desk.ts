/**
 * The desk's live side: one socket whose frames are worked into the query cache.
 *
 * Lists, counters and timelines live in TanStack Query, loaded over HTTP; the socket only keeps them current.
 * After a lost line the lists are loaded again with the same code as the first time. What is not the server's
 * state (unsent messages, who types, open offers, whether the line is up) is kept in small stores here.
 *
 * Does not: draw anything. Reading a frame is `hear`; start there.
 */
import type { Audience, Entry } from "@mashang/protocol";
import { Live, type LiveStatus } from "@mashang/protocol/live";
import type { QueryClient } from "@tanstack/react-query";
import { upload } from "../server/http";
import { mentionsKey } from "../server/mentions";
import { filesOf, keys } from "../server/queries";
import type { Conversation, Counters, DeskFrame, ListName, Row, Transferred } from "../server/shapes";
import { spokenLocale } from "../words/words";
import { monotonic, wallClock } from "./clock";
import { Colleagues, type Doing } from "./colleagues";
import { isOlder } from "./newest";
import { backAmong, messagesIn, type Notice } from "./notices";
import { Outbox, type Unsent } from "./outbox";
import { merged, type RowChange, type RowPages, rowsOf, shortened } from "./rows";
import { Store } from "./store";
import { joined, lastSeq, type Timeline } from "./timeline";
import { Trays } from "./trays";

export interface Offer {
  /** The same conversation may be offered twice; an offer told again after a lost line is not a new one. */
  key: string;
  row: Row;
  /** In monotonic milliseconds, as useTick tells them. */
  until: number;
  seconds: number;
  /** When a colleague sent it. */
  transfer?: Transferred | null | undefined;
}

export interface Typist {
  who: "customer" | "agent";
  name: string;
  /** In monotonic milliseconds. */
  until: number;
}

const TYPING_LASTS = 5_000;
const LISTS: ListName[] = ["waiting", "assisted", "mine", "snoozed", "open", "closed"];

type FrameOf<T extends DeskFrame["t"]> = Extract<DeskFrame, { t: T }>;

/** What only desks say. */
class DeskLive extends Live<DeskFrame> {
  present(conversation: string, doing: Doing): void {
    this.transmit({ t: "present", conversation, doing });
  }
}

export class Desk {
  readonly status = new Store<LiveStatus>("connecting");
  readonly offers = new Store<Offer[]>([]);
  readonly typing = new Store<Record<string, Typist>>({});
  readonly colleagues = new Colleagues((conversation, doing) => this.live.present(conversation, doing));
  readonly outbox = new Outbox();
  /** Files attached to what is being written. */
  readonly trays = new Trays(
    (conversation, file, progress) => upload(filesOf(conversation), file, progress),
    (conversation, audience, file) => this.say({ conversation, audience, text: "", file }),
    () => this.status.get() === "open",
  );
  /** Server's clock minus our monotonic one, in ms: waiting times are told in the server's time. */
  readonly skew = new Store(wallClock());
  readonly notices = new EventTarget();
  private readonly live: DeskLive;
  private welcomes = 0;
  private readonly woken = new Set<string>();
  /** What changed while lists were on their way: they may have been read before it. */
  private meanwhile: RowChange[] = [];

  constructor(
    private readonly cache: QueryClient,
    private readonly me: string,
    address = liveAddress(),
  ) {
    this.live = new DeskLive({
      address,
      hello: () => ({ locale: spokenLocale() }),
      frame: (frame) => this.hear(frame),
      status: (status) => this.turn(status),
    });
    cache.getQueryCache().subscribe((event) => {
      if (event.type !== "updated" || event.query.queryKey[0] !== keys.lists[0]) return;
      if (event.action.type === "success" && !event.action.manual) this.listsCame();
    });
    for (const message of this.outbox.get()) if (message.state === "sending") this.deliver(message);
  }

  start(): void {
    this.live.start();
  }

  stop(): void {
    this.live.stop();
  }

  /** Follow a conversation from what the cache holds of it. */
  watch(conversation: string): void {
    const timeline = this.cache.getQueryData<Timeline>(keys.timeline(conversation));
    this.live.watch(conversation, lastSeq(timeline));
  }

  unwatch(conversation: string): void {
    this.live.unwatch(conversation);
  }

  say(message: Omit<Unsent, "client_id" | "at" | "state">): void {
    const at = new Date(monotonic() + this.skew.get()).toISOString();
    const unsent: Unsent = { ...message, client_id: crypto.randomUUID(), at, state: "sending" };
    this.outbox.add(unsent);
    this.deliver(unsent);
  }

  retry(client_id: string): void {
    const message = this.outbox.retried(client_id);
    if (message) this.deliver(message);
  }

  /** The customer is told of what is for them, colleagues of everything. */
  types(conversation: string, audience: Audience): void {
    if (audience === "everyone") this.live.typing(conversation);
    this.colleagues.writes(conversation);
  }

  hasRead(conversation: string, seq: number): void {
    this.live.read(conversation, seq);
    this.patchRead(conversation, "staff", seq);
    this.patchRow(conversation, (row) => ({ ...row, unread: 0 }));
  }

  /** This very desk goes on with what was put aside (or was refused): nobody here need be told. */
  wakes(conversation: string, does: boolean): void {
    if (does) this.woken.add(conversation);
    else this.woken.delete(conversation);
  }

  dismiss(conversation: string): void {
    this.offers.change((all) => all.filter((offer) => offer.row.id !== conversation));
  }

  private deliver({ conversation, client_id, text, file, audience, mentions = [] }: Unsent): void {
    const said = file ? { file: file.id } : { text };
    this.live.send({
      conversation,
      client_id,
      audience,
      ...said,
      ...(mentions.length > 0 ? { mentions } : {}),
    });
  }

  private turn(status: LiveStatus): void {
    this.status.set(status);
    if (status === "open") this.trays.resume();
    if (status === "ended") void this.cache.invalidateQueries({ queryKey: keys.me });
  }

  private hear(frame: DeskFrame): void {
    switch (frame.t) {
      case "welcome":
        return this.welcome(frame);
      case "entry":
        return this.entry(frame.conversation, frame.entry);
      case "reload":
        return void this.reload(frame.conversation);
      case "ack":
        return this.acknowledge(frame);
      case "refused":
        return this.refuse(frame);
      case "typing":
        return this.hearTyping(frame);
      case "read":
        return this.patchRead(frame.conversation, frame.who, frame.seq);
      case "rows":
        return this.rows(frame);
      case "offer":
        return this.offer(frame);
      case "offer_gone":
        return this.offerGone(frame);
      case "transfer_refused":
        return this.notify({
          kind: "transfer_refused",
          text: frame.reason,
          names: { agent: frame.agent, customer: frame.customer },
        });
      case "context":
        void this.cache.invalidateQueries({ queryKey: keys.identity(frame.conversation) });
        return void this.cache.invalidateQueries({ queryKey: keys.context(frame.conversation) });
      case "incidents_changed":
        void this.cache.invalidateQueries({ queryKey: keys.contexts });
        void this.cache.invalidateQueries({ queryKey: ["admin", "incidents"] });
        return void this.cache.invalidateQueries({ queryKey: keys.incidents });
      case "mentioned":
        void this.cache.invalidateQueries({ queryKey: mentionsKey });
        return this.notify({ kind: "mentioned", text: frame.by, conversation: frame.conversation });
      case "colleague":
        return this.colleagues.hear(frame.conversation, frame);
      case "me":
        return void this.cache.invalidateQueries({ queryKey: keys.me });
      case "board":
        return this.boardMoved();
      case "lists":
        return this.loadAgain();
    }
  }

  private welcome(frame: FrameOf<"welcome">): void {
    this.skew.set(Date.parse(frame.now) - monotonic());
    this.welcomes += 1;
    this.offers.set([]);
    if (this.welcomes > 1) this.loadAgain();
  }

  /** The stream had a hole, or says so: everything it feeds is loaded as if for the first time. */
  private loadAgain(): void {
    this.cache.setQueriesData<RowPages>({ queryKey: keys.lists }, shortened);
    for (const key of [
      keys.lists,
      keys.counters,
      keys.conversations,
      keys.contexts,
      keys.identities,
      keys.board,
      keys.me,
      mentionsKey,
    ])
      void this.cache.invalidateQueries({ queryKey: key });
  }

  /** Only a board that is looked at asks again at once; one that is asking already hears the next word. */
  private boardMoved(): void {
    const refetchType = document.hidden ? "none" : "active";
    void this.cache.invalidateQueries({ queryKey: keys.board, refetchType }, { cancelRefetch: false });
  }

  /** Too much was missed to be sent one by one: the newest page instead, and live from there. */
  private async reload(conversation: string): Promise<void> {
    await this.cache.refetchQueries({ queryKey: keys.timeline(conversation) });
    const timeline = this.cache.getQueryData<Timeline>(keys.timeline(conversation));
    for (const { seq, client_id } of timeline?.entries ?? [])
      this.outbox.arrived(conversation, seq, client_id);
    this.watch(conversation);
  }

  private entry(conversation: string, entry: Entry): void {
    this.cache.setQueryData<Timeline>(
      keys.timeline(conversation),
      (timeline) => timeline && { ...timeline, entries: joined(timeline.entries, [entry]) },
    );
    this.outbox.arrived(conversation, entry.seq, entry.client_id);
    this.typing.change(({ [conversation]: _, ...others }) => others);
    if (entry.kind !== "event") return;
    void this.cache.invalidateQueries({ queryKey: keys.conversation(conversation) });
    void this.cache.invalidateQueries({ queryKey: keys.identity(conversation) });
    // What somebody had the shop do: also while the shop is too slow to be asked about its order again.
    if (entry.event?.name === "shop_action")
      void this.cache.invalidateQueries({ queryKey: keys.context(conversation) });
  }

  private acknowledge(frame: FrameOf<"ack">): void {
    this.outbox.acknowledged(frame.client_id, frame.seq, frame.text);
    if (frame.text) this.notify({ kind: "masked", text: "" });
    const timeline = this.cache.getQueryData<Timeline>(keys.timeline(frame.conversation));
    if (lastSeq(timeline) >= frame.seq) this.outbox.drop(frame.client_id);
  }

  private refuse(frame: FrameOf<"refused">): void {
    if (frame.client_id) this.outbox.refused(frame.client_id, frame.message);
    // Following what one may no longer see: the page says so by itself.
    else if (frame.code !== "not_found") this.notify({ kind: "refused", text: frame.message });
  }

  private hearTyping(frame: FrameOf<"typing">): void {
    const typist = { who: frame.who, name: frame.name ?? "", until: monotonic() + TYPING_LASTS };
    this.typing.change((all) => ({ ...all, [frame.conversation]: typist }));
  }

  private rows(frame: FrameOf<"rows">): void {
    const change = { rows: frame.rows ?? [], gone: frame.gone ?? [] };
    this.tell(change.rows);
    for (const row of change.rows) if (row.snoozed) this.woken.delete(row.id);
    this.changeLists(change);
    if (this.cache.isFetching({ queryKey: keys.lists })) this.meanwhile.push(change);
    if (frame.counters) this.cache.setQueryData<Counters>(keys.counters, frame.counters);
    for (const row of change.rows) this.takeRow(row);
    for (const id of change.gone) this.lose(id);
  }

  private tell(rows: Row[]): void {
    const list = (name: ListName) => rowsOf(this.cache.getQueryData<RowPages>(keys.list(name)));
    for (const notice of messagesIn(rows, list("mine"), this.me)) this.notify(notice);
    // Whoever fetched it back themselves need not be told.
    for (const notice of backAmong(rows, list("snoozed"), this.me))
      if (!this.woken.delete(notice.conversation)) this.notify(notice);
  }

  private changeLists(change: RowChange): void {
    for (const list of LISTS)
      this.cache.setQueryData<RowPages>(
        keys.list(list),
        (data) => data && merged(data, list, change, this.me),
      );
  }

  private listsCame(): void {
    for (const change of this.meanwhile) this.changeLists(change);
    if (!this.cache.isFetching({ queryKey: keys.lists })) this.meanwhile = [];
  }

  /** A row also tells the open conversation; what one may do with it changes with its state, so that is asked. */
  private takeRow(row: Row): void {
    if (this.offers.get().some((offer) => offer.row.id === row.id))
      this.offers.change((all) => all.map((offer) => (offer.row.id === row.id ? { ...offer, row } : offer)));
    const key = keys.conversation(row.id);
    const held = this.cache.getQueryData<Conversation>(key);
    if (!held || isOlder(row, held)) return;
    this.cache.setQueryData<Conversation>(key, { ...held, ...row });
    const moved =
      held.status !== row.status ||
      held.agent?.id !== row.agent?.id ||
      held.department.id !== row.department.id;
    if (!moved) return;
    void this.cache.invalidateQueries({ queryKey: key });
    void this.cache.invalidateQueries({ queryKey: keys.context(row.id) });
  }

  /** No longer mine to see: what is held of it must not stay on the screen. */
  private lose(conversation: string): void {
    this.cache.removeQueries({ queryKey: keys.context(conversation) });
    this.cache.removeQueries({ queryKey: keys.identity(conversation) });
    void this.cache.invalidateQueries({ queryKey: keys.conversation(conversation) });
  }

  private offer(frame: FrameOf<"offer">): void {
    const seconds = Math.max(1, frame.seconds);
    const until = monotonic() + seconds * 1000;
    this.dismiss(frame.conversation.id);
    const key = `${frame.conversation.id} ${frame.expires_at}`;
    this.offers.change((all) => [
      ...all,
      { key, row: frame.conversation, until, seconds, transfer: frame.transfer },
    ]);
  }

  private offerGone(frame: FrameOf<"offer_gone">): void {
    const wasShown = this.offers.get().some((offer) => offer.row.id === frame.conversation);
    this.dismiss(frame.conversation);
    if (wasShown) this.notify({ kind: "offer_gone", text: frame.reason });
    void this.cache.invalidateQueries({ queryKey: keys.conversation(frame.conversation) });
  }

  private patchRead(conversation: string, who: "customer" | "staff", seq: number): void {
    this.cache.setQueryData<Conversation>(
      keys.conversation(conversation),
      (held) => held && { ...held, read: { ...held.read, [who]: Math.max(held.read[who], seq) } },
    );
  }

  private patchRow(conversation: string, how: (row: Row) => Row): void {
    for (const list of LISTS)
      this.cache.setQueryData<RowPages>(
        keys.list(list),
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              rows: page.rows.map((row) => (row.id === conversation ? how(row) : row)),
            })),
          },
      );
  }

  private notify(notice: Notice): void {
    this.notices.dispatchEvent(new CustomEvent<Notice>("notice", { detail: notice }));
  }
}

function liveAddress(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live/desk`;
}
