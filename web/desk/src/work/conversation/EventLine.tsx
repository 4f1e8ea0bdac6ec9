/**
 * Something that happened, worded for people: opened, queued, taken, handed on, closed, reopened.
 */
import type { Entry } from "@mashang/protocol";
import { ticket } from "@mashang/protocol/ticket";
import { wordFor } from "../../frame/told";
import { clock, fullTime } from "../../words/telling";
import { type Locale, type Slots, type Tell, useWords, type WordKey } from "../../words/words";
import css from "./EventLine.module.css";

export function EventLine({ entry }: { entry: Entry }) {
  const { t, locale } = useWords();
  return (
    <p className={css.event} data-audience={entry.audience}>
      <span>{eventSentence(t, entry, locale)}</span>{" "}
      <time dateTime={entry.at}>{clock(locale, entry.at)}</time>
    </p>
  );
}

/** A fact may be a name, or a thing with a name, perhaps with one in English too. */
function name(fact: unknown, locale: Locale): string {
  if (typeof fact === "string" || typeof fact === "number") return String(fact);
  const named = fact as { name?: string; name_en?: string } | null | undefined;
  return (locale === "en" && named?.name_en) || named?.name || "";
}

const code = (fact: unknown): string => (fact as { code?: string } | undefined)?.code ?? "";

export function eventSentence(t: Tell, entry: Entry, locale: Locale): string {
  const { name: event = "", ...facts } = entry.event ?? { name: "" };
  const slots: Slots = Object.fromEntries(
    Object.entries(facts).map(([key, fact]) => [key, name(fact, locale)]),
  );
  const tier = facts.to_tier ? wordFor("topic.tier", String(facts.to_tier), undefined) : undefined;
  if (tier) slots.tier = t(tier);
  if (event === "code_expired" || event === "code_entered")
    Object.assign(slots, { code: code(facts.topic), other: code(facts.instead) });
  if (event === "snoozed" && facts.until) slots.time = fullTime(locale, String(facts.until));
  if (event === "queued" && facts.number) slots.number = ticket(Number(facts.number));
  if (event === "shop_action") Object.assign(slots, acted(t, facts));
  const word = wordFor("event", variant(event, facts), undefined) ?? wordFor("event", event, undefined);
  if (!word) return t("event.other", { name: event });
  const sentence = t(word, { ...slots, by: by(t, name(facts.by, locale)) });
  if (event === "shop_action" && facts.to_masked)
    return t("event.shop_action.to", { ...slots, event: sentence });
  const medium = wordFor("medium", String(facts.medium), undefined);
  return medium
    ? t("event.came_by", { event: sentence, medium: t(medium, { scene: placeOf(t, facts) }) })
    : sentence;
}

/** An offer's scene names the rule that made it: nothing for people to read. */
const RULE = /^rule-\d+$/;

/** The place where the code stood, by its usual name or the shop's own; nothing where it has none. */
function placeOf(t: Tell, { scene }: Record<string, unknown>): string {
  if (!scene || RULE.test(String(scene))) return "";
  const word = wordFor("scene", String(scene), undefined);
  return t("medium.place", { place: word ? t(word) : String(scene) });
}

/** Which of the sentences for one kind of event fits its facts. */
function variant(event: string, facts: Record<string, unknown>): string {
  if (event === "opened" && facts.topic) return facts.typed ? "opened.corrected" : "opened.topic";
  if (event === "queued" && facts.number) return "queued.number";
  if (event === "code_expired" && facts.instead) return "code_expired.instead";
  if (event === "code_over" && facts.state === "used_up") return "code_over.used_up";
  if (event === "assisted" && facts.by) return "assisted.called";
  if (event === "closed" && facts.solved) return "closed.solved";
  if (event === "handed_over") return `handed_over.${String(facts.reason)}`;
  if (event === "opened" && facts.assisted) return "opened.assisted";
  if (event === "closed" && facts.waiting) return `closed.waiting.${String(facts.by)}`;
  if (event === "reopened" && facts.place === "kept") return "reopened.kept";
  if (event === "snoozed") return facts.until ? "snoozed.time" : "snoozed";
  if (event === "woken") return `woken.${String(facts.why)}`;
  if (event === "proved" && facts.method === "look_up_password") return "proved.order_whole";
  if (event === "proved") return facts.order_number ? "proved.order" : "proved.account";
  if (event === "shop_action")
    return `shop_action.${facts.state === "done" ? `done.${facts.action}` : facts.state}`;
  if (event === "context") return `context.${String(facts.status)}`;
  if (event.startsWith("colleague_") && facts.watches) return `${event}.watches`;
  if (event === "returned" && facts.reason === "absent") return "returned.absent";
  if (event !== "transferred") return event;
  if (facts.to_tier) return "transferred.tier";
  return facts.to_agent ? "transferred.agent" : "transferred.department";
}

/** Who had the shop do what. */
function acted(t: Tell, facts: Record<string, unknown>): Slots {
  const what = wordFor("event.shop_action", String(facts.action), undefined);
  return { what: what ? t(what) : "", who: facts.by === "agent" ? String(facts.agent) : t("party.customer") };
}

const PARTIES: Record<string, WordKey> = {
  customer: "party.customer",
  agent: "party.agent",
  system: "party.system",
};

function by(t: Tell, who: string): string {
  const party = PARTIES[who];
  return party ? t(party) : who || t("party.system");
}
