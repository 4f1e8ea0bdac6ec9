import { describe, expect, it } from "vitest";
import type { Spread } from "../src/figures/shapes";
import { axisFor, took } from "../src/figures/took";
import { tell } from "../src/words/words";

const t = (key: Parameters<typeof tell>[1], slots?: Parameters<typeof tell>[2]) => tell("en", key, slots);
const spread = (p05: number, p95: number): Spread => ({
  n: 9,
  p05,
  q1: p05,
  median: p05,
  q3: p95,
  p95,
});

describe("a time that something took", () => {
  it("is told to the second below an hour, and nothing is a dash", () => {
    const told = [null, 0, 42.4, 60, 209.5, 3599, 3600, 7260].map((seconds) => took(t, seconds));
    const plain = told.map((text) => text.replace(/[\u2066-\u2069]/g, ""));
    expect(plain).toEqual([
      "–",
      "0 s",
      "42 s",
      "1 min",
      "3 min 30 s",
      "59 min 59 s",
      "1 h 0 min",
      "2 h 1 min",
    ]);
  });
});

describe("the axis", () => {
  it("holds every spread, the shorter to the left, and gives each doubling the same room", () => {
    const { at } = axisFor([spread(30, 240), spread(60, 7200)]);
    const places = [30, 60, 120, 240, 7200].map(at);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(Math.max(...places)).toBeLessThan(100);
    expect(at(60) - at(30)).toBeCloseTo(at(240) - at(120));
  });

  it("has marks that do not touch each other, however short or long the times are", () => {
    for (const [low, high] of [
      [0, 0],
      [0, 3],
      [5, 40],
      [1, 90_000],
      [20_000, 900_000],
    ] as const) {
      const { at, marks } = axisFor([spread(low, high)]);
      const places = marks.map(at);
      expect(places.length).toBeGreaterThan(0);
      places.slice(1).forEach((place, before) => {
        expect(place - (places[before] ?? 0)).toBeGreaterThanOrEqual(9);
      });
    }
  });

  it("stands without any times", () => {
    expect(axisFor([{ n: 0, p05: null, q1: null, median: null, q3: null, p95: null }]).marks).not.toEqual([]);
  });
});
