import type { OwnCode } from "@mashang/protocol";
import { expect, test } from "vitest";
import { isRenewable } from "../src/model/identity";

const code = (state: OwnCode["state"], expires_at: string | null): OwnCode => ({
  code: "DD-29NG-SF8B-ZTVW",
  state,
  expires_at,
  order_number: "2026112100017",
  campaign: null,
});
const now = Date.parse("2026-11-22T08:00:00Z");

test("another code is offered in the last week of the old one and behind its end, and of none that lasts", () => {
  expect(isRenewable(code("live", "2026-12-21T08:00:00Z"), now)).toBe(false);
  expect(isRenewable(code("live", "2026-11-29T07:59:59Z"), now)).toBe(true);
  expect(isRenewable(code("expired", "2026-11-21T08:00:00Z"), now)).toBe(true);
  expect(isRenewable(code("live", null), now)).toBe(false);
});
