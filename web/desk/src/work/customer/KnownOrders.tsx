/**
 * The orders that conversations were about, and what the shop said of them when it was last asked.
 */

import { Link } from "wouter";
import type { CustomerView } from "../../server/shapes";
import { money } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./CustomerPage.module.css";

export function KnownOrders({ orders }: { orders: CustomerView["orders"] }) {
  const { t, locale } = useWords();
  return (
    <section className={css.card} aria-labelledby="customer-orders">
      <h2 id="customer-orders">
        {t("customer.orders")} {orders.length > 0 && <span>{orders.length}</span>}
      </h2>
      {orders.length === 0 && <p className={css.hint}>{t("customer.orders.none")}</p>}
      <ul className={css.orders}>
        {orders.map((order) => (
          <li key={order.number}>
            <Link href={`/c/${order.conversation}`}>
              <code>{order.number}</code>
            </Link>
            {order.told ? (
              <p>
                <span className="one-line">{order.told.title}</span>
                <span>{order.told.status_text || order.told.status}</span>
                {order.told.total && (
                  <span>{money(locale, order.told.total.amount, order.told.total.currency)}</span>
                )}
              </p>
            ) : (
              <p>{t("customer.orders.claimed")}</p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
