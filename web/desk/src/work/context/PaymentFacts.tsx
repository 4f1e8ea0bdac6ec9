/**
 * How the order was paid: as the payment provider says where it was asked, otherwise as the shop says.
 *
 * The two agreeing is one line; anything else (the shop was not told, the amounts differ, nobody answers) is said.
 */
import { Icon } from "../../frame/Icon";
import { useNow } from "../../live/DeskLine";
import type { ContextView, Order } from "../../server/beside";
import { fullTime, money } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./OrderCard.module.css";
import { type Paying, paying } from "./paying";
import { Standing, useTold } from "./Standing";
import { useMoment } from "./useMoment";

export function PaymentFacts({ order, view }: { order: Order; view: ContextView }) {
  const { t, locale } = useWords();
  const told = useTold();
  const moment = useMoment(useNow());
  const shown = paying(order, view.payment ?? undefined, Boolean(view.missing?.includes("payment")));
  if (!shown) return null;
  return (
    <>
      <dt>{t("order.payment")}</dt>
      <dd className={css.paid}>
        {shown.paid_at && (
          <time dateTime={shown.paid_at} title={fullTime(locale, shown.paid_at)}>
            {moment(shown.paid_at)}
          </time>
        )}
        <Standing state={shown.status} text={told("payment.status", shown.status)} />
        <span>{told("payment.method", shown.method)}</span>
        {shown.reference && <span className="mono">{shown.reference}</span>}
      </dd>
      <Note order={order} view={view} shown={shown} />
    </>
  );
}

const LEVELS = {
  agree: "good",
  shop_not_told: "bad",
  amounts_differ: "bad",
  provider_not_paid: "bad",
  provider_silent: "plain",
} as const;

/** A line of its own over the whole width: what the two do not agree about must not be overlooked. */
function Note({ order, view, shown }: { order: Order; view: ContextView; shown: Paying }) {
  const { t, locale } = useWords();
  const told = useTold();
  if (!shown.note) return null;
  const level = LEVELS[shown.note];
  const paid = view.payment?.amount;
  return (
    <dd className={css.payment_note} data-level={level}>
      <Icon name={level === "good" ? "check" : level === "bad" ? "warning" : "info"} />{" "}
      {t(`payment.note.${shown.note}`, {
        provider: told("payment.method", shown.method),
        paid: paid ? money(locale, paid.amount, paid.currency) : "",
        total: money(locale, order.total.amount, order.total.currency),
      })}
    </dd>
  );
}
