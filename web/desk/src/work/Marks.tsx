/**
 * The small marks that mean the same everywhere: who somebody is and how surely, their tier, their code, their wait.
 *
 * Each says its meaning in shape and word as well as in colour.
 */

import type { TopicRef } from "@mashang/protocol";
import { Tooltip } from "antd";
import { Icon } from "../frame/Icon";
import type { CustomerRef } from "../server/shapes";
import { span } from "../words/telling";
import { useWords } from "../words/words";
import css from "./Marks.module.css";
import { patience } from "./patience";

/** Proved by the shop's signed token, only claimed, or a nameless visitor. */
export function IdentityMark({ customer }: { customer: CustomerRef }) {
  const { t } = useWords();
  const kind = kindOf(customer);
  const icon =
    kind === "proved"
      ? "proved"
      : kind === "order_proved"
        ? "check"
        : kind === "claimed"
          ? "claimed"
          : "user";
  return (
    <Tooltip title={t(`identity.${kind}.hint`)}>
      <span className={css.identity} data-kind={kind}>
        <Icon name={icon} />
        <span className="for-readers">{t(`identity.${kind}`)}</span>
      </span>
    </Tooltip>
  );
}

function kindOf(customer: CustomerRef): "proved" | "order_proved" | "claimed" | "visitor" {
  if (customer.proved) return "proved";
  if (customer.order_proved) return "order_proved";
  return customer.claim_masked ? "claimed" : "visitor";
}

/** What they are called; beside it what a visitor says to be registered as, so that two visitors are told apart. */
export function CustomerName({ customer }: { customer: CustomerRef }) {
  const { t } = useWords();
  return (
    <span className={css.customer}>
      <IdentityMark customer={customer} />
      <span className="one-line" dir="auto" title={customer.label}>
        {customer.label}
      </span>
      {kindOf(customer) === "order_proved" && (
        <span className={css.part} title={t("identity.order_proved.hint")}>
          {t("identity.order_proved.mark")}
        </span>
      )}
      {!customer.proved && customer.claim_masked && (
        <span className={css.claim} data-claim>
          {customer.claim_masked}
        </span>
      )}
    </span>
  );
}

export function TierChip({ tier }: { tier: string }) {
  return tier ? <span className={css.tier}>{tier}</span> : null;
}

export function CodeChip({ topic }: { topic: TopicRef | null | undefined }) {
  if (!topic) return null;
  return (
    <span className={css.code} title={`${topic.code} ${topic.name}`}>
      <b>{topic.code}</b>
      <span className="one-line">{topic.name}</span>
    </span>
  );
}

/** An incident that is on concerns it. */
export function AffectedMark({ title }: { title: string | null | undefined }) {
  const { t } = useWords();
  if (!title) return null;
  return (
    <span className={css.affected} title={t("affected.by", { title })}>
      <Icon name="warning" />
      <span className="for-readers">{t("affected.by", { title })}</span>
    </span>
  );
}

interface WaitingTimeProps {
  since: string;
  now: number;
  /** A message waits too, but nobody with it: it never becomes urgent. */
  word: "queue" | "reply" | "message";
}

/** How long somebody waits; longer waits change the icon and the weight, not only the colour. */
export function WaitingTime({ since, now, word }: WaitingTimeProps) {
  const { t } = useWords();
  const waited = now - Date.parse(since);
  const level = word === "message" ? "calm" : patience(waited);
  const icon =
    word === "message" ? "mail" : level === "urgent" ? "alert" : level === "long" ? "urgent" : "clock";
  return (
    <span
      className={css.wait}
      data-level={level}
      title={t(word === "message" ? "wait.message.hint" : `wait.${level}`)}
    >
      <Icon name={icon} /> {t(`wait.${word}`, { time: span(t, waited) })}
    </span>
  );
}

/** How many messages nobody has read yet. */
export function Unread({ count }: { count: number }) {
  const { t } = useWords();
  if (!count) return null;
  return (
    <span className={css.unread}>
      <span aria-hidden>{count > 99 ? "99+" : count}</span>
      <span className="for-readers">{t("list.unread", { n: count })}</span>
    </span>
  );
}
