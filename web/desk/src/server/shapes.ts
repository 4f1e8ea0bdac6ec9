/**
 * What the staff side of the API speaks, as types; shapes both sides share come from @mashang/protocol.
 *
 * Does not: validate. A field that may be absent is optional or null, whatever the server prefers.
 */
import type { ConversationStatus, Entry, Named, TopicRef } from "@mashang/protocol";
import type { Maybe, OrderSummary } from "./beside";

export type Role = "operator" | "supervisor" | "agent";
export type Availability = "available" | "away";
/** 1 junior, 2 senior, 3 expert. */
export type Tier = 1 | 2 | 3;
export type ListName = "waiting" | "assisted" | "mine" | "snoozed" | "open" | "closed";

export interface Me {
  id: string;
  name: string;
  login: string;
  role: Role;
  departments: Named[];
  availability: Availability;
  capacity: number;
  permissions: string[];
  warnings?: Maybe<string[]>;
  second_factor: "on" | "off" | "missing";
  /** On whose clock the desk tells times. */
  zone: string;
  /** The first-run guide stands in my menu. */
  guide: boolean;
  /** After how many minutes a wait is long, and too long. */
  patience: { long_minutes: number; urgent_minutes: number };
  /** Who set me away. */
  away_by?: Maybe<string>;
}

/** `all`: everything open. */
export interface Counters {
  waiting: number;
  mine: number;
  all: number;
  offered: number;
  snoozed: number;
  /** Whom the assistant serves. */
  assisted: number;
}

export interface CustomerRef {
  id: string;
  name: string;
  proved: boolean;
  tier: string;
  claim_masked?: Maybe<string>;
  label: string;
  /** A visitor who proved by four digits that the order this is about is theirs. */
  order_proved?: Maybe<boolean>;
}

export interface Row {
  id: string;
  status: ConversationStatus;
  customer: CustomerRef;
  topic?: Maybe<TopicRef>;
  department: Named;
  agent?: Maybe<Named>;
  order_number?: Maybe<string>;
  last?: Maybe<{
    at: string;
    preview: string;
    author: string;
    kind?: "text" | "picture" | "file";
    /** Until something is said: the code it was opened with. */
    entered?: Maybe<string>;
  }>;
  unread: number;
  opened_at: string;
  queued_at?: Maybe<string>;
  /** The waiting are served in this order: when they came, less the head start of their priority. */
  order_at?: Maybe<string>;
  number?: Maybe<number>;
  /** A message was left: nobody waits there. */
  is_message?: boolean;
  /** Put aside by whoever serves it, until then or until the customer writes. */
  snoozed?: boolean;
  snoozed_until?: Maybe<string>;
  /** The title of an incident that is on and concerns it. */
  affected?: Maybe<string>;
  /** What somebody who waits is here for, in a line. */
  matter?: Maybe<string>;
  head: number;
}

export interface RowPage {
  rows: Row[];
  next?: Maybe<string>;
}

// ---------------------------------------------------------------- what was found

/** Some characters of a line; `found` when they are what was looked for. */
export interface Piece {
  text: string;
  found?: boolean;
}

/** What narrows a list. */
export interface Filters {
  department?: string;
  topic?: string;
  no_code?: boolean;
  tier?: string;
  minutes?: number;
  /** Affected by this one. */
  incident?: string;
}

export interface SavedView {
  id: string;
  name: string;
  list: ListName;
  filters: Filters;
  shared: boolean;
  own: boolean;
  by: string;
}

/** A customer's page. */
export interface CustomerView {
  customer: CustomerRef;
  account: string | null;
  site: Named;
  created_at: string;
  seen_at: string;
  browsers: number;
  conversations: Row[];
  total: number;
  orders: { number: string; conversation: string; told: OrderSummary | null }[];
  notes: { id: string; at: string; by: string; text: string; own: boolean }[];
  block: {
    id: string;
    reason: string;
    by: string;
    at: string;
    until: string | null;
    address: boolean;
  } | null;
}

export interface Found {
  /** Behind the conversations told here there are more. */
  next: string | null;
  talks: {
    conversation: Row;
    seq: number;
    at: string;
    author: "customer" | "agent" | "system";
    excerpt: Piece[];
    more: number;
  }[];
  customers: {
    customer: CustomerRef;
    account: string | null;
    excerpt: Piece[];
    conversations: number;
    latest: string;
  }[];
  orders: { number: string; excerpt: Piece[]; conversation: Row }[];
  codes: { code: string; name: string; conversations: Row[] }[];
}

export type Deed =
  | "accept"
  | "decline"
  | "take"
  | "reply"
  | "note"
  | "transfer"
  | "give_back"
  | "close"
  | "reopen"
  | "join"
  | "leave"
  | "whisper"
  | "call_assistant"
  | "snooze"
  | "wake";

export interface Conversation extends Row {
  locale: string;
  page?: Maybe<{ url: string; title: string }>;
  site: Named;
  read: { customer: number; staff: number };
  offer?: Maybe<{ expires_at: string; agent: Named | string }>;
  /** Who may write beside whoever serves. */
  joined?: Maybe<Named[]>;
  /** What the assistant told whoever answers now. */
  handed_over?: Maybe<{ at: string; lines: string[] }>;
  can: Partial<Record<Deed, boolean>>;
}

/** Who sent a conversation, and what they wrote for whoever answers. */
export interface Transferred {
  by: string;
  note: string;
}

/** One decision about where a conversation went, in words. */
export interface TraceLine {
  at: string;
  what: string;
  sentence: string;
}

export interface Directory {
  departments: { id: string; name: string; online: number; capacity_free: number }[];
  agents: {
    id: string;
    name: string;
    departments: string[];
    online: boolean;
    availability: Availability;
    free: number;
    tier: Tier;
  }[];
}

// ---------------------------------------------------------------- live frames of the desk

export type DeskFrame =
  | { t: "welcome"; now: string; agent?: Maybe<Named> }
  | { t: "entry"; conversation: string; entry: Entry }
  | { t: "caught_up"; conversation: string; head: number }
  | { t: "reload"; conversation: string }
  | { t: "ack"; client_id: string; conversation: string; seq: number; at: string; text?: Maybe<string> }
  | {
      t: "refused";
      client_id?: Maybe<string>;
      conversation?: Maybe<string>;
      code: string;
      message: string;
      facts: Record<string, unknown>;
    }
  | { t: "typing"; conversation: string; who: "customer" | "agent"; name?: Maybe<string> }
  | { t: "read"; conversation: string; who: "customer" | "staff"; seq: number }
  | { t: "rows"; rows?: Row[]; gone?: string[]; counters?: Maybe<Counters> }
  | { t: "offer"; conversation: Row; expires_at: string; seconds: number; transfer?: Maybe<Transferred> }
  | { t: "transfer_refused"; conversation: string; customer: string; agent: string; reason: string }
  | { t: "offer_gone"; conversation: string; reason: string }
  | { t: "context"; conversation: string }
  | { t: "incidents_changed" }
  | { t: "mentioned"; conversation: string; by: string }
  | { t: "colleague"; conversation: string; id: string; name: string; doing: string }
  | { t: "me" }
  | { t: "board" }
  | { t: "lists" };
