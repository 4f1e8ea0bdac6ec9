/** Something that happened to the conversation, as one quiet sentence. */
import type { Entry, TimelineEvent } from "@mashang/protocol";
import { ticket } from "@mashang/protocol/ticket";
import { locale, type Sentence, t } from "../words";
import { timeOf } from "./moments";

export function EventLine({ entry }: { entry: Entry }) {
  const sentence = entry.event ? happened(entry.event) : null;
  if (!sentence) return null;
  return (
    <p class={entry.event?.name === "one_time_code_hidden" ? "event caution" : "event"}>
      <time dateTime={entry.at}>{timeOf(entry.at)}</time> <span>{sentence}</span>
    </p>
  );
}

const BY: Record<string, Record<string, Sentence>> = {
  closed: { customer: "event.closed_customer", agent: "event.closed_agent", system: "event.closed_system" },
  reopened: { customer: "event.reopened_customer", agent: "event.reopened_agent" },
};

/** The sentence for an event; null for one that says nothing to a customer. */
export function happened(event: TimelineEvent): string | null {
  switch (event.name) {
    case "opened":
      return opened(event);
    case "assisted":
      return event.greets ? null : t("event.assisted"); // its first words say it
    case "person_coming":
      return t(event.reason === "failure" ? "event.person_coming_failure" : "event.person_coming");
    case "queued":
      return t("event.queued", {
        department: nameIn(event.department),
        number: ticket(Number(event.number)),
      });
    case "assigned":
      return t("event.assigned", { agent: nameIn(event.agent) });
    case "transferred":
      return t("event.transferred_department", { department: nameIn(event.to_department) });
    case "code_entered":
      return t("event.code_entered", { code: codeIn(event.topic), topic: nameIn(event.topic) });
    case "code_expired": {
      const { topic, instead } = event;
      const slots = {
        code: codeIn(topic),
        topic: nameIn(topic),
        other: codeIn(instead),
        instead: nameIn(instead),
      };
      return t(instead ? "event.code_expired_instead" : "event.code_expired", slots);
    }
    case "code_over":
      return t(event.state === "used_up" ? "event.code_used_up_own" : "event.code_expired_own", {
        code: String(event.code),
      });
    case "code_noted":
      return t("event.code_noted", { code: String(event.code) });
    case "code_verified":
      return t("event.code_verified", { code: String(event.code) });
    case "proved":
      return typeof event.order_number === "string"
        ? t(event.method === "look_up_password" ? "event.proved_order_whole" : "event.proved_order", {
            order: event.order_number,
          })
        : t("event.proved_account");
    case "recalled":
      return t(event.by === "customer" ? "event.recalled_customer" : "event.recalled");
    case "colleague_joined":
    case "colleague_left":
      return t(`event.${event.name}${event.watches ? "_supervisor" : ""}`, { agent: nameIn(event.agent) });
    case "joined":
      return t("event.joined");
    case "returned":
      return event.reason === "absent"
        ? t("event.returned_absent", { agent: nameIn(event.agent) })
        : t("event.returned");
    case "message_left":
      return t("event.message_left");
    case "continued":
      return t("event.continued");
    case "one_time_code_hidden":
      return t("event.one_time_code_hidden");
    case "came_back":
      return t("event.came_back");
    case "shop_action":
      return acted(event);
    case "closed":
    case "reopened": {
      if (event.by === "customer" && event.waiting)
        return t(event.solved ? "event.left_queue_solved" : "event.left_queue");
      if (event.by === "customer" && (event.place === "kept" || event.place === "new"))
        return t(`event.reopened_${event.place}`);
      const sentence = BY[event.name]?.[String(event.by)];
      return sentence ? t(sentence) : null;
    }
    default:
      return null;
  }
}

/** What the shop was asked to do for the order, and what became of it. */
function acted({ action, state, by, agent, text, to_masked: to }: TimelineEvent): string {
  const sentence = state === "done" ? `event.action_done_${action}` : `event.action_${state}`;
  const said = t(sentence as Sentence, {
    what: t(`event.action_${action}` as Sentence),
    who: t(`event.action_by_${by}` as Sentence, { agent: nameIn(agent) }),
    text: String(text ?? ""),
  });
  return typeof to === "string" ? t("event.action_to", { event: said, to }) : said;
}

function opened(event: TimelineEvent): string {
  const sentence = event.topic
    ? openedWith(event)
    : t(event.assisted ? "event.opened_assistant" : "event.opened_person");
  const order = event.order_number;
  return typeof order === "string" ? t("event.about_order", { event: sentence, order }) : sentence;
}

/** When something else was typed than the code, that is said: the customer sees what was made of it. */
function openedWith({ topic, typed }: TimelineEvent): string {
  const slots = { topic: nameIn(topic), code: codeIn(topic) };
  return typeof typed === "string"
    ? t("event.opened_corrected", { ...slots, typed })
    : t("event.opened_topic", slots);
}

/** A fact is a name, or something that has one, perhaps in English too. */
function nameIn(fact: unknown): string {
  if (typeof fact === "string") return fact;
  const { name, name_en } = (fact ?? {}) as { name?: string; name_en?: string };
  return (locale() === "en" && name_en) || name || "";
}

function codeIn(fact: unknown): string {
  return (fact as { code?: string } | null)?.code ?? "";
}
