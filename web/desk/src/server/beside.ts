/**
 * What stands beside a conversation, as types: what the shop knows, what was asked of it, who the customer is.
 *
 * Does not: validate. A field that may be absent is optional or null, whatever the server prefers.
 */
import type { ConversationStatus, TopicRef } from "@mashang/protocol";

export type Maybe<T> = T | null | undefined;

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

export type ShopAction = "resend" | "reissue" | "refund";

/** How far an asking has come: `accepted` the shop will do it, `unknown` it gave no usable answer, `not_done` it never came. */
export type ActionState = "asked" | "done" | "accepted" | "refused" | "unknown" | "not_done";

/** One line of our ledger: what somebody asked the shop to do with an order, and what became of it. */
export interface ShopActionView {
  id: string;
  order_number: string;
  /** null: the order as a whole. */
  line: string | null;
  action: ShopAction;
  round: number;
  state: ActionState;
  asked_at: string;
  settled_at?: Maybe<string>;
  by: "agent" | "customer";
  by_name?: Maybe<string>;
  reason?: Maybe<string>;
  /** What the shop said to it. */
  text?: Maybe<string>;
  key_masked?: Maybe<string>;
  to_masked?: Maybe<string>;
}

/** What can be asked for now; `why_not` says in words why it cannot. */
export interface ActionOffer {
  action: ShopAction;
  line: string | null;
  round: number;
  why_not?: Maybe<string>;
}

/** Whole card keys, for the eyes of whoever asked and for so long. */
export interface RevealedKeys {
  keys: string[];
  hide_after_seconds: number;
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

/** What the payment provider itself says of the payment. */
export interface ProviderPayment {
  provider: string;
  status: string;
  paid_at?: Maybe<string>;
  amount?: Maybe<Money>;
  reference_masked?: Maybe<string>;
  /** The shop says paid, too. */
  notified?: boolean;
  /** Another amount than the order's. */
  differs?: boolean;
}

/** A parcel as the shop named it and, where a tracker was asked, how far it came. */
export interface TrackedShipment {
  number: string;
  carrier: string;
  state?: Maybe<string>;
  /** The order lines in it; empty: all. */
  lines?: Maybe<string[]>;
  /** Newest first. */
  events?: Maybe<{ at: string; text: string; place?: Maybe<string> }[]>;
  tracked_at?: Maybe<string>;
  /** Left out where it is the shop. */
  source?: string;
  /** Why the carrier says nothing of it, or nothing newer. */
  reason?: string;
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

export type IncidentState = "announced" | "now" | "over";

/** What keeps many waiting, as it stands beside a conversation. */
export interface Incident {
  id: string;
  source: "operator" | "shop";
  title: string;
  text: string;
  starts_at: string;
  ends_at: string | null;
  closed_at: string | null;
  state: IncidentState;
  codes: string[];
  /** The conversation came with one of its codes. */
  concerns: boolean;
  affected: boolean;
  /** Who marked it, where that was not its code. */
  by: string | null;
}

/** One that lists can be narrowed by. */
export interface NamedIncident {
  id: string;
  title: string;
  state: IncidentState;
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

/** How the customer of a conversation stands: `last_four` proves the status of this very order, `look_up_password` all of it. */
export interface Identity {
  proved_by: "token" | "one_time_code" | "joined" | "last_four" | "look_up_password" | null;
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
  /** Entries of the card-issue record that the shop told by itself, oldest first. */
  issued?: Maybe<{ line: string; entry: IssueStep }[]>;
  payment?: Maybe<ProviderPayment>;
  shipments?: Maybe<TrackedShipment[]>;
  actions?: Maybe<ShopActionView[]>;
  offers?: Maybe<ActionOffer[]>;
  /** The shop shows whole keys to whoever may see them. */
  reveals?: Maybe<boolean>;
  incidents: Incident[];
  promotions?: Maybe<Promotion[]>;
  missing?: Maybe<string[]>;
  /** Why the first of the missing parts has no answer. */
  reason?: Maybe<string>;
  /** The shop was seen down and is left alone until then. */
  retry_at?: Maybe<string>;
  earlier?: Maybe<Earlier[]>;
}
