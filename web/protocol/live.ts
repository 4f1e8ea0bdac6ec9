/**
 * One live socket of a page, kept alive: both the chat and the desk talk through it.
 *
 * Everything live is a hint; the numbered timeline is the truth. So a break costs nothing: after it, `hello` names
 * the last number held of each watched conversation and the server sends what came since. Within a conversation
 * `Position` sees to it that the page gets every entry once, in order and without holes. A message is sent again
 * under the same `client_id`, after a break or when no answer comes, until the server acknowledges or refuses it;
 * the server stores a repeat once.
 *
 * A phone freezes pages: timers stop and a dead socket looks open. When the page is looked at again or the network
 * comes back, `wake` therefore asks for a sign of life and connects anew when none comes.
 *
 * Does not: draw, keep entries, know what a frame means beyond its number, or renew a session (code 4401 ends it
 * and the page decides).
 */
import { Position } from "./position";
import { type Choice, CLOSE, type Entry } from "./wire";

/** `idle`: there is nothing to follow, so there is no line. `ended`: the server will not have us. */
export type LiveStatus = "idle" | "connecting" | "open" | "lost" | "ended";

export interface SendFrame {
  conversation: string;
  client_id: string;
  text?: string;
  file?: string;
  choice?: Choice;
  audience?: "everyone" | "staff";
  mentions?: string[];
}

interface Frame {
  t: string;
  conversation?: string;
  client_id?: string | null;
  entry?: Entry;
  head?: number;
}

export interface LivePage<In extends { t: string }> {
  /** Where the socket is: `wss://host/live/desk`. */
  address: string;
  /** A page that follows nothing and has nothing to send needs no line. */
  onlyToWatch?: boolean;
  /** What the first frame carries beside `watch`: session, locale. */
  hello(): Record<string, unknown>;
  /** Every frame, in order; entries come once each and without holes. */
  frame(frame: In): void;
  /** `code`: why the server closed (see CLOSE); after "ended" no further attempt is made. */
  status(status: LiveStatus, code?: number): void;
}

/** Milliseconds. */
export const PACE = {
  firstWait: 500,
  longestWait: 10_000,
  beat: 5_000,
  ping: 15_000,
  silence: 35_000,
  signOfLife: 4_000,
  repeat: 10_000,
  typing: 3_000,
};

/** The wait before attempt `n` (0, 1, …): doubling, at most 10 s, each between half and the whole of it. */
export function backoff(n: number, random: () => number = Math.random, pace = PACE): number {
  const whole = Math.min(pace.longestWait, pace.firstWait * 2 ** n);
  return whole / 2 + (random() * whole) / 2;
}

export class Live<In extends { t: string }> {
  private socket: WebSocket | null = null;
  private welcomed = false;
  private stopped = true;
  private attempts = 0;
  private heardAt = 0;
  private heard = 0;
  private pingedAt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private pulse: ReturnType<typeof setInterval> | undefined;
  private typedAt = new Map<string, number>();
  private readonly positions = new Map<string, Position>();
  private readonly outbox = new Map<string, { frame: SendFrame; sentAt: number }>();

  constructor(
    private readonly page: LivePage<In>,
    private readonly open: (address: string) => WebSocket = (address) => new WebSocket(address),
    private readonly pace: typeof PACE = PACE,
  ) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.attempts = 0;
    this.pulse = setInterval(() => this.beat(), this.pace.beat);
    addEventListener("online", this.wake);
    addEventListener("pageshow", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.connectIfNeeded();
  }

  /** Hang up. What is watched and what was not yet sent stays for the next `start`. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    this.retry = undefined;
    clearInterval(this.pulse);
    removeEventListener("online", this.wake);
    removeEventListener("pageshow", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.drop();
  }

  /** Somebody else is here now: nothing of what was watched or waited to be sent is theirs. */
  forget(): void {
    this.positions.clear();
    this.outbox.clear();
    this.hangUpIfIdle();
  }

  /** Follow a conversation from `after`, the last number the page holds. Again with a new number after an HTTP load. */
  watch(conversation: string, after: number): void {
    const position = this.positions.get(conversation) ?? new Position(after);
    position.moveTo(after);
    this.positions.set(conversation, position);
    this.ask(conversation, position);
    this.connectIfNeeded();
  }

  unwatch(conversation: string): void {
    if (!this.positions.delete(conversation)) return;
    this.transmit({ t: "unwatch", conversation });
    this.hangUpIfIdle();
  }

  watches(conversation: string): boolean {
    return this.positions.has(conversation);
  }

  /** Sends now or as soon as there is a line; repeated with the same `client_id` until answered. */
  send(frame: SendFrame): void {
    const waiting = { frame, sentAt: 0 };
    this.outbox.set(frame.client_id, waiting);
    this.post(waiting);
    this.connectIfNeeded();
  }

  /** Do not send it. False: it has left, perhaps arrived, and is sent again until its answer comes. */
  withdraw(client_id: string): boolean {
    if ((this.outbox.get(client_id)?.sentAt ?? 0) > 0) return false;
    this.outbox.delete(client_id);
    this.hangUpIfIdle();
    return true;
  }

  typing(conversation: string): void {
    const now = Date.now();
    if (now - (this.typedAt.get(conversation) ?? 0) < this.pace.typing) return;
    this.typedAt.set(conversation, now);
    this.transmit({ t: "typing", conversation });
  }

