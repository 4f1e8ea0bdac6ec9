/**
 * What the staff side of the API speaks, as types; shapes both sides share come from @mashang/protocol.
 *
 * Does not: validate. A field that may be absent is optional or null, whatever the server prefers.
 */
import type { ConversationStatus, Entry, Named, TopicRef } from "@mashang/protocol";

type Maybe<T> = T | null | undefined;

export type Role = "operator" | "supervisor" | "agent";
export type Availability = "available" | "away";
/** 1 junior, 2 senior, 3 expert. */
export type Tier = 1 | 2 | 3;
export type ListName = "waiting" | "mine" | "snoozed" | "open" | "closed";

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

// ---------------------------------------------------------------- what the shop knows

export interface Money {
  amount: string;
  currency: string;
}

export interface IssueStep {
  at: string;
  action: string;
  key_masked?: Maybe<string>;
  to_masked?: Maybe<string>;
  source?: Maybe<string>;
}

export interface OrderLine {
  id: string;
  product: string;
  quantity: number;
  price: Money;
  delivery?: Maybe<{
    kind: string;
    state: string;
    at?: Maybe<string>;
    recharge_target_masked?: Maybe<string>;
  }>;
  issue_record?: Maybe<IssueStep[]>;
}

export interface Anomaly {
  kind: string;
  text: string;
  since?: Maybe<string>;
}

export interface Order {
  number: string;
  placed_at: string;
  status: string;
  status_text?: Maybe<string>;
  total: Money;
  payment?: Maybe<{
    method: string;
    status: string;
    paid_at?: Maybe<string>;
    reference_masked?: Maybe<string>;
  }>;
  lines: OrderLine[];
  anomaly?: Maybe<Anomaly>;
}

export interface OrderSummary {
  number: string;
  placed_at: string;
  status: string;
  status_text?: Maybe<string>;
  total?: Maybe<Money>;
  title?: Maybe<string>;
  anomaly?: Maybe<Anomaly>;
}

export interface Promotion {
  id: string;
  title: string;
  text?: Maybe<string>;
  ends_at?: Maybe<string>;
}

export interface Incident {
  title: string;
  text?: Maybe<string>;
  starts_at?: Maybe<string>;
  ends_at?: Maybe<string>;
  codes?: Maybe<string[]>;
}

export interface Earlier {
  id: string;
  topic?: Maybe<TopicRef>;
  status: ConversationStatus;
  opened_at: string;
  closed_at?: Maybe<string>;
  agent?: Maybe<{ name: string }>;
}

export type CodeState = "live" | "expired" | "revoked" | "used_up";

export interface OrderCode {
  id: string;
  code: string;
  state: CodeState;
  scene: string;
  minted_by: "shop" | "customer" | "agent" | "operator";
  expires_at: string | null;
}

/** How the customer of a conversation stands: `last_four` proves the status of this very order and no more. */
export interface Identity {
  proved_by: "token" | "one_time_code" | "joined" | "last_four" | null;
  proved_until: string | null;
  account: string | null;
  order_number: string | null;
  order_proved: boolean;
  claimed_codes: { code: string; claimed_at: string; verified_at: string | null }[];
  order_codes: OrderCode[];
  joined_visitor: boolean;
}

export interface CampaignCode {
  id: string;
  code: string;
  campaign: string;
  topic: string | null;
  state: CodeState;
  minted_at: string;
  expires_at: string | null;
  uses: number;
  uses_left: number | null;
}

export interface ContextView {
  status: "asking" | "complete" | "partial" | "unanswered" | "nothing_to_ask";
  asked_at?: Maybe<string>;
  answered_at?: Maybe<string>;
  account?: Maybe<{
    subject: string;
    name: string;
    tier: string;
    balance?: Maybe<Money>;
    since?: Maybe<string>;
    phone_masked?: Maybe<string>;
  }>;
  order?: Maybe<Order>;
  orders?: Maybe<OrderSummary[]>;
  claimed_order?: Maybe<{ number: string; proved: boolean }>;
  /** What the shop told by itself of this order, beside what the order says. */
  reported?: Maybe<Anomaly[]>;
  incidents?: Maybe<Incident[]>;
  promotions?: Maybe<Promotion[]>;
  missing?: Maybe<string[]>;
  /** Why the first of the missing parts has no answer. */
  reason?: Maybe<string>;
  /** The shop was seen down and is left alone until then. */
  retry_at?: Maybe<string>;
  earlier?: Maybe<Earlier[]>;
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
  | { t: "mentioned"; conversation: string; by: string }
  | { t: "colleague"; conversation: string; id: string; name: string; doing: string }
  | { t: "me" }
  | { t: "board" }
  | { t: "lists" };
