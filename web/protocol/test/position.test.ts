import { describe, expect, test } from "vitest";
import { Position } from "../position";
import { entry, numbers } from "./entries";

describe("a reader's position", () => {
  test("shows the next entry at once", () => {
    const position = new Position(4);
    expect(numbers(position.take(entry(5)))).toEqual([5]);
    expect(position.last).toBe(5);
  });

  test("shows an entry after hidden ones, because it names the last one this reader may see", () => {
    const position = new Position(4);
    expect(numbers(position.take(entry(9, 4)))).toEqual([9]);
    expect(position.gap).toBe(false);
  });

  test("shows a repeated entry once", () => {
    const position = new Position(4);
    position.take(entry(5));
    expect(position.take(entry(5))).toEqual([]);
    expect(position.take(entry(3))).toEqual([]);
  });

  test("holds back an entry behind a gap until the gap is filled, then shows all in order", () => {
    const position = new Position(1);
    expect(position.take(entry(4, 3))).toEqual([]);
    expect(position.gap).toBe(true);
    expect(numbers(position.take(entry(2, 1)))).toEqual([2]);
    expect(numbers(position.take(entry(3, 2)))).toEqual([3, 4]);
    expect(position.gap).toBe(false);
  });

  test("trusts the server's word that everything up to a number was sent", () => {
    const position = new Position(0);
    position.take(entry(3, 2));
    position.take(entry(7, 6));
    expect(numbers(position.caughtUp(3))).toEqual([3]);
    expect(position.gap).toBe(true);
    expect(numbers(position.caughtUp(7))).toEqual([7]);
  });

  test("an empty conversation is caught up at its head, not behind it", () => {
    const position = new Position(0);
    position.caughtUp(5);
    expect(numbers(position.take(entry(6, 5)))).toEqual([6]);
  });

  test("forgets what it held when the entries came another way", () => {
    const position = new Position(0);
    position.take(entry(5, 4));
    position.moveTo(6);
    expect(position.gap).toBe(false);
    expect(position.take(entry(5, 4))).toEqual([]);
  });

  test("shows five entries once and in order, in whichever order they arrive, and twice each", () => {
    const shown = arrivals([1, 2, 3, 4, 5]).map((arrival) => {
      const position = new Position(0);
      return [...arrival, ...arrival].flatMap((seq) => numbers(position.take(entry(seq))));
    });
    expect(shown).toHaveLength(120);
    expect(new Set(shown.map((one) => one.join()))).toEqual(new Set(["1,2,3,4,5"]));
  });
});

function arrivals(left: number[]): number[][] {
  if (left.length === 0) return [[]];
  return left.flatMap((next) => arrivals(left.filter((seq) => seq !== next)).map((rest) => [next, ...rest]));
}
