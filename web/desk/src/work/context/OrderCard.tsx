/**
 * The order the customer writes about: payment, lines, and how each card came to its buyer.
 */

import { CopyButton } from "../../frame/CopyButton";
import { Icon } from "../../frame/Icon";
import { wordFor } from "../../frame/told";
import type { Order, OrderLine, OrderSummary } from "../../server/shapes";
import { fullTime, money } from "../../words/telling";
import { useWords, type WordKey } from "../../words/words";
import css from "./ContextPanel.module.css";
import { IssueRecord } from "./IssueRecord";
import own from "./OrderCard.module.css";

type Tone = "good" | "warn" | "bad" | "plain";

const TONES: Record<string, Tone> = {
  paid: "good",
  delivered: "good",
  issued: "good",
  pending_payment: "warn",
  pending: "warn",
  waiting: "warn",
  partly_delivered: "warn",
  failed: "bad",
};

export function Standing({ state, text }: { state: string; text: string }) {
  return (
    <span className={own.standing} data-tone={TONES[state] ?? "plain"}>
      {text}
    </span>
  );
}

/** A machine word of the shop in the reader's language; unknown ones as they are. */
function useTold() {
  const { t } = useWords();
  return (prefix: string, name: string) => {
    const word: WordKey | undefined = wordFor(prefix, name, undefined);
    return word ? t(word) : name;
  };
}

export function OrderCard({ order }: { order: Order }) {
  const { t, locale } = useWords();
  const told = useTold();
  const { payment } = order;
  return (
    <section className={css.card}>
      <h3 className={own.title}>
        <span>{t("order.title")}</span>
        <Standing state={order.status} text={order.status_text || told("order.status", order.status)} />
      </h3>
      <OrderNumber number={order.number} />
      <dl className={css.facts}>
        <dt>{t("order.placed")}</dt>
        <dd>{fullTime(locale, order.placed_at)}</dd>
        <dt>{t("order.total")}</dt>
        <dd className={own.total}>{money(locale, order.total.amount, order.total.currency)}</dd>
        {payment && (
          <>
            <dt>{t("order.payment")}</dt>
            <dd>
              {told("payment.method", payment.method)}{" "}
              <Standing state={payment.status} text={told("payment.status", payment.status)} />
            </dd>
          </>
        )}
        {payment?.paid_at && (
          <>
            <dt>{t("order.paid_at")}</dt>
            <dd>{fullTime(locale, payment.paid_at)}</dd>
          </>
        )}
        {payment?.reference_masked && (
          <>
            <dt>{t("order.reference")}</dt>
            <dd className="mono">{payment.reference_masked}</dd>
          </>
        )}
      </dl>
      <ul className={own.lines}>
        {order.lines.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </ul>
    </section>
  );
}

function OrderNumber({ number }: { number: string }) {
  const { t } = useWords();
  return (
    <p className={own.number}>
      <code>{number}</code>
      <CopyButton text={number} label={t("order.copy")} />
    </p>
  );
}

function Line({ line }: { line: OrderLine }) {
  const { t, locale } = useWords();
  const told = useTold();
  const { delivery } = line;
  return (
    <li className={own.line}>
      <p className={own.product}>
        <span>
          {line.product} <span className={own.quantity}>×{line.quantity}</span>
        </span>
        <span>{money(locale, line.price.amount, line.price.currency)}</span>
      </p>
      {delivery && (
        <p className={own.delivery}>
          <span>{told("delivery.kind", delivery.kind)}</span>
          <Standing state={delivery.state} text={told("delivery.state", delivery.state)} />
          {delivery.at && <time dateTime={delivery.at}>{fullTime(locale, delivery.at)}</time>}
        </p>
      )}
      {delivery?.recharge_target_masked && (
        <p className={own.delivery}>{t("delivery.target", { target: delivery.recharge_target_masked })}</p>
      )}
      {line.issue_record && line.issue_record.length > 0 && (
        <IssueRecord kind={delivery?.kind ?? ""} steps={line.issue_record} />
      )}
    </li>
  );
}

export function OrderList({ orders }: { orders: OrderSummary[] }) {
  const { t, locale } = useWords();
  const told = useTold();
  return (
    <section className={css.card}>
      <h3>{t("orders.title")}</h3>
      <ul className={own.orders}>
        {orders.map((order) => (
          <li key={order.number}>
            <p className={own.product}>
              <span>{order.title || order.number}</span>
              {order.total && <span>{money(locale, order.total.amount, order.total.currency)}</span>}
            </p>
            <p className={own.delivery}>
              <code>{order.number}</code>
              <Standing state={order.status} text={order.status_text || told("order.status", order.status)} />
            </p>
            {order.anomaly && (
              <p className={own.anomaly}>
                <Icon name="alert" /> {order.anomaly.text}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
