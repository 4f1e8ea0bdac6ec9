/** What an order costs and how it was paid, with the payment provider's own word where the shop has not heard it. */
import type { OrderCard, ProviderPayment } from "@mashang/protocol";
import { money, whenOf, word, wordOf } from "./order_words";

export function OrderPaid({ card }: { card: OrderCard }) {
  const { total, payment, paid } = card;
  if (!total && !payment) return null;
  return (
    <section class="order-part" aria-labelledby="order-paid">
      <h3 id="order-paid">{word("payment")}</h3>
      <dl class="order-facts">
        {total && (
          <div>
            <dt>{word("total")}</dt>
            <dd class="digits">{money(total)}</dd>
          </div>
        )}
        {payment && (
          <div>
            <dt>{wordOf(`method.${payment.method}`)}</dt>
            <dd>
              {wordOf(`payment.${payment.status}`)}
              {payment.paid_at && <span class="quiet"> {whenOf(payment.paid_at)}</span>}
            </dd>
          </div>
        )}
        {payment?.reference_masked && (
          <div>
            <dt>{word("reference")}</dt>
            <dd class="digits">{payment.reference_masked}</dd>
          </div>
        )}
      </dl>
      {paid && <Provided paid={paid} />}
    </section>
  );
}

/** What the provider knows and the shop does not say stands out; where both agree one quiet line says so. */
function Provided({ paid }: { paid: ProviderPayment }) {
  const { provider, status, paid_at, reference_masked, notified, differs } = paid;
  const slots = {
    provider: wordOf(`method.${provider}`),
    when: paid_at ? whenOf(paid_at) : "",
    number: reference_masked ?? "",
  };
  if (status === "none") return null;
  const held = status === "paid" && !notified;
  return (
    <p class={held || differs ? "order-note warn" : "quiet"}>
      <span>
        {status === "paid" ? word("provider_paid", slots) : word(`provider.${status}`, slots)}
        {held && <strong>{word("not_notified")}</strong>}
        {differs && paid.amount && <strong>{word("differs", { amount: money(paid.amount) })}</strong>}
      </span>
    </p>
  );
}
