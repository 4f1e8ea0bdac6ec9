/**
 * What the shop and the payment provider say of one payment, set side by side.
 *
 * Does not: word it (PaymentFacts does), or decide who is right: the agent sees both.
 */
import type { Order, ProviderPayment } from "../../server/beside";

/** What somebody must be told beside the line: `agree` is the only good one. */
export type PaymentNote =
  | "agree"
  | "shop_not_told"
  | "provider_not_paid"
  | "amounts_differ"
  | "provider_silent"
  | undefined;

export interface Paying {
  method: string;
  status: string;
  paid_at: string | undefined;
  reference: string | undefined;
  note: PaymentNote;
}

const TAKEN = new Set(["paid", "refunded"]);

/** One line of both; undefined: nobody says anything of a payment. `silent`: the provider was asked in vain. */
export function paying(
  order: Pick<Order, "payment">,
  provider: ProviderPayment | undefined,
  silent: boolean,
): Paying | undefined {
  const { payment } = order;
  if (!provider)
    return payment
      ? {
          method: payment.method,
          status: payment.status,
          paid_at: payment.paid_at ?? undefined,
          reference: payment.reference_masked ?? undefined,
          note: silent ? "provider_silent" : undefined,
        }
      : undefined;
  return {
    method: provider.provider,
    status: provider.status,
    paid_at: provider.paid_at ?? payment?.paid_at ?? undefined,
    reference: provider.reference_masked ?? payment?.reference_masked ?? undefined,
    note: noteOf(order, provider),
  };
}

function noteOf({ payment }: Pick<Order, "payment">, provider: ProviderPayment): PaymentNote {
  if (provider.differs) return "amounts_differ";
  if (TAKEN.has(provider.status)) {
    if (!provider.notified) return "shop_not_told";
    // A refund, perhaps of a part, that one of them does not say: both stand there, and nobody calls it agreed.
    return (payment?.status ?? "paid") === provider.status ? "agree" : undefined;
  }
  return TAKEN.has(payment?.status ?? "") ? "provider_not_paid" : undefined;
}
