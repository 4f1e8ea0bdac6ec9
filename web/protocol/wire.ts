/**
 * What travels between the browser pages and the server, as types.
 *
 * Both pages (customer, desk) read these and nothing else, so that a change of the server's shapes is a type
 * error in the page that uses them. Times are ISO-8601 in UTC, ids are the server's public ids.
 *
 * Does not: validate at run time (the server is ours), or know any address of a route.
 */
import type { Medium } from "./frames";

export * from "./frames";
export * from "./orders";

export type Locale = "zh-CN" | "en";

// ---------------------------------------------------------------- shared shapes

export interface RefusalBody {
  code: string;
  message: string;
  facts?: Record<string, unknown>;
}

export interface Named {
  id: string;
  name: string;
}

export interface TopicRef {
  code: string;
  name: string;
}

export interface Attachment {
  id: string;
  name: string;
  media_type: string;
  size: number;
  picture: boolean;
  animated: boolean;
  width?: number | null;
  height?: number | null;
}

export interface FileAddress {
  url: string;
  preview_url: string | null;
  expires_at: string;
}

export interface FileAddresses {
  addresses: Record<string, FileAddress>;
}

export type Audience = "everyone" | "staff";
export type AuthorKind = "customer" | "agent" | "assistant" | "system";
export type ConversationStatus = "assisted" | "waiting" | "active" | "closed";

export interface Author {
  kind: AuthorKind;
  id?: string | null;
  name?: string | null;
}

/** What happened, in a timeline entry of kind `event`; the facts depend on the name. */
export interface TimelineEvent {
  name: string;
  [fact: string]: unknown;
}

/** Something of the shop, or a page of a registered site; the words of its entry say the same. */
export interface ShopCardFacts {
  kind: "product" | "promotion" | "link";
  title: string;
  url: string;
  host: string;
  price?: string;
  note?: string;
  /** Our own copy of the shop's picture. */
  picture?: Attachment | null;
}

export interface AssistantOption {
  id: string;
  label: string;
}

/** What an entry of the assistant is beside its text: words of an article, "did you mean", a question, anything else. */
export interface AssistantPart {
  kind: "answer" | "choices" | "ask" | "say";
  article?: { id: string; title: string } | null;
  options?: AssistantOption[];
  expects?: "choice" | "text" | "picture" | "order" | "proof" | null;
  asks_helpful?: boolean;
  /** By a model, from `article`. */
  worded?: boolean;
  /** With `proof`: of which order, and how much of it. */
  order_number?: string | null;
  needs?: "status" | "order" | "account" | null;
}

/** A button of the assistant that was pressed: option `id` of its entry `seq`. */
export interface Choice {
  seq: number;
  id: string;
}

export interface Entry {
  seq: number;
  prev: number;
  at: string;
  audience: Audience;
  author: Author;
  kind: "text" | "file" | "event";
  text?: string;
  file?: Attachment | null;
  event?: TimelineEvent | null;
  client_id?: string | null;
  /** Whom a note names. */
  mentions?: { id: string; name: string }[];
  card?: ShopCardFacts | null;
  assistant?: AssistantPart | null;
  choice?: Choice | null;
}

export interface EntryPage {
  entries: Entry[];
  more: boolean;
}

export interface Ack {
  client_id: string;
  conversation: string;
  seq: number;
  at: string;
  text?: string | null;
}

// ---------------------------------------------------------------- customer side

export type Placement = "button" | "side-tab" | "inline" | "top-link";
export type Position = "right" | "left";
export type Entrance = "assistant" | "code" | "person";

/** What the loader needs before anything else of the product is loaded. */
export interface WidgetLook {
  colour: string;
  placement: Placement;
  position: Position;
  title: string;
  lang?: Locale | null;
  /** Whose pages ask for an offer; nobody's where the look was not asked. */
  offers?: "nobody" | "members" | "everybody";
  /** May one speak in the chat? */
  voice: boolean;
}

/** What a page may offer whoever looks at it: a line, why, and what taking it opens the chat with. */
export interface OfferAnswer {
  offer: {
    id: string;
    kind: "matter" | "rule";
    text: string;
    why: string;
    code: string | null;
    name: string;
    scene: string;
    order: string | null;
  } | null;
}

export interface SiteLook {
  id: string;
  name: string;
  colour: string;
  /** Black or white, whichever is read better on `colour`. */
  ink: string;
  title: string;
  greeting: string;
  placement: Placement;
  position: Position;
  /** Who comes for the first time is shown what a code is. */
  demonstration: boolean;
}

export interface Customer {
  id: string;
  name: string;
  proved: boolean;
  tier: string;
  claim_kind?: string | null;
  claim_masked?: string | null;
}

export interface TopicButton {
  code: string;
  name: string;
  icon: string;
  department: string;
}

/** From one number of minutes to another; 1 to 1 is less than a minute. `word` says why it had to grow. */
export interface ExpectedWait {
  low_minutes: number;
  high_minutes: number;
  word?: "privileged" | "unanswered" | "returned" | "fewer_agents" | "slower" | null;
}

/** `opens_at`: when it opens next, if ever; `zone`: on whose clock the shop's hours are. */
export interface Closed {
  text: string;
  opens_at: string | null;
  zone: string;
}

export interface Waiting {
  number: number;
  ahead: number;
  agents_online: number;
  estimate?: ExpectedWait | null;
  /** By the department's hours; gone when it opens. */
  closed?: Closed | null;
  /** A message was left: place and time are nobody's concern. */
  is_message?: boolean;
}

