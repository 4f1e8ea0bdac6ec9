/**
 * The live line to the server: one socket per page, and the promise that nothing is lost over its breaks.
 *
 * Everything live is a hint; the numbered timeline is the truth. So a break costs nothing: after it, `hello` names
 * the last number held for each watched conversation and the server sends what came since. A message stays in
 * `unsent` and is sent again with the same `client_id` until the server acknowledges or refuses it; the server
 * stores a repeat once.
 *
 * A phone freezes pages: timers stop and a dead socket looks open. `wake` (page visible again, network back)
 * therefore asks for a sign of life and connects anew when none comes.
 *
 * Does not: keep what was said (`consultation.ts`), or survive a reload (`outbox.ts`).
 */
import {
  CLOSE,
  type CustomerFrameIn,
  type CustomerFrameOut,
  type Entry,
  type Locale,
} from "@mashang/protocol";
import { Position } from "./position";

export type Line = "idle" | "connecting" | "open" | "lost";

export interface Outgoing {
  conversation: string;
  client_id: string;
  text?: string;
  file?: string;
}

export interface LiveListener {
  line(line: Line): void;
  entry(conversation: string, entry: Entry): void;
  /** More is missing than the socket sends: fetch the newest entries, then call `watch` with their last number. */
  reload(conversation: string): void;
  /** Every other frame, as it came. */
  frame(frame: CustomerFrameIn): void;
  /** The session is no longer good. The line stays down until `start` is called again. */
  signedOut(): void;
}

export interface LiveOptions {
  url: string;
  locale: Locale;
  Socket?: typeof WebSocket;
  /** Milliseconds. */
  pace?: Partial<typeof PACE>;
}

const PACE = {
  firstRetry: 500,
  slowestRetry: 10_000,
  tick: 5_000,
  ping: 15_000,
  silence: 35_000,
  connect: 12_000,
  signOfLife: 4_000,
  resend: 10_000,
  typing: 3_000,
};

interface Unsent {
  message: Outgoing;
  sentAt: number;
}

export class Live {
  private session: string | null = null;
  private socket: WebSocket | null = null;
  private welcomed = false;
  private attempt = 0;
  private startedAt = 0;
  private heardAt = 0;
  private pingedAt = 0;
  private typedAt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private clock: ReturnType<typeof setInterval> | undefined;
  private watched = new Map<string, Position>();
  private unsent = new Map<string, Unsent>();
  private readonly pace: typeof PACE;
  private readonly Socket: typeof WebSocket;

  constructor(
    private readonly options: LiveOptions,
    private readonly listener: LiveListener,
  ) {
    this.pace = { ...PACE, ...options.pace };
    this.Socket = options.Socket ?? WebSocket;
  }

  /** Speak for this session from now on. The socket opens when there is something to watch. */
  start(session: string): void {
    this.drop();
    this.session = session;
    this.attempt = 0;
    this.connectWhenNeeded();
  }

  /** Forget everything: the session, what was watched, what was not sent. */
  stop(): void {
    this.session = null;
    this.watched.clear();
    this.unsent.clear();
    this.drop();
    this.listener.line("idle");
  }

  watch(conversation: string, after: number): void {
    const position = this.watched.get(conversation) ?? new Position(after);
    position.moveTo(after);
    position.asking = true;
    this.watched.set(conversation, position);
    this.say({ t: "watch", conversation, after: position.last });
    this.connectWhenNeeded();
  }

  unwatch(conversation: string): void {
    if (!this.watched.delete(conversation)) return;
    this.say({ t: "unwatch", conversation });
    if (this.watched.size === 0 && this.unsent.size === 0) {
      this.drop();
      this.listener.line("idle");
    }
  }

  watches(conversation: string): boolean {
    return this.watched.has(conversation);
  }

  send(message: Outgoing): void {
    const unsent = { message, sentAt: 0 };
    this.unsent.set(message.client_id, unsent);
    this.transmit(unsent);
    this.connectWhenNeeded();
  }

  /** At most one in three seconds goes out. */
  typing(conversation: string): void {
    if (Date.now() - this.typedAt < this.pace.typing) return;
    this.typedAt = Date.now();
    this.say({ t: "typing", conversation });
  }

  read(conversation: string, seq: number): void {
    this.say({ t: "read", conversation, seq });
  }

  /** The page woke up or the network came back: make sure that the line is alive. */
  wake(): void {
    if (this.session === null || (this.watched.size === 0 && this.unsent.size === 0)) return;
    if (!this.socket) {
      this.attempt = 0;
      this.connect();
      return;
    }
    if (!this.welcomed) return;
    const socket = this.socket;
    const asked = Date.now();
    this.ping();
    setTimeout(() => {
      if (socket === this.socket && this.heardAt < asked) this.reconnect(0);
    }, this.pace.signOfLife);
  }

