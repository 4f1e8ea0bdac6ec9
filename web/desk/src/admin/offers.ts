/**
 * What a rule of offers is on the wire, and as the flat form that an operator fills in.
 */
import { get, post } from "../server/http";

export type Promotion = "none" | "wanted" | "needed";

export interface When {
  places?: string[];
  before_sale?: boolean;
  balance_below?: { amount: string; currency: string } | null;
  days_after_delivery?: number | null;
  anomalies?: string[];
  tiers?: string[];
  asked?: { code: string; times: number } | null;
}

export interface Figures {
  version: number;
  made_at: string;
  shown: number;
  taken: number;
  dismissed: number;
  talks: number;
}

interface Wording {
  name: string;
  code: string;
  text: string;
  text_en: string;
  promotion: Promotion;
  cool_down_days: number;
}

export interface OfferRule extends Wording {
  id: string;
  version: number;
  when: When;
  position: number;
  is_on: boolean;
  made_at: string;
  figures: Figures[];
}

export interface Starter extends Wording {
  name_en: string;
  when: When;
}

export interface OfferTrial {
  visitors: number;
  shown: number;
  unknown: number;
  /** To how many at most, and whether that may be most of all. */
  most: number;
  is_wide: boolean;
  since: string | null;
  examples: { customer: string; path: string; at: string }[];
  partly: ("before_sale" | "balance_below" | "days_after_delivery")[];
}

export interface OfferLimits {
  per_day: number;
  per_week: number;
  quiet_from: string | null;
  quiet_until: string | null;
}

/** The form; what is left empty asks nothing. */
export interface OfferDraft extends Wording {
  places: string[];
  before_sale: boolean;
  balance: number | null;
  days: number | null;
  anomalies: string[];
  tiers: string[];
  asked_code: string | null;
  asked_times: number;
  position: number;
  is_on: boolean;
  confirmed?: number | null;
}

const CURRENCY = "CNY";
const TIMES = 2;

export const NEW_OFFER: OfferDraft = {
  name: "",
  code: "",
  text: "",
  text_en: "",
  promotion: "none",
  cool_down_days: 7,
  position: 0,
  is_on: false,
  ...conditionsOf({}),
};

export function draftOf(rule: OfferRule | Starter): Omit<OfferDraft, "position" | "is_on"> {
  const { name, code, text, text_en, promotion, cool_down_days, when } = rule;
  return { name, code, text, text_en, promotion, cool_down_days, ...conditionsOf(when) };
}

function conditionsOf(when: When) {
  return {
    places: when.places ?? [],
    before_sale: when.before_sale ?? false,
    balance: when.balance_below ? Number(when.balance_below.amount) : null,
    days: when.days_after_delivery ?? null,
    anomalies: when.anomalies ?? [],
    tiers: when.tiers ?? [],
    asked_code: when.asked?.code ?? null,
    asked_times: when.asked?.times ?? TIMES,
  };
}

export function whenOf(draft: OfferDraft): When {
  const { places, before_sale, balance, days, anomalies, tiers, asked_code, asked_times } = draft;
  return {
    places,
    before_sale,
    anomalies,
    tiers,
    balance_below: balance === null ? null : { amount: balance.toFixed(2), currency: CURRENCY },
    days_after_delivery: days,
    asked: asked_code ? { code: asked_code, times: asked_times } : null,
  };
}

export function sentOf(draft: OfferDraft) {
  const { name, code, text, text_en, promotion, cool_down_days, position, is_on, confirmed } = draft;
  const said = { name, code, text, text_en, promotion, cool_down_days, position, is_on };
  return { ...said, confirmed: confirmed ?? null, when: whenOf(draft) };
}

export const tryWhen = (when: When) => post<OfferTrial>("/admin/offer-rules/try", { when });
export const askStarters = () => get<Starter[]>("/admin/offer-rules/starters");
export const askLimits = () => get<OfferLimits>("/admin/offer-rules/limits");
