import type { Entry } from "@mashang/protocol";
import { expect, test } from "vitest";
import { newsIn } from "../src/model/news";

function entry(seq: number, kind: "customer" | "agent" | "system"): Entry {
  return {
    seq,
    prev: seq - 1,
    at: "2026-11-22T03:00:00Z",
    audience: "everyone",
    author: { kind },
    kind: "text",
  };
}

test("those who listen hear what others wrote and what happened, once, in order, and nothing older", () => {
  const entries = [entry(1, "agent"), entry(2, "customer"), entry(3, "system"), entry(4, "agent")];
  expect(newsIn(entries, 1).map(({ seq }) => seq)).toEqual([3, 4]);
  expect(newsIn(entries, 4)).toEqual([]);
});
