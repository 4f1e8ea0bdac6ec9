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
  if (event === "code_expired") Object.assign(slots, { code: code(facts.topic), other: code(facts.instead) });
  if (event === "snoozed" && facts.until) slots.time = fullTime(locale, String(facts.until));
  if (event === "queued" && facts.number) slots.number = ticket(Number(facts.number));
  const word = wordFor("event", variant(event, facts), undefined) ?? wordFor("event", event, undefined);
  if (!word) return t("event.other", { name: event });
  const sentence = t(word, { ...slots, by: by(t, name(facts.by, locale)) });
  const medium = wordFor("medium", String(facts.medium), undefined);
  return medium
    ? t("event.came_by", { event: sentence, medium: t(medium, { scene: placeOf(facts) }) })
    : sentence;
}

/** The shop's own name of the place where the code stood, in brackets; nothing where it has none. */
/** An offer's scene names the rule that made it: nothing for people to read. */
const RULE = /^rule-\d+$/;

function placeOf({ scene }: Record<string, unknown>): string {
  return scene && !RULE.test(String(scene)) ? ` ${String(scene)}` : "";
}

/** Which of the sentences for one kind of event fits its facts. */
function variant(event: string, facts: Record<string, unknown>): string {
  if (event === "opened" && facts.topic) return facts.typed ? "opened.corrected" : "opened.topic";
  if (event === "queued" && facts.number) return "queued.number";
  if (event === "code_expired" && facts.instead) return "code_expired.instead";
  if (event === "code_over" && facts.state === "used_up") return "code_over.used_up";
  if (event === "closed" && facts.waiting) return `closed.waiting.${String(facts.by)}`;
  if (event === "reopened" && facts.place === "kept") return "reopened.kept";
  if (event === "snoozed") return facts.until ? "snoozed.time" : "snoozed";
  if (event === "woken") return `woken.${String(facts.why)}`;
  if (event === "proved") return facts.order_number ? "proved.order" : "proved.account";
  if (event === "context") return `context.${String(facts.status)}`;
  if (event.startsWith("colleague_") && facts.watches) return `${event}.watches`;
  if (event === "returned" && facts.reason === "absent") return "returned.absent";
  if (event !== "transferred") return event;
  if (facts.to_tier) return "transferred.tier";
  return facts.to_agent ? "transferred.agent" : "transferred.department";
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
