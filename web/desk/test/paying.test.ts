import { describe, expect, it } from "vitest";
import type { ProviderPayment } from "../src/server/beside";
import { paying } from "../src/work/context/paying";

const order = (status?: string) => ({
  payment: status ? { method: "alipay", status, paid_at: "2026-11-22T14:02:09+08:00" } : null,
});
const says = (more: Partial<ProviderPayment> = {}): ProviderPayment => ({
  provider: "alipay",
  status: "paid",
  paid_at: "2026-11-22T14:02:00+08:00",
  amount: { amount: "88", currency: "CNY" },
  reference_masked: "2026****1234",
  notified: true,
  ...more,
});
const note = (status: string | undefined, provider?: ProviderPayment, silent = false) =>
  paying(order(status), provider, silent)?.note;

describe("a payment that two tell", () => {
  it("is the shop's word where the provider was not asked, and says when it was asked in vain", () => {
    expect(paying(order("paid"), undefined, false)).toMatchObject({
      status: "paid",
      method: "alipay",
      note: undefined,
    });
    expect(note("paid", undefined, true)).toBe("provider_silent");
    expect(paying(order(), undefined, true)).toBeUndefined();
  });

  it("is one line when both agree, with the provider's time and number", () => {
    expect(paying(order("paid"), says(), false)).toEqual({
      method: "alipay",
      status: "paid",
      paid_at: "2026-11-22T14:02:00+08:00",
      reference: "2026****1234",
      note: "agree",
    });
    expect(note("pending", says({ status: "waiting", amount: null, notified: false }))).toBeUndefined();
  });

  it("says that the shop was not told, also of an order without any payment", () => {
    expect(note("pending", says({ notified: false }))).toBe("shop_not_told");
    expect(note(undefined, says({ notified: false }))).toBe("shop_not_told");
  });

  it("says that the provider has nothing of what the shop calls paid", () => {
    expect(note("paid", says({ status: "none", amount: null }))).toBe("provider_not_paid");
  });

  it("does not call it agreed when one of them says nothing of a refund", () => {
    expect(note("paid", says({ status: "refunded" }))).toBeUndefined();
    expect(note("refunded", says())).toBeUndefined();
    expect(note("refunded", says({ status: "refunded" }))).toBe("agree");
  });

  it("puts differing amounts above everything", () => {
    expect(note("paid", says({ differs: true }))).toBe("amounts_differ");
    expect(note("pending", says({ differs: true, notified: false }))).toBe("amounts_differ");
  });
});
