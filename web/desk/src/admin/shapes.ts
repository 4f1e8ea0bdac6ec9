/**
 * What administration's part of the API speaks, as types.
 *
 * Does not: validate. A field that may be absent is optional or null, whatever the server prefers.
 */
import type { Named, Placement, Position } from "@mashang/protocol";
import type { Availability, Role, Tier } from "../server/shapes";

type Maybe<T> = T | null | undefined;

export interface Department {
  id: string;
  name: string;
  name_en: string;
  position: number;
  people?: Maybe<number>;
}

export interface Person {
  id: string;
  login: string;
  name: string;
  role: Role;
  capacity: number;
  departments: string[];
  availability?: Maybe<Availability>;
  online?: Maybe<boolean>;
  tier: Tier;
  skills: string[];
  second_factor: boolean;
}

export interface Topic {
  id: string;
  code: string;
  name: string;
  name_en: string;
  department: string;
  greeting: string;
  greeting_en: string;
  icon: string;
  aliases: string[];
  context: string[];
  shown: boolean;
  position: number;
  takes_reference: boolean;
  required_tier: number;
  skills: string[];
  priority: number;
  expires_at: string | null;
  /** The code to take once its time is over. */
  successor: string | null;
  /** What answers before anybody queues, and which one; `answer_text` is a template's. */
  answers_with: "" | "article" | "template" | "playbook";
  answer_key: string;
  answer_text: string;
  answer_text_en: string;
}

/** A code that ended, ends, or that nobody uses; `instead`: what is offered to who comes with it now. */
export interface EndingTopic {
  id: string;
  code: string;
  name: string;
  department: string;
  concern: "still_asked" | "ends_soon" | "ended" | "archived" | "unused_90" | "unused_30";
  archived: boolean;
  ends_at: string | null;
  last_used_at: string | null;
  attempts: number;
  successor: string | null;
  instead: string | null;
}

/** What became of the minted codes of a campaign, or of those shown at one place. */
export interface EndingGroup {
  campaign: string | null;
  scene: string;
  issued: number;
  used: number;
  unused_at_end: number;
  unused_long: number;
  ending: number;
  live: number;
  revoked: number;
  renewed: number;
  reminded: number;
  renewed_then: number;
}

export interface EndingCodes {
  topics: EndingTopic[];
  groups: EndingGroup[];
}

export interface TopicWarning {
  field: "code" | "name" | "aliases" | "successor";
  kind: string;
  message: string;
}

export interface TopicPart {
  name: string;
  label: string;
}

export interface Looks {
  colour: string;
  title: string;
  title_en: string;
  greeting: string;
  greeting_en: string;
  placement: Placement;
  position: Position;
  demonstration: boolean;
}

export interface SiteKey {
  kid: string;
  created_at: string;
  revoked_at?: Maybe<string>;
}

export interface Site {
  id: string;
  name: string;
  origins: string[];
  shop?: Maybe<string>;
  looks: Looks;
  vip_tiers: string[];
  snippet?: Maybe<string>;
  keys?: Maybe<SiteKey[]>;
}

export interface KindField {
  name: string;
  kind: "text" | "address" | "number" | "secret" | "pem" | "choice";
  required: boolean;
  choices?: Maybe<string[]>;
  default?: Maybe<string>;
}

export interface ShopKind {
  name: "http" | "dujiaoka";
  fields: KindField[];
  makes_secret: boolean;
}

export interface Ability {
  name: string;
  can?: Maybe<boolean>;
}

export interface ProviderKind {
  kind: "alipay" | "wechat_pay" | "kuaidi100";
  part: "payment" | "shipments";
  fields: KindField[];
  can: string[];
  cannot: string[];
}

export interface Provider {
  id: string;
  kind: ProviderKind["kind"];
  values: Record<string, string>;
  filled: string[];
  trouble?: Maybe<string>;
  last_answer_at?: Maybe<string>;
  down_until?: Maybe<string>;
}

export interface Shop {
  id: string;
  name: string;
  kind: ShopKind["name"];
  base_url: string;
  settings: Record<string, unknown>;
  customer_actions: string[];
  actions_a_day: number;
  abilities: Ability[];
  key_id: string;
  last_error?: Maybe<string>;
  last_answer_at?: Maybe<string>;
  down_until?: Maybe<string>;
}

export interface ShopTest {
  ok: boolean;
  checks: { name: string; ok: boolean; detail?: Maybe<string> }[];
}

export interface WaitRecord {
  id: string;
  department: Named;
  required_tier: number;
  served: number;
  left: number;
  told: number;
  held: number;
  mean_wait?: Maybe<number>;
  error?: Maybe<number>;
  /** Served and never told a range: nobody was there, or a message was left. */
  untold: number;
  mean_untold?: Maybe<number>;
}

/** `opens` and `closes` are times of day; one that closes no later than it opens closes on the next day. */
export interface Interval {
  opens: string;
  closes: string;
}

/** Monday first. */
export type Week = Interval[][];

export interface Hours {
  /** A department, or `everywhere`. */
  id: string;
  name: string;
  own: boolean;
  week: Week | null;
  closed_text: string;
  closed_text_en: string;
  open_now: boolean;
  opens_at: string | null;
}

export interface AuditPage {
  lines: AuditLine[];
  next?: Maybe<number>;
}

export interface AuditLine {
  id: number;
  at: string;
  by?: Maybe<Named>;
  action: string;
  subject: string;
  before?: unknown;
  after?: unknown;
}

/** Somebody who may not write now. */
export interface BlockRecord {
  id: string;
  customer: string;
  label: string;
  account: string | null;
  reason: string;
  by: string;
  at: string;
  until: string | null;
  address: boolean;
}
