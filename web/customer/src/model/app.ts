/**
 * The customer's side of the product: who is asking, and what they can do.
 *
 * One object ties the store, the HTTP verbs, the live line and the carrying page together.
 *
 * Does not: know for whom a session begins (`session`).
 */
import {
  CLOSE,
  type CodeAnswer,
  type CustomerConversation,
  type CustomerFrameIn,
  type CustomerSession,
  type Entrance,
  type HostMessage,
  type Locale,
  type Medium,
} from "@mashang/protocol";
import { Live } from "@mashang/protocol/live";
import { speak, t } from "../words";
import { Addresses } from "./addresses";
import { Api, Refused } from "./api";
import type { Host } from "./host";
import { Identity } from "./identity";
import { Outbox } from "./outbox";
import { Secrets } from "./secrets";
import { Session } from "./session";
import { atFirst, type Followed, newest, type State } from "./state";
import { Store } from "./store";
import { Talks } from "./talks";
import { tellOfNews, tellWhenDrawn } from "./telling";
import { freshKey } from "./token";

/** How a code came, when nobody typed it or tapped its button. */
export interface Way {
  medium?: Medium;
  scene?: string;
}

/** What a press on the carrying page opens us with. */
type Entry = Omit<Extract<HostMessage, { type: "open" }>, "type">;

/** The order tells; without one, the topic. */
function isAbout(one: CustomerConversation, { code, order }: Entry): boolean {
  return order ? one.order_number === order : one.topic?.code === code?.toUpperCase();
}

/** A code that there is none of is the shop's mistake, not the customer's: they have the first page. */
function explain(error: unknown): void {
  if (!(error instanceof Refused && error.code === "code_unknown")) throw error;
  // biome-ignore lint/suspicious/noConsole: there is nowhere else to tell an integrator
  console.warn(`Mashang: ${error.message}`);
}

const RENEW_AFTER_MS = 1_000;

export class App {
  readonly store: Store<State>;
  readonly api: Api;
  readonly live: Live<CustomerFrameIn>;
  readonly outbox: Outbox;
  readonly talks: Talks;
  readonly addresses: Addresses;
  readonly identity: Identity;
  readonly secrets: Secrets;
  private readonly session: Session;
  private page: { url: string; title: string } | undefined;
  private openingKey: string | null = null;
  private wanted: Entry | null = null;
  /** Where a press on the shop's page led here from, for what is begun next. */
  private scene: string | undefined;
  private starting = 0;
  /** Somebody has begun to do something here. */
  touched = false;

  constructor(
    readonly siteKey: string,
    readonly host: Host,
    language: Locale,
    /** The words have come. */
    private readonly spoken: Promise<void>,
  ) {
    this.store = new Store(atFirst(language));
    this.secrets = new Secrets(siteKey);
    this.api = new Api(() => this.store.state.locale);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.live = new Live<CustomerFrameIn>({
      address: `${scheme}://${location.host}/live/customer`,
      onlyToWatch: true,
      hello: () => ({ session: this.api.session, locale: this.store.state.locale }),
      frame: (frame) => this.talks.heard(frame),
      status: (line, code) => {
        this.store.patch({ line });
        if (line === "open") this.outbox.resume();
        if (line === "ended" && code === CLOSE.signedOut) setTimeout(() => void this.start(), RENEW_AFTER_MS);
      },
    });
    this.api.renew = () => this.start();
    this.outbox = new Outbox(
      this.store,
      this.api,
      this.live,
      () => this.secrets,
      (conversation, seq) => void this.attempt(() => this.talks.recall(conversation, seq)),
    );
    this.talks = new Talks(this.store, this.api, this.live, this.outbox);
    this.identity = new Identity(this.store, this.api);
    this.session = new Session(this);
    this.addresses = new Addresses((files) => this.api.fileAddresses(files));
    tellOfNews(this.store, this.host);
    tellWhenDrawn(this.store, this.host, this.spoken);
  }

  /** The customer does not want to wait for the next attempt. */
  reconnect(): void {
    this.live.start();
    this.live.wake();
  }

