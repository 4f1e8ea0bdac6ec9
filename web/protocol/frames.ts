/**
 * What travels over sockets, and between a page of the shop and the chat inside of it.
 *
 * Part of `wire`, which gives it out; the shapes that frames carry are there.
 */
import type {
  Ack,
  Choice,
  ConversationStatus,
  Entry,
  Incident,
  Locale,
  Named,
  RefusalBody,
  TopicRef,
  Waiting,
} from "./wire";

// ---------------------------------------------------------------- live frames

export interface WatchFrom {
  conversation: string;
  after: number;
}

export type CustomerFrameOut =
  | { t: "hello"; session: string; watch: WatchFrom[]; locale?: Locale }
  | ({ t: "watch" } & WatchFrom)
  | { t: "unwatch"; conversation: string }
  | { t: "send"; conversation: string; client_id: string; text?: string; file?: string; choice?: Choice }
  | { t: "typing"; conversation: string }
  | { t: "read"; conversation: string; seq: number }
  | { t: "ping" };

export interface StateFrame {
  t: "state";
  conversation: string;
  status: ConversationStatus;
  agent?: { name: string } | null;
  department: Named;
  waiting?: Waiting | null;
  place_until?: string | null;
  topic?: TopicRef | null;
  read: { customer: number; staff: number };
}

export interface RefusedFrame extends RefusalBody {
  t: "refused";
  client_id?: string | null;
  conversation?: string | null;
}

/** Frames both kinds of socket send. */
export type SharedFrameIn =
  | { t: "entry"; conversation: string; entry: Entry }
  | { t: "caught_up"; conversation: string; head: number }
  | { t: "reload"; conversation: string; head: number }
  | ({ t: "ack" } & Ack)
  | RefusedFrame
  | { t: "typing"; conversation: string; who: "customer" | "agent"; name?: string | null }
  | { t: "read"; conversation: string; who: "customer" | "staff"; seq: number }
  | { t: "pong" };

export type CustomerFrameIn =
  | SharedFrameIn
  | { t: "welcome"; now: string }
  | StateFrame
  /** What the shop knows of the order is new. */
  | { t: "context"; conversation: string }
  | { t: "incidents"; incidents: Incident[] };

export const CLOSE = {
  malformed: 4400,
  signedOut: 4401,
  origin: 4403,
  tooSlow: 4408,
  tooMany: 4429,
  restarting: 4503,
} as const;

// ---------------------------------------------------------------- loader ↔ chat frame

/** How a code came that was neither typed nor tapped among the topics. */
export type Medium = "scene" | "link" | "qr" | "voice" | "suggestion" | "offer";

export type HostMessage =
  | { type: "identify"; token: string }
  | { type: "sign-out" }
  | { type: "open"; code?: string; order?: string; medium?: Medium; scene?: string }
  | { type: "page"; url: string; title: string }
  | { type: "visible"; visible: boolean; quietly?: boolean };

export type ChatMessage =
  | { type: "ready" }
  | { type: "unread"; count: number }
  | { type: "minimise" }
  | { type: "active"; conversation: boolean }
  /** Nothing is loading any more: what is shown may be looked at. */
  | { type: "drawn"; conversation: boolean }
  /** The customer wants nothing recommended any more, or does again. */
  | { type: "offers"; wanted: boolean }
  | { type: "token-needed" };
