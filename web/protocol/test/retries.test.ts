import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Retries } from "../retries";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("over a line that is down it waits until the line is back, however long that takes", () => {
  let up = false;
  const again = vi.fn();
  const retries = new Retries(() => up);
  expect(retries.later("a", again)).toBe(true);
  vi.advanceTimersByTime(3_600_000);
  expect(again).not.toHaveBeenCalled();
  up = true;
  retries.resume();
  expect(again).toHaveBeenCalledTimes(1);
  retries.resume();
  expect(again).toHaveBeenCalledTimes(1);
});

test("over a line that is up it tries again by itself, longer than a dead line needs to be noticed, then gives up", () => {
  const began = Date.now();
  let given = false;
  const retries = new Retries(() => true);
  const again = () => {
    given = !retries.later("a", again);
  };
  again();
  vi.runAllTimers();
  expect(given).toBe(true);
  expect(Date.now() - began).toBeGreaterThan(35_000);
});

test("what got through is not tried again, and begins anew the next time", () => {
  const again = vi.fn();
  const retries = new Retries(() => true);
  for (let time = 0; time < 20; time++) {
    expect(retries.later("a", again)).toBe(true);
    retries.forget("a");
  }
  vi.runAllTimers();
  expect(again).not.toHaveBeenCalled();
});