  /** No page outside has spoken: this one stands alone. */
  startAlone(): void {
    this.store.patch({ followed: null });
    if (this.starting === 0) void this.start();
  }

  /** Somebody has a session in this browser already. */
  get isSomebody(): boolean {
    return this.secrets.session() !== null;
  }

  /** Goes on here with what was begun elsewhere; who was here before is forgotten. */
  async follow(followed: Followed): Promise<void> {
    const session = await this.api.takeLink(followed);
    this.starting += 1;
    this.reset();
    this.forget();
    this.secrets.keepSession({ session: session.session, sub: null });
    this.store.patch({ followed: null });
    this.begun(session);
    if (followed.conversation) this.show(followed.conversation);
  }

  /** Begins or renews the session and returns to an open conversation, if there is one. */
  async start(): Promise<void> {
    const turn = ++this.starting;
    this.store.patch({ failure: null });
    try {
      const session = await this.session.begin(this.page?.url);
      if (turn === this.starting) this.begun(session);
    } catch (error) {
      await this.spoken;
      if (turn !== this.starting) return;
      const refused = error instanceof Refused;
      const text = refused
        ? this.toCustomers(error)
        : t(navigator.onLine ? "start.unreachable" : "start.offline");
      if (!refused) addEventListener("online", this.startAgain, { once: true });
      this.store.patch({ phase: "failed", failure: { text, final: refused && error.status !== 429 } });
    }
  }

  /** One and the same, so that however many attempts failed, the network's return begins one. */
  private readonly startAgain = () => void this.start();

  hear(message: HostMessage): void {
    switch (message.type) {
      case "identify":
        return this.identify(message.token);
      case "sign-out":
        return this.signOut();
      case "page":
        this.page = { url: message.url.slice(0, 2000), title: message.title.slice(0, 200) };
        if (this.starting === 0) void this.start();
        return;
      case "visible":
        this.store.patch({ visible: message.visible, quietly: message.quietly ?? false });
        if (message.visible) this.live.wake();
        return;
      case "open":
        if (message.order !== undefined) this.store.patch({ order: message.order || null });
        if (message.code || message.medium) this.enter(message);
    }
  }

  async setLocale(locale: Locale): Promise<void> {
    await speak(locale);
    document.documentElement.lang = locale;
    this.store.patch({ locale });
    if (!this.store.state.shown || this.store.state.line === "open") await this.start();
  }

  async claim(value: string): Promise<void> {
    const { claim_masked } = await this.api.claim(value);
    const { customer } = this.store.state;
    if (customer) this.store.patch({ customer: { ...customer, claim_masked } });
  }

  findCode(text: string): Promise<CodeAnswer> {
    return this.api.findCode(text);
  }

  /** Opens a conversation; a repeat after a break finds the one already opened. */
  async open(entrance: Entrance, code?: string, text?: string, about?: string, way?: Way): Promise<void> {
    if (this.store.state.opening) return;
    this.openingKey ??= freshKey();
    this.store.patch({ opening: true });
    const order = about ?? this.store.state.order;
    const said = text || this.store.state.carried;
    try {
      const opened = await this.talks.open({
        opening_key: this.openingKey,
        entrance,
        ...(code ? { code } : {}),
        ...(said ? { text: said } : {}),
        ...(order ? { order_number: order } : {}),
        ...(this.scene ? { scene: this.scene } : {}),
        ...way,
        ...(this.page ? { page: this.page } : {}),
      });
      this.openingKey = null;
      this.scene = undefined;
      if (!text) this.store.patch({ carried: null });
      this.show(opened.id);
    } catch (error) {
      if (error instanceof Refused) this.openingKey = null;
      if (!code || !(error instanceof Refused) || error.code !== "code_expired") throw error;
      this.show(null);
      this.store.patch({ ended: code });
    } finally {
      this.store.patch({ opening: false });
    }
  }

  /** What was typed belongs to a conversation that is open already: it is said there. */
  async goOn(conversation: string, text: string): Promise<void> {
    if (!this.store.state.conversations.some((one) => one.id === conversation))
      this.store.patch({ conversations: await this.api.conversations() });
    this.show(conversation);
    this.outbox.sendText(conversation, text);
  }