export interface CustomerConversation {
  id: string;
  status: ConversationStatus;
  topic?: TopicRef | null;
  department: Named;
  agent?: { name: string } | null;
  order_number?: string | null;
  head: number;
  unread: number;
  read: number;
  staff_read: number;
  opened_at: string;
  closed_at?: string | null;
  /** It was left while it waited: until then the old place is kept. */
  place_until?: string | null;
  waiting?: Waiting | null;
}

export interface SessionRequest {
  site: string;
  token?: string;
  session?: string;
  /** The address of the page one stands on. */
  page?: string;
}

/** What keeps many customers waiting; without `ends_at` nobody knows until when, and one that starts later is announced. */
export interface Incident {
  id: string;
  title: string;
  text: string;
  starts_at: string;
  ends_at: string | null;
}

/** `closed`: who comes without a code would wait until then; so would who comes with one of these codes. */
export interface Resting {
  closed: Closed | null;
  topics: string[];
}

/** A topic and why it stands first; `order`: the order it is about. */
export interface Suggestion {
  code: string;
  name: string;
  icon: string;
  reason: string;
  order: string | null;
}

/** `unwanted`: the customer wanted nothing suggested. */
export interface Suggested {
  topics: Suggestion[];
  unwanted: boolean;
}

export type VoiceWay = "recogniser" | "recording";

export interface CustomerSession {
  session: string;
  customer: Customer;
  site: SiteLook;
  topics: TopicButton[];
  entrances: Entrance[];
  /** The assistant, where there is one. */
  assistant: { name: string } | null;
  upload_limit: number;
  conversations: CustomerConversation[];
  resting: Resting;
  suggested: Suggested;
  /** How one may speak instead of typing, the way to be tried first first. */
  voice: VoiceWay[];
  incidents: Incident[];
  /** Is there anything to be read in the help centre? */
  help: boolean;
}

/** `marks`: from where to where (not included) it is what was searched, in characters. */
export interface Marked {
  text: string;
  marks?: [number, number][];
}

/** An article of the help centre that was found. */
export interface HelpFound {
  id: string;
  title: Marked;
  excerpt: Marked;
}

/** One to read; `html` may stand in any page of ours. */
export interface HelpArticle {
  id: string;
  locale: Locale;
  title: string;
  html: string;
}

export interface Claim {
  claim_kind: "phone" | "user_name";
  claim_masked: string;
}

/** `corrected`: certain, though something else was typed. `expired`: `topics` says what to take instead, if anything. */
export type CodeAnswer =
  | { outcome: "matched"; topic: TopicButton; how: string; corrected?: boolean }
  | {
      outcome: "reference";
      topic: TopicButton;
      digits: string;
      about: About;
      orders?: OrderChoice[];
      conversation?: string;
    }
  | {
      outcome: "minted";
      topic?: TopicButton;
      standing: "noted" | "yours" | "not_yours";
      own?: OwnCode;
      /** One's own that is open about the order this means. */
      conversation?: string;
    }
  | { outcome: "expired"; topic: TopicButton; expired_at: string; topics?: TopicButton[] }
  | { outcome: "ambiguous"; topics: TopicButton[] }
  | { outcome: "person" }
  | { outcome: "misread" | "one_time" | "unknown"; topics?: TopicButton[] };

/** Which of one's own orders digits behind a topic mean. */
export type About = "prove" | "one" | "several" | "none" | "unanswered";

export interface OrderChoice {
  number: string;
  title: string;
  placed_at: string;
  status_text: string;
}

export interface OwnCode {
  id: string;
  code: string;
  state: "live" | "expired" | "revoked" | "used_up";
  order_number: string | null;
  campaign: string | null;
  expires_at: string | null;
  /** It has ended, or ends soon, and can live longer. */
  renewable: boolean;
}

/** A code of one's own to be reminded of; without an end it is one that was never used. */
export interface DueCode {
  id: string;
  code: string;
  order_number: string | null;
  expires_at: string | null;
}

/** What became of a renewal: when the code ends now, or why it does not live longer. */
export interface Renewal {
  id: string;
  outcome: "renewed" | "revoked" | "used_up" | "oldest" | "endless" | "settled" | "unanswered" | "unknown";
  expires_at: string | null;
}

/** `answered`: the shop said which they are. */
export interface OwnOrders {
  orders: OrderChoice[];
  answered: boolean;
}

export type ProofWay = "last_four" | "look_up_password" | "one_time_code";

/** Who one is taken to be; `orders` are proved one by one, `may_join`: the visitor could be joined to its account. */
export interface Standing {
  customer: Customer;
  proved_by: "token" | "one_time_code" | null;
  until: string | null;
  orders: string[];
  ways: ProofWay[];
  may_join: boolean;
  joined: { id: string; joined_at: string }[];
  due: DueCode[];
}

export interface CodeSent {
  id: string;
  expires_at: string;
}

/** Where another browser goes on, once, until `expires_at`; `picture` is the link as a QR code. */
export interface ContinueLink {
  url: string;
  picture: string;
  expires_at: string;
}

/** Where a code leads: `url` to send, `picture` (a data address of an SVG) to scan; `name` is its topic's, or "". */
export interface CodeLink {
  code: string;
  name: string;
  url: string;
  picture: string;
}

/** As whom the holder of a link would go on, and where. */
export interface ContinuedAs {
  customer: Customer;
  title: string;
  expires_at: string;
}

/** A session of this customer that was begun by a link. */
export interface Continued {
  id: string;
  began_at: string;
}

export interface OpenConversation {
  opening_key: string;
  entrance: Entrance;
  code?: string;
  text?: string;
  medium?: Medium;
  scene?: string;
  order_number?: string;
  page?: { url: string; title: string };
}
