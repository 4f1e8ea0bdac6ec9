import { expect, test, vi } from "vitest";

vi.stubEnv("TZ", "Europe/London");
const { shopTime, timeOf } = await import("../src/view/moments");

const NOON = Date.UTC(2026, 10, 22, 12);

test("a message's time is on the customer's own clock", () => {
  expect(timeOf("2026-11-22T12:00:00Z")).toBe("12:00");
});

test("the shop's clock is told only where it shows something else", () => {
  expect(shopTime("Asia/Shanghai", NOON)).toBe("20:00");
  expect(shopTime("Atlantic/Reykjavik", NOON)).toBeUndefined();
});

test("a browser that does not know the zone says nothing of it", () => {
  expect(shopTime("Pacific/Nowhere", NOON)).toBeUndefined();
});
