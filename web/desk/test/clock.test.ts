import { expect, test } from "vitest";
import { clockTime, isClockTime } from "../src/words/clock";

test.each([
  ["9", "09:00"],
  ["930", "09:30"],
  ["9:05", "09:05"],
  ["１８：３０", "18:30"],
  ["24:00", "00:00"],
  ["24", "00:00"],
  ["0000", "00:00"],
])("%s is the time of day %s", (typed, kept) => {
  expect(clockTime(typed)).toBe(kept);
  expect(isClockTime(kept)).toBe(true);
});

test.each(["25", "9:75", "abc", "", "24:30", "123:4"])("%s is none and stays as it was typed", (typed) => {
  expect(clockTime(typed)).toBe(typed);
  expect(isClockTime(clockTime(typed))).toBe(false);
});
