/**
 * How long something took, and where that stands on an axis that gives a minute more room than the last one of an hour.
 */
import { span } from "../words/telling";
import type { Tell } from "../words/words";
import type { Spread } from "./shapes";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export function took(t: Tell, seconds: number | null): string {
  if (seconds === null) return "–";
  const whole = Math.round(seconds);
  if (whole < MINUTE || whole >= HOUR || whole % MINUTE === 0) return span(t, whole * 1000);
  return t("figures.took", { m: Math.floor(whole / MINUTE), s: whole % MINUTE });
}

const STEPS = [1, 2, 5, 10, 20, 30];
const MARKS = [
  ...STEPS,
  ...STEPS.map((step) => step * MINUTE),
  ...[1, 2, 4, 8, 24, 72, 168].map((step) => step * HOUR),
];
const APART = 9; // hundredths: no two words on one another

/** An axis of logarithms, wide enough for all of these. */
export interface Axis {
  /** From the left, in hundredths. */
  at(seconds: number): number;
  marks: number[];
}

export function axisFor(spreads: Spread[]): Axis {
  const ends = spreads.flatMap((one) => (one.p05 === null || one.p95 === null ? [] : [one.p05, one.p95]));
  const low = Math.max(Math.min(...ends, HOUR) * 0.8, 1);
  const high = Math.max(Math.max(...ends, 0) * 1.25, low * 8);
  const width = Math.log(high / low);
  const at = (seconds: number) =>
    Math.min(Math.max((100 * Math.log(Math.max(seconds, 1) / low)) / width, 0), 100);
  const marks: number[] = [];
  for (const mark of MARKS) {
    const place = at(mark);
    const last = marks.at(-1);
    if (place >= 4 && place <= 96 && (last === undefined || place - at(last) >= APART)) marks.push(mark);
  }
  return { at, marks };
}
