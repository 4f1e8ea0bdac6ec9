import { describe, expect, it } from "vitest";
import type { IssueStep, ShopActionView } from "../src/server/beside";
import { isOpen, lastDone, lastOf, recordOf } from "../src/work/context/record";

const at = (clock: string) => `2026-11-22T${clock}+08:00`;
const step = (action: string, clock: string, more: Partial<IssueStep> = {}): IssueStep => ({
  at: at(clock),
  action,
  source: "自动发卡",
  ...more,
});
const pressed = (more: Partial<ShopActionView> = {}): ShopActionView => ({
  id: `a${more.round ?? 1}`,
  order_number: "QN1",
  line: "1",
  action: "resend",
  round: 1,
  state: "done",
  asked_at: at("14:01:58"),
  settled_at: at("14:02:00"),
  by: "agent",
  by_name: "阿华",
  ...more,
});
const told = (steps: ReturnType<typeof recordOf>) => steps.map((one) => `${one.action} ${one.state}`);

describe("the card-issue record", () => {
  it("stands newest first, and of one instant what was told later is the newer", () => {
    const steps = recordOf(
      [step("issued", "13:00:00"), step("delivered", "13:00:00"), step("opened", "13:05:00")],
      [],
      [],
    );
    expect(steps.map((one) => one.action)).toEqual(["opened", "delivered", "issued"]);
  });

  it("tells once what the shop answered and had reported before, in whatever zone", () => {
    const answered = [step("resent", "14:02:00", { key_masked: "•••• 7Q2K" })];
    const reported = [
      { ...step("resent", "14:02:00", { key_masked: "•••• 7Q2K" }), at: "2026-11-22T06:02:00Z" },
    ];
    expect(recordOf(answered, reported, [])).toHaveLength(1);
    expect(recordOf(answered, [step("resent", "14:02:00", { key_masked: "•••• 9ZZZ" })], [])).toHaveLength(2);
  });

  it("tells a resend that was pressed here and is in the shop's record once, with what both know", () => {
    const shops = step("resent", "14:01:59", {
      source: "客服补发",
      key_masked: "•••• 7Q2K",
      to_masked: "138****5678",
    });
    const steps = recordOf([shops], [], [pressed({ text: "已重新发送" })]);
    expect(steps).toMatchObject([
      {
        at: shops.at,
        action: "resent",
        state: "happened",
        source: "客服补发",
        key_masked: "•••• 7Q2K",
        to_masked: "138****5678",
        by: { who: "agent", name: "阿华" },
        text: "已重新发送",
      },
    ]);
  });

  it("gives every line of the ledger an entry of its own: two resends are two, and a third of the shop is its own", () => {
    const shops = ["14:02:01", "14:04:01", "14:06:00"].map((clock) =>
      step("resent", clock, { source: "店铺" }),
    );
    const ledger = [
      pressed({ round: 2, asked_at: at("14:03:58"), settled_at: at("14:04:00"), by_name: "小美" }),
      pressed({ round: 1, settled_at: at("14:02:00") }),
    ];
    const steps = recordOf(shops, [], ledger);
    expect(steps.map((one) => one.by?.name)).toEqual([undefined, "小美", "阿华"]);
  });

  it("takes a card that was due, issued because somebody pressed, for that press, and leaves the next resend to whom it is", () => {
    const shops = [step("issued", "14:02:00"), step("resent", "14:05:00")];
    const ledger = [
      pressed({ round: 1, by: "customer", by_name: null }),
      pressed({ round: 2, asked_at: at("14:04:59"), settled_at: at("14:05:00"), by_name: "小美" }),
    ];
    const steps = recordOf(shops, [], ledger);
    expect(steps.map((one) => [one.action, one.by?.who])).toEqual([
      ["resent", "agent"],
      ["issued", "customer"],
    ]);
    expect(recordOf([step("issued", "13:58:00")], [], [pressed()])).toHaveLength(2);
  });

  it("finds the press whose answer was lost by the moment it was asked, not by when that was found out", () => {
    const shops = [step("resent", "14:02:00"), step("resent", "14:06:00")];
    const ledger = [
      pressed({ round: 1, settled_at: at("14:05:50") }),
      pressed({ round: 2, asked_at: at("14:05:59"), settled_at: at("14:06:00"), by_name: "小美" }),
    ];
    expect(recordOf(shops, [], ledger).map((one) => one.by?.name)).toEqual(["小美", "阿华"]);
  });

  it("does not take for the same what lies too far apart or is another deed", () => {
    expect(recordOf([step("resent", "13:40:00")], [], [pressed()])).toHaveLength(2);
    expect(recordOf([step("reissued", "14:02:00")], [], [pressed()])).toHaveLength(2);
  });

  it("keeps what was refused, what never came and what nobody knows yet, beside what happened", () => {
    const ledger = [
      pressed({ round: 1, state: "refused", text: "超过补发期限", settled_at: at("13:10:00") }),
      pressed({ round: 2, state: "not_done", settled_at: at("13:20:00") }),
      pressed({ round: 3, state: "unknown", asked_at: at("13:30:00"), settled_at: null }),
      pressed({ round: 4, state: "asked", asked_at: at("13:40:00"), settled_at: null }),
    ];
    const steps = recordOf([step("resent", "13:30:00")], [], ledger);
    expect(told(steps)).toEqual([
      "resent asked",
      "resent unknown",
      "resent happened",
      "resent not_done",
      "resent refused",
    ]);
    expect(steps.at(-1)).toMatchObject({ text: "超过补发期限", asked: "resend" });
  });

  it("stands without the shop: reported entries and our own lines are enough", () => {
    expect(told(recordOf([], [step("issued", "13:00:00")], [pressed()]))).toEqual([
      "resent happened",
      "issued happened",
    ]);
    expect(recordOf([], [], [])).toEqual([]);
  });

  it("names every step apart, also two hundred alike", () => {
    const alike = Array.from({ length: 200 }, () => step("opened", "13:00:00"));
    expect(new Set(recordOf(alike, [], [pressed()]).map((one) => one.key)).size).toBe(201);
  });

  it("knows what is still open, and what was done last", () => {
    expect(["asked", "unknown", "accepted"].map((state) => isOpen(state as "asked"))).toEqual([
      true,
      true,
      true,
    ]);
    expect(["happened", "refused", "not_done", "done"].map((state) => isOpen(state as "done"))).toEqual(
      Array(4).fill(false),
    );
    const ledger = [
      pressed({ round: 1 }),
      pressed({ round: 2, by_name: "小美" }),
      pressed({ round: 3, state: "refused" }),
      pressed({ round: 4, action: "reissue" }),
    ];
    expect(lastDone(ledger, "resend")?.by_name).toBe("小美");
    expect(lastOf(ledger, "resend")?.state).toBe("refused");
    expect(lastDone(ledger, "refund") ?? lastOf(ledger, "refund")).toBeUndefined();
  });
});