  show(conversation: string | null): void {
    const { shown } = this.store.state;
    if (shown && shown !== conversation) this.talks.leave(shown);
    this.store.patch({ shown: conversation, notice: null, looking: null });
    this.secrets.keepShown(conversation);
    if (conversation) void this.talks.load(conversation);
  }

  /** Does it, or says why not; whether it was done. */
  async attempt(verb: () => Promise<unknown>): Promise<boolean> {
    try {
      await verb();
      return true;
    } catch (error) {
      const text = error instanceof Refused ? error.message : t("start.unreachable");
      this.store.patch({ notice: { kind: "problem", text } });
      return false;
    }
  }

  draft(conversation: string): string {
    return this.secrets.draft(conversation);
  }

  keepDraft(conversation: string, text: string): void {
    this.secrets.keepDraft(conversation, text);
  }

  private begun(session: CustomerSession): void {
    this.api.session = session.session;
    const shown = this.store.state.shown;
    const first = this.store.state.phase !== "ready";
    this.store.patch({
      phase: "ready",
      customer: session.customer,
      site: session.site,
      topics: session.topics,
      assistant: session.assistant?.name ?? null,
      help: session.help,
      resting: session.resting,
      suggested: session.suggested,
      uploadLimit: session.upload_limit,
      voice: session.voice,
      incidents: session.incidents,
      conversations: newest(this.store.state.conversations, session.conversations),
    });
    const { conversations } = this.store.state;
    const open = conversations.find((one) => one.status !== "closed");
    this.live.start();
    this.outbox.restore();
    this.talks.followOpen();
    void this.identity.load();
    const wanted = this.wanted;
    this.wanted = null;
    if (wanted) this.enter(wanted);
    else if (first && open) this.show(this.secrets.shown() === null ? null : open.id);
    else if (shown) this.show(conversations.some((one) => one.id === shown) ? shown : null);
  }

  private identify(token: string): void {
    if (this.session.named(token) && this.starting > 0) void this.restart();
  }

  /** Nothing of the account stays on this screen: whoever sits here next is another visitor. */
  signOut(): void {
    this.session.signedOut();
    this.api.session ??= this.secrets.session()?.session ?? null;
    if (this.api.session) void this.api.endSession().catch(() => undefined);
    this.forget();
    if (this.starting > 0) void this.restart();
  }

  private async restart(): Promise<void> {
    this.reset();
    await this.start();
  }

  /** Nothing of who was here before. */
  private reset(): void {
    this.live.stop();
    this.live.forget();
    this.outbox.clear();
    this.talks.clear();
    this.addresses.clear();
    this.store.patch({
      phase: "starting",
      customer: null,
      order: null,
      notice: null,
      standing: null,
      cards: {},
      looking: null,
      proving: null,
      joining: false,
    });
  }

  forget(): void {
    this.api.session = null;
    this.openingKey = null;
    this.secrets.forget();
  }

  /**
   * The carrying page asked for a code or an order: into the conversation about it, if one is open; else a code leads
   * straight to its people, and an order to the first page with its service code.
   */
  private enter(entry: Entry): void {
    const { phase, conversations, customer } = this.store.state;
    if (phase !== "ready") {
      this.wanted = entry;
      return;
    }
    const { code, order, medium, scene } = entry;
    const held = conversations.find((one) => one.status !== "closed" && isAbout(one, entry));
    if (held) return this.show(held.id);
    this.scene = scene;
    if (code) {
      const way = { ...(medium ? { medium } : {}), ...(scene ? { scene } : {}) };
      void this.attempt(() => this.open("code", code, undefined, order, way).catch(explain));
    } else {
      this.show(null);
      if (order && customer?.proved) void this.identity.mintOnce(order);
    }
  }

  /** What only the one who embeds us can mend is for their console; the customer is told where to go instead. */
  private toCustomers(refused: Refused): string {
    if (refused.code !== "site_unknown") return refused.message;
    // biome-ignore lint/suspicious/noConsole: there is nowhere else to tell an integrator
    console.error(`Mashang: ${refused.message} (site=${this.siteKey})`);
    return t("start.no_such_site");
  }
}
