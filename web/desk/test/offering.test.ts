import { describe, expect, it } from "vitest";
import type { ActionOffer, ShopAction } from "../src/server/beside";
import { isNews, ownWhys, sharedWhys } from "../src/work/context/offering";

const offer = (action: ShopAction, line: string | null, why_not: string | null = null): ActionOffer => ({
  action,
  line,
  round: 1,
  why_not,
});

describe("why something cannot be pressed", () => {
  it("is said once for the order where it holds for every line, with everything it holds for", () => {
    const unpaid = ["1", "2", "3"].flatMap((line) => [
      offer("resend", line, "unpaid"),
      offer("reissue", line, "unpaid"),
    ]);
    const offers = [...unpaid, offer("refund", null, "already_asked")];
    expect(sharedWhys(offers)).toEqual([
      { why: "unpaid", actions: ["resend", "reissue"] },
      { why: "already_asked", actions: ["refund"] },
    ]);
    expect(["1", "2", null].flatMap((line) => ownWhys(offers, line))).toEqual([]);
  });

  it("is said beside the line it holds for alone", () => {
    const offers = [
      offer("reissue", "1", "not_issued"),
      offer("reissue", "2"),
      offer("resend", "1"),
      offer("resend", "2"),
    ];
    expect(sharedWhys(offers)).toEqual([]);
    expect(ownWhys(offers, "1")).toEqual([{ why: "not_issued", actions: ["reissue"] }]);
    expect(ownWhys(offers, "2")).toEqual([]);
  });

  it("is no news where the request itself stands above it", () => {
    const last = [{ id: "a" }];
    expect(isNews({ why: "under_way", actions: ["resend"] }, last)).toBe(false);
    expect(isNews({ why: "under_way", actions: ["resend"] }, [])).toBe(true);
    expect(isNews({ why: "unpaid", actions: ["resend"] }, last)).toBe(true);
  });
});
