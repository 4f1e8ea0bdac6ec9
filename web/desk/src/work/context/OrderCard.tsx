/**
 * The order the customer writes about: payment, parcels, lines, how each card came to its buyer, and what can be done.
 *
 * An order that the shop did not answer has a card of its own: what was told and done before still stands there.
 */
import type { ReactNode } from "react";
import { CopyButton } from "../../frame/CopyButton";
import { Icon } from "../../frame/Icon";
import type { ContextView, Order, OrderSummary } from "../../server/beside";
import { fullTime, money } from "../../words/telling";
import { useWords } from "../../words/words";
import { Actions } from "./Actions";
import css from "./ContextPanel.module.css";
import { IssueRecord } from "./IssueRecord";
import own from "./OrderCard.module.css";
import { Lines } from "./OrderLines";
import { Parcels } from "./Parcels";
import { Part } from "./Part";
import { PaymentFacts } from "./PaymentFacts";
import { useMayReveal } from "./Reveal";
import { recordOf } from "./record";
import { Standing, useTold } from "./Standing";

interface OrderCardProps {
  /** Of the conversation. */
  id: string;
  order: Order;
  view: ContextView;
}

export function OrderCard({ id, order, view }: OrderCardProps) {
  const { t, locale } = useWords();
  const told = useTold();
  return (
    <Part
      name="order"
      title={t("order.title")}
      brief={
        <Brief>
          <Standing state={order.status} text={order.status_text || told("order.status", order.status)} />
        </Brief>
      }
    >
      <OrderNumber number={order.number} />
      <dl className={css.facts}>
        <dt>{t("order.placed")}</dt>
        <dd>{fullTime(locale, order.placed_at)}</dd>
        <dt>{t("order.total")}</dt>
        <dd className={own.total}>{money(locale, order.total.amount, order.total.currency)}</dd>
        <PaymentFacts order={order} view={view} />
      </dl>
      <OfTheWhole id={id} order={order} view={view} />
      <Parcels parcels={view.shipments ?? []} lines={order.lines} />
      <Lines id={id} lines={order.lines} view={view} />
    </Part>
  );
}

export const Brief = ({ children }: { children: ReactNode }) => <span className={own.brief}>{children}</span>;

/** What was asked for the order as a whole, and what can be; also why nothing can. */
function OfTheWhole({ id, order, view }: OrderCardProps) {
  const { t, locale } = useWords();
  const mayReveal = useMayReveal();
  const steps = recordOf([], [], view.actions?.filter((one) => one.line === null) ?? []);
  return (
    <>
      {steps.length > 1 && <IssueRecord title={t("issue.title.order")} steps={steps} />}
      <Actions
        id={id}
        view={view}
        line={null}
        about={{ product: "", total: money(locale, order.total.amount, order.total.currency) }}
      />
      {view.reveals &&
        !mayReveal &&
        order.lines.some((line) => line.issue_record?.some((step) => step.key_masked)) && (
          <p className={css.hint}>{t("reveal.not_allowed")}</p>
        )}
    </>
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

/** The shop is silent: what it reported before, and what was asked for here. */
export function UnansweredOrder({ number, view }: { number: string; view: ContextView }) {
  const { t } = useWords();
  const reported = view.issued ?? [];
  const ledger = view.actions ?? [];
  const lines = [...new Set([...reported.map((one) => one.line), ...ledger.map((one) => one.line)])];
  return (
    <Part name="order" title={t("order.title")}>
      <OrderNumber number={number} />
      <p className={css.hint}>{t("order.unanswered")}</p>
      {lines.map((line) => (
        <IssueRecord
          key={line}
          title={line === null ? t("issue.title.order") : t("issue.title.line", { line })}
          steps={recordOf(
            [],
            reported.filter((one) => one.line === line).map((one) => one.entry),
            ledger.filter((one) => one.line === line),
          )}
        />
      ))}
    </Part>
  );
}

export function OrderList({ orders, folded }: { orders: OrderSummary[]; folded: boolean }) {
  const { t, locale } = useWords();
  const told = useTold();
  return (
    <Part name="orders" title={t("orders.title")} brief={<span>{orders.length}</span>} folded={folded}>
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
    </Part>
  );
}