  private connectWhenNeeded(): void {
    const needed = this.watched.size > 0 || this.unsent.size > 0;
    if (needed && this.session !== null && !this.socket && this.retry === undefined) this.connect();
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    if (this.attempt === 0) this.listener.line("connecting");
    const socket = new this.Socket(this.options.url);
    this.socket = socket;
    this.welcomed = false;
    this.startedAt = Date.now();
    socket.onopen = () => socket === this.socket && this.hello();
    socket.onmessage = (event) => socket === this.socket && this.hear(String(event.data));
    socket.onerror = () => undefined; // a close always follows and says more
    socket.onclose = (event) => socket === this.socket && this.closed(event.code);
    clearInterval(this.clock);
    this.clock = setInterval(() => this.tick(), this.pace.tick);
  }

  private hello(): void {
    const watch = [...this.watched].map(([conversation, position]) => {
      position.asking = true;
      return { conversation, after: position.last };
    });
    this.transfer({ t: "hello", session: this.session ?? "", watch, locale: this.options.locale });
  }

  private hear(data: string): void {
    this.heardAt = Date.now();
    const frame = JSON.parse(data) as CustomerFrameIn;
    switch (frame.t) {
      case "welcome":
        return this.welcome();
      case "pong":
        return;
      case "entry":
        return this.take(frame.conversation, frame.entry);
      case "caught_up":
        return this.caughtUp(frame.conversation, frame.head);
      case "reload":
        return this.listener.reload(frame.conversation);
      case "ack":
        this.unsent.delete(frame.client_id);
        break;
      case "refused":
        if (frame.client_id) this.unsent.delete(frame.client_id);
        break;
    }
    this.listener.frame(frame);
  }

  private welcome(): void {
    this.welcomed = true;
    this.attempt = 0;
    this.pingedAt = Date.now();
    this.listener.line("open");
    for (const unsent of this.unsent.values()) this.transmit(unsent);
  }

  private take(conversation: string, entry: Entry): void {
    const position = this.watched.get(conversation);
    if (!position) return;
    for (const shown of position.take(entry)) this.listener.entry(conversation, shown);
    this.askForGap(conversation, position);
  }

  private caughtUp(conversation: string, head: number): void {
    const position = this.watched.get(conversation);
    if (!position) return;
    for (const shown of position.caughtUp(head)) this.listener.entry(conversation, shown);
    this.askForGap(conversation, position);
  }

  private askForGap(conversation: string, position: Position): void {
    if (!position.gap || position.asking) return;
    position.asking = true;
    this.say({ t: "watch", conversation, after: position.last });
  }

  private tick(): void {
    const now = Date.now();
    if (!this.welcomed) {
      if (now - this.startedAt > this.pace.connect) this.reconnect(this.delay());
      return;
    }
    if (now - this.heardAt > this.pace.silence) return this.reconnect(0);
    if (now - this.pingedAt >= this.pace.ping) this.ping();
    for (const unsent of this.unsent.values()) {
      if (now - unsent.sentAt > this.pace.resend) this.transmit(unsent);
    }
  }

  private closed(code: number): void {
    if (code === CLOSE.signedOut) {
      this.drop();
      this.session = null;
      this.listener.line("lost");
      this.listener.signedOut();
      return;
    }
    this.reconnect(code === CLOSE.tooMany ? this.pace.slowestRetry : this.delay());
  }

  /** Doubles from half a second to ten, spread so that a restarted server is not met by everybody at once. */
  private delay(): number {
    const longest = Math.min(this.pace.slowestRetry, this.pace.firstRetry * 2 ** this.attempt);
    this.attempt += 1;
    return longest * (0.5 + Math.random() / 2);
  }

  private reconnect(delay: number): void {
    this.drop();
    this.listener.line("lost");
    this.attempt = Math.max(this.attempt, 1);
    this.retry = setTimeout(() => this.connect(), delay);
  }

  private drop(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    clearInterval(this.clock);
    const socket = this.socket;
    this.socket = null;
    this.welcomed = false;
    socket?.close();
  }

  private ping(): void {
    this.pingedAt = Date.now();
    this.say({ t: "ping" });
  }

  private transmit(unsent: Unsent): void {
    if (!this.welcomed) return;
    unsent.sentAt = Date.now();
    this.transfer({ t: "send", ...unsent.message });
  }

  private say(frame: CustomerFrameOut): void {
    if (this.welcomed) this.transfer(frame);
  }

  private transfer(frame: CustomerFrameOut): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame));
  }
}
