/**
 * One live socket of a page, kept alive: both the chat and the desk talk through it.
 *
 * The server numbers what it shows. Every entry carries `prev`, the number this reader should hold before it;
 * when that is not the case something was missed, and the socket asks again from what it does hold instead of
 * showing a timeline with a hole. What was sent and not yet acknowledged is sent again after a reconnect under
 * the same `client_id`, so that it is stored once however often the line breaks.
 *
 * Does not: draw, keep entries, know what a frame means beyond its number, or renew a session (code 4401 ends it
 * and the page decides).
 */
import { CLOSE, type Entry } from "./wire";

export type LiveStatus = "connecting" | "open" | "lost" | "ended";

export interface SendFrame {
  conversation: string;
  client_id: string;
  text?: string;
  file?: string;
  audience?: "everyone" | "staff";
}

interface Frame {
  t: string;
  conversation?: string;
  client_id?: string | null;
  entry?: Entry;
}

export interface LivePage<In extends { t: string }> {
  /** Where the socket is: `wss://host/live/desk`. */
  address: string;
  /** What the first frame carries beside `watch`: session, locale. */
  hello(): Record<string, unknown>;
  /** Every frame, in order; entries come once each and without holes. */
  frame(frame: In): void;
  /** `code`: why the server closed (see CLOSE); after "ended" no further attempt is made. */
  status(status: LiveStatus, code?: number): void;
}

const PING_EVERY = 15_000;
const SILENCE = 25_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
const TYPING_EVERY = 3_000;

/** The wait before attempt `n` (0, 1, …): doubling, at most 10 s, each between half and the whole of it. */
export function backoff(n: number, random: () => number = Math.random): number {
  const whole = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** n);
  return whole / 2 + (random() * whole) / 2;
}

export class Live<In extends { t: string }> {
  private socket: WebSocket | null = null;
  private welcomed = false;
  private stopped = true;
  private attempts = 0;
  private heardAt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private pulse: ReturnType<typeof setInterval> | undefined;
  private typedAt = new Map<string, number>();
  private readonly positions = new Map<string, number>();
  /** Conversations being caught up, each with the highest number that came too early meanwhile. */
  private readonly asked = new Map<string, number>();
  private readonly outbox = new Map<string, SendFrame>();

  constructor(
    private readonly page: LivePage<In>,
    private readonly open: (address: string) => WebSocket = (address) => new WebSocket(address),
  ) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.connect();
    this.pulse = setInterval(() => this.beat(), PING_EVERY);
    addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    clearInterval(this.pulse);
    removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    this.drop();
  }

  /** Follow a conversation from `after`, the last number the page holds. Again with a new number after an HTTP load. */
  watch(conversation: string, after: number): void {
    this.positions.set(conversation, after);
    this.ask(conversation);
  }

  unwatch(conversation: string): void {
    this.positions.delete(conversation);
    this.asked.delete(conversation);
    this.transmit({ t: "unwatch", conversation });
  }

  /** Sends now or as soon as there is a line; repeated with the same `client_id` until answered. */
  send(frame: SendFrame): void {
    this.outbox.set(frame.client_id, frame);
    this.transmit({ t: "send", ...frame });
  }

  typing(conversation: string): void {
    const now = Date.now();
    if (now - (this.typedAt.get(conversation) ?? 0) < TYPING_EVERY) return;
    this.typedAt.set(conversation, now);
    this.transmit({ t: "typing", conversation });
  }

  read(conversation: string, seq: number): void {
    this.transmit({ t: "read", conversation, seq });
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.page.status("connecting");
    const socket = this.open(this.page.address);
    this.socket = socket;
    this.heardAt = Date.now();
    socket.onopen = () => this.greet(socket);
    socket.onmessage = (message) => {
      if (socket === this.socket) this.hear(JSON.parse(message.data as string) as Frame);
    };
    socket.onclose = (closing) => {
      if (socket === this.socket) this.lose(closing.code);
    };
  }

  private greet(socket: WebSocket): void {
    const watch = [...this.positions].map(([conversation, after]) => ({ conversation, after }));
    for (const { conversation } of watch) this.asked.set(conversation, 0);
    socket.send(JSON.stringify({ t: "hello", ...this.page.hello(), watch }));
  }

  private hear(frame: Frame): void {
    this.heardAt = Date.now();
    if (frame.t === "welcome") this.settle();
    if (frame.t === "pong") return;
    if (frame.t === "ack" || frame.t === "refused") this.outbox.delete(frame.client_id ?? "");
    if (frame.t === "caught_up") this.caughtUp(frame.conversation ?? "");
    if (frame.t === "reload") this.asked.delete(frame.conversation ?? "");
    if (frame.t === "entry" && !this.follows(frame)) return;
    this.page.frame(frame as unknown as In);
  }

  private settle(): void {
    this.welcomed = true;
    this.attempts = 0;
    this.page.status("open");
    for (const frame of this.outbox.values()) this.transmit({ t: "send", ...frame });
  }

  /** Whether an entry is the next one; asks again when one is missing before it, and drops repeats. */
  private follows(frame: Frame): boolean {
    const { conversation = "", entry } = frame;
    const held = this.positions.get(conversation);
    if (held === undefined || !entry || entry.seq <= held) return false;
    if (entry.prev > held) {
      if (!this.asked.has(conversation)) this.ask(conversation);
      this.asked.set(conversation, Math.max(entry.seq, this.asked.get(conversation) ?? 0));
      return false;
    }
    this.positions.set(conversation, entry.seq);
    return true;
  }

  /** What came too early while the server was catching us up may lie behind its answer: then ask once more. */
  private caughtUp(conversation: string): void {
    const early = this.asked.get(conversation) ?? 0;
    this.asked.delete(conversation);
    if (early > (this.positions.get(conversation) ?? early)) this.ask(conversation);
  }

  private ask(conversation: string): void {
    if (!this.welcomed) return;
    this.asked.set(conversation, 0);
    this.transmit({ t: "watch", conversation, after: this.positions.get(conversation) ?? 0 });
  }

  private transmit(frame: object): void {
    if (this.welcomed && this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame));
  }

  private beat(): void {
    if (this.stopped || !this.socket) return;
    if (Date.now() - this.heardAt > SILENCE) this.lose();
    else this.transmit({ t: "ping" });
  }

  /** The network came back, or the page was looked at again after being frozen: do not wait for the timer. */
  private readonly hurry = (): void => {
    if (this.stopped || document.visibilityState === "hidden") return;
    if (!this.socket) this.connect();
    else this.beat();
  };

  private lose(code?: number): void {
    this.drop();
    if (this.stopped) return;
    if (code === CLOSE.signedOut || code === CLOSE.origin) {
      this.stop();
      this.page.status("ended", code);
      return;
    }
    this.page.status("lost", code);
    if (code === CLOSE.tooMany) this.attempts = Math.max(this.attempts, 5);
    this.retry = setTimeout(() => this.connect(), backoff(this.attempts++));
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    this.welcomed = false;
    this.asked.clear();
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
