/**
 * An order as its proved owner sees it: what the shop says of it, what was done about it, what may be done now.
 *
 * Part of `wire`, which gives it out.
 */
import type { OwnCode } from "./wire";

export interface Money {
  amount: string;
  currency: string;
}

/** One step of the card-issue record. */
export interface IssueStep {
  at: string;
  action: "issued" | "delivered" | "opened" | "resent" | "reissued" | "refunded" | "failed";
  source: string;
  key_masked?: string | null;
  to_masked?: string | null;
}

export interface OrderLine {
  id: string;
  product: string;
  quantity: number;
  price: Money;
  delivery: {
    kind: "card_key" | "top_up" | "parcel";
    state: "waiting" | "issued" | "delivered" | "failed";
    at?: string | null;
    recharge_target_masked?: string | null;
  };
  issue_record: IssueStep[];
}

export interface OrderPayment {
  /** In the shop's own words, as a rule `alipay`, `wechat_pay` or `balance`. */
  method: string;
  status: "pending" | "paid" | "failed" | "refunded";
  paid_at?: string | null;
  reference_masked?: string | null;
}

export interface Anomaly {
  kind: string;
  text: string;
  since: string;
}

/** How the payment stands at its provider; `notified`: the shop says paid too, `differs`: another amount than the order's. */
export interface ProviderPayment {
  provider: "alipay" | "wechat_pay";
  status: "paid" | "refunded" | "waiting" | "failed" | "closed" | "none";
  paid_at?: string | null;
  amount?: Money | null;
  reference_masked?: string | null;
  notified?: boolean;
  differs?: boolean;
}

/** A parcel and its track, newest first; `reason`: why nothing of it is known, or nothing newer. */
export interface Parcel {
  number: string;
  carrier: string;
  state?: ParcelState | null;
  events?: { at: string; text: string; place?: string }[];
  tracked_at: string;
  reason?: string;
}

export type ParcelState =
  | "waiting"
  | "collected"
  | "in_transit"
  | "delivering"
  | "delivered"
  | "problem"
  | "returning"
  | "returned";

export type ActionName = "resend" | "reissue" | "refund";

/** What the shop was asked to do, and what became of it; `line` null is the whole order. */
export interface OrderAction {
  id: string;
  order_number: string;
  line: string | null;
  action: ActionName;
  round: number;
  state: "asked" | "done" | "accepted" | "refused" | "unknown" | "not_done";
  asked_at: string;
  settled_at: string | null;
  by: "customer" | "agent";
  by_name: string | null;
  text: string;
  key_masked: string | null;
  to_masked: string | null;
}

/** What may be pressed now, or why not. */
export interface ActionOffer {
  action: ActionName;
  line: string | null;
  round: number;
  why_not:
    | "unpaid"
    | "cancelled"
    | "refunded"
    | "not_issued"
    | "under_way"
    | "already_asked"
    | "limit"
    | "only_by_agent"
    | "not_permitted"
    | "not_serving"
    | null;
}

export type OrderStatus =
  | "pending_payment"
  | "paid"
  | "delivered"
  | "partly_delivered"
  | "failed"
  | "refunded"
  | "cancelled";

/** An order of one's own; with `status_only` no more than its status may be told, and the rest is empty. */
export interface OrderCard {
  number: string;
  placed_at: string;
  status: OrderStatus;
  status_text: string;
  title: string;
  status_only: boolean;
  codes: OwnCode[];
  total: Money | null;
  lines: OrderLine[];
  payment: OrderPayment | null;
  /** The payment provider's own word. */
  paid: ProviderPayment | null;
  /** The shop's page where its owner opens it. */
  url: string | null;
  shipments: Parcel[];
  anomalies: Anomaly[];
  /** Oldest first. */
  actions: OrderAction[];
  offers: ActionOffer[];
  told_at: string | null;
  /** The shop does not answer now: this is what it said before. */
  stale: boolean;
}
