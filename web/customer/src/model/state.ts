/**
 * Everything the pages show, in one value.
 */
import type {
  Attachment,
  Choice,
  CodeAnswer,
  Customer,
  CustomerConversation,
  Entry,
  Incident,
  Locale,
  Medium,
  OrderCard,
  Resting,
  SiteLook,
  Standing,
  Suggested,
  TopicButton,
  VoiceWay,
} from "@mashang/protocol";
import type { LiveStatus } from "@mashang/protocol/live";
import { withRecalls } from "@mashang/protocol/recall";

/** What was said in one conversation, as far as this browser holds it. */
export interface Talk {
  entries: Entry[];
  /** Older entries exist on the server. */
  more: boolean;
  loading: "first" | "older" | null;
  failed: boolean;
  /** Staff entries after this number were unread when the customer came; null: all was read. */
  divider: number | null;
  /** The agent who is writing; null: nobody. */
  typing: { name: string | null } | null;
  /** Numbers of own messages of which the server hid a part. */
  masked: number[];
}

/** An own message the server has not acknowledged. */
export interface Unsent {
  client_id: string;
  conversation: string;
  at: string;
  /** `waiting`: a file that nobody took, to be uploaded again when the network is back. */
  state: "uploading" | "waiting" | "sending" | "failed";
  text?: string;
  /** What is being sent; a reload loses what was not uploaded yet, but not its name. */
  upload?: { name: string; size: number; picture: boolean; local: string; share: number };
  file?: Attachment;
  /** Why it failed, as a sentence. */
  reason?: string;
  /** Sending it again cannot help. */
  hopeless?: boolean;
  /** Which button of the assistant it is; sent as words, which it is for whoever reads it. */
  choice?: Choice;
  /** Not a message but the wish for a person, in words. */
  person?: boolean;
  /** It may have arrived, and is taken back as soon as its number is known. */
  withdrawn?: boolean;
}

export type { Incident };

export interface Notice {
  kind: "info" | "problem";
  text: string;
}

/** A link that was followed here: its secret, and the conversation it leads to, or the code to begin with. */
export interface Followed {
  secret: string;
  conversation: string | null;
  code: string | null;
}

/** What a link or a scan put into the code box, how it came, and what it means once that is known. */
export interface Linked {
  text: string;
  medium: Medium;
  answer?: CodeAnswer;
}

export interface State {
  phase: "starting" | "failed" | "ready";
  /** Why starting failed, and whether trying again can help. */
  failure: { text: string; final: boolean } | null;
  locale: Locale;
  /** Larger letters. */
  large: boolean;
  line: LiveStatus;
  customer: Customer | null;
  site: SiteLook | null;
  topics: TopicButton[];
  /** What the assistant is called, where there is one. */
  assistant: string | null;
  /** There is something to be read in the help centre. */
  help: boolean;
  /** Whom one would not reach now. */
  resting: Resting;
  /** What stands first for this customer, and why. */
  suggested: Suggested;
  uploadLimit: number;
  /** How one may speak instead of typing. */
  voice: VoiceWay[];
  conversations: CustomerConversation[];
  /** What keeps many waiting now, or will soon. */
  incidents: Incident[];
  /** The conversation on screen; null: the start page. */
  shown: string | null;
  talks: Record<string, Talk>;
  unsent: Unsent[];
  opening: boolean;
  /** A code that was pressed, or came with a link, and has ended: the code box says what it was. */
  ended: string | null;
  /** The order whose page the customer came from. */
  order: string | null;
  /** What the customer has proved; null: not asked yet. */
  standing: Standing | null;
  /** Orders of the customer's own that were looked at, by number; null: not theirs, or not told. */
  cards: Record<string, OrderCard | "coming" | null>;
  /** The order whose card is open. */
  looking: string | null;
  /** The last word that the shop says something new; another one each time. */
  told: unknown;
  /** The proof sheet is open, perhaps for this order. */
  proving: { order: string; whole?: boolean } | null;
  /** What the customer said as a visitor may belong to the account: the question is open. */
  joining: boolean;
  /** Somebody wants to go on here with what they began elsewhere, and has not said yes yet. */
  followed: Followed | null;
  /** The code of a link or a scan, until what it leads to is begun. */
  linked: Linked | null;
  notice: Notice | null;
  /** Words that were taken back, on their way to where one writes. */
  again: string | null;
  /** Words from the help centre, with which the next conversation begins. */
  carried: string | null;
  /** Milliseconds the server's clock is ahead of ours. */
  ahead: number;
  /** The chat is on screen (a frame may be folded away behind its button). */
  visible: boolean;
  /** It came on screen by itself: the focus stays where the reader is. */
  quietly: boolean;
}

export function atFirst(locale: Locale): State {
  return {
    phase: "starting",
    failure: null,
    locale,
    large: false,
    line: "idle",
    customer: null,
    site: null,
    topics: [],
    assistant: null,
    help: false,
    resting: { closed: null, topics: [] },
    suggested: { topics: [], unwanted: false },
    uploadLimit: 10 * 1024 * 1024,
    voice: [],
    incidents: [],
    conversations: [],
    shown: null,
    talks: {},
    unsent: [],
    opening: false,
    ended: null,
    order: null,
    standing: null,
    cards: {},
    looking: null,
    told: null,
    proving: null,
    joining: false,
    followed: null,
    linked: null,
    notice: null,
    again: null,
    carried: null,
    ahead: 0,
    visible: true,
    quietly: false,
  };
}

export const EMPTY_TALK: Talk = {
  entries: [],
  more: false,
  loading: null,
  failed: false,
  divider: null,
  typing: null,
  masked: [],
};

/** Adds entries to those held: each number once, in order. */
export function merged(held: Entry[], arrived: Entry[]): Entry[] {
  return withRecalls(together(held, arrived));
}

function together(held: Entry[], arrived: Entry[]): Entry[] {
  if (arrived.length === 0) return held;
  const last = held[held.length - 1]?.seq ?? 0;
  if (arrived.every((entry, i) => entry.seq > (arrived[i - 1]?.seq ?? last))) return [...held, ...arrived];
  const bySeq = new Map(held.map((entry) => [entry.seq, entry]));
  for (const entry of arrived) bySeq.set(entry.seq, entry);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** The list as it came, but for what is known to have changed since it was read: every change adds an entry. */
export function newest(held: CustomerConversation[], coming: CustomerConversation[]): CustomerConversation[] {
  return coming.map((one) => held.find((known) => known.id === one.id && known.head > one.head) ?? one);
}

/** Words of staff and of the service that the customer has not seen, in all conversations. */
export function unreadOf({ conversations, talks }: State): number {
  return conversations.reduce((sum, one) => sum + unreadIn(one, talks[one.id]), 0);
}

/** In one. */
export function unreadIn(conversation: CustomerConversation, talk: Talk | undefined): number {
  if (!talk || talk.entries.length === 0) return conversation.unread;
  return talk.entries.filter(
    (entry) => entry.seq > conversation.read && entry.author.kind !== "customer" && entry.kind !== "event",
  ).length;
}
