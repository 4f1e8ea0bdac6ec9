import { describe, expect, it, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
vi.stubGlobal("addEventListener", () => {});
const { calls, isQuiet } = await import("../src/work/alerts");

import type { Alerts } from "../src/work/alerts";

const alerts = (change: Partial<Alerts> = {}): Alerts => ({
  sound: true,
  volume: 60,
  notify: false,
  offer: true,
  transfer: true,
  mention: true,
  message: false,
  quiet_from: null,
  quiet_until: null,
  ...change,
});
const at = (hours: number, minutes = 0) => new Date(2026, 10, 22, hours, minutes);

describe("calling somebody", () => {
  it("keeps quiet from one time of day to another, also over midnight", () => {
    const night = alerts({ quiet_from: "22:00", quiet_until: "07:30" });
    expect([21, 22, 0, 7].map((hour) => isQuiet(night, at(hour)))).toEqual([false, true, true, true]);
    expect([isQuiet(night, at(7, 29)), isQuiet(night, at(7, 30))]).toEqual([true, false]);
    const noon = alerts({ quiet_from: "12:00", quiet_until: "13:00" });
    expect([11, 12, 13].map((hour) => isQuiet(noon, at(hour)))).toEqual([false, true, false]);
    expect(isQuiet(alerts({ quiet_from: "08:00", quiet_until: "08:00" }), at(8))).toBe(false);
    expect(isQuiet(alerts(), at(3))).toBe(false);
  });

  it("calls for what was chosen and for nothing in quiet hours", () => {
    expect(calls(alerts(), "offer", at(10))).toBe(true);
    expect(calls(alerts(), "message", at(10))).toBe(false);
    expect(calls(alerts({ quiet_from: "09:00", quiet_until: "11:00" }), "offer", at(10))).toBe(false);
  });
});