  read(conversation: string, seq: number): void {
    this.transmit({ t: "read", conversation, seq });
  }

  /** The network came back, or the page was looked at again after being frozen: do not wait for the timers. */
  readonly wake = (): void => {
    if (this.stopped || document.visibilityState === "hidden") return;
    if (!this.socket) {
      this.attempts = 0;
      return this.connectIfNeeded(true);
    }
    if (!this.welcomed) return;
    const { socket } = this;
    const { heard } = this;
    this.ping();
    setTimeout(() => {
      if (socket === this.socket && this.heard === heard) this.lose(undefined, 0);
    }, this.pace.signOfLife);
  };

  private get needed(): boolean {
    return !this.page.onlyToWatch || this.positions.size > 0 || this.outbox.size > 0;
  }

  private connectIfNeeded(now = false): void {
    if (!this.stopped && this.needed && !this.socket && (now || this.retry === undefined)) this.connect();
  }

  private hangUpIfIdle(): void {
    if (this.needed) return;
    clearTimeout(this.retry);
    this.retry = undefined;
    this.drop();
    this.page.status("idle");
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    this.page.status("connecting");
    const socket = this.open(this.page.address);
    this.socket = socket;
    this.heardAt = Date.now();
    socket.onopen = () => socket === this.socket && this.greet(socket);
    socket.onmessage = (message) => {
      if (socket === this.socket) this.hear(JSON.parse(String(message.data)) as Frame);
    };
    socket.onerror = () => undefined; // a close always follows, and says more
    socket.onclose = (closing) => {
      if (socket === this.socket) this.lose(closing.code);
    };
  }

  private greet(socket: WebSocket): void {
    const watch = [...this.positions].map(([conversation, position]) => {
      position.asking = true;
      return { conversation, after: position.last };
    });
    socket.send(JSON.stringify({ t: "hello", ...this.page.hello(), watch }));
  }

  private hear(frame: Frame): void {
    this.heardAt = Date.now();
    this.heard += 1;
    switch (frame.t) {
      case "pong":
        return;
      case "welcome":
        this.settle();
        break;
      case "ack":
      case "refused":
        this.outbox.delete(frame.client_id ?? "");
        break;
      case "entry":
        return this.take(frame);
      case "caught_up":
        this.caughtUp(frame);
        break;
    }
    this.page.frame(frame as unknown as In);
  }

  private settle(): void {
    this.welcomed = true;
    this.attempts = 0;
    this.pingedAt = Date.now();
    this.page.status("open");
    // What began to be followed between our greeting and this answer was in neither.
    for (const [conversation, position] of this.positions)
      if (!position.asking) this.ask(conversation, position);
    for (const waiting of this.outbox.values()) this.post(waiting);
  }

  private take(frame: Frame): void {
    const position = this.positions.get(frame.conversation ?? "");
    if (!position || !frame.entry) return;
    this.show(frame, position.take(frame.entry));
    this.askForGap(frame.conversation ?? "", position);
  }

  private caughtUp(frame: Frame): void {
    const position = this.positions.get(frame.conversation ?? "");
    if (!position) return;
    this.show(frame, position.caughtUp(frame.head ?? 0));
    this.askForGap(frame.conversation ?? "", position);
  }

  private show(frame: Frame, entries: Entry[]): void {
    for (const entry of entries) {
      this.page.frame({ t: "entry", conversation: frame.conversation, entry } as unknown as In);
    }
  }

  private askForGap(conversation: string, position: Position): void {
    if (position.gap && !position.asking) this.ask(conversation, position);
  }

  private ask(conversation: string, position: Position): void {
    if (!this.welcomed) return;
    position.asking = true;
    this.transmit({ t: "watch", conversation, after: position.last });
  }

  private post(waiting: { frame: SendFrame; sentAt: number }): void {
    if (!this.welcomed) return;
    waiting.sentAt = Date.now();
    this.transmit({ t: "send", ...waiting.frame });
  }

  protected transmit(frame: object): void {
    if (this.welcomed && this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame));
  }

  private ping(): void {
    this.pingedAt = Date.now();
    this.transmit({ t: "ping" });
  }

  private beat(): void {
    if (!this.socket) return;
    const now = Date.now();
    if (now - this.heardAt > this.pace.silence) return this.lose();
    if (!this.welcomed) return;
    if (now - this.pingedAt >= this.pace.ping) this.ping();
    for (const waiting of this.outbox.values())
      if (now - waiting.sentAt > this.pace.repeat) this.post(waiting);
  }

  private lose(code?: number, wait?: number): void {
    this.drop();
    if (this.stopped) return;
    if (code === CLOSE.signedOut || code === CLOSE.origin) {
      this.stop();
      this.page.status("ended", code);
      return;
    }
    this.page.status("lost", code);
    if (code === CLOSE.tooMany) this.attempts = Math.max(this.attempts, 5);
    this.retry = setTimeout(() => this.connect(), wait ?? backoff(this.attempts++, Math.random, this.pace));
  }

  private drop(): void {
    const { socket } = this;
    this.socket = null;
    this.welcomed = false;
    for (const position of this.positions.values()) position.asking = false;
    socket?.close();
  }
}
