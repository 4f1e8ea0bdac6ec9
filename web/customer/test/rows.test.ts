import type { Entry } from "@mashang/protocol";
import { describe, expect, test } from "vitest";
import { rowsOf } from "../src/model/rows";
import { merged, type Unsent } from "../src/model/state";

type Who = "customer" | "agent" | "system";

function said(seq: number, who: Who, at = `2026-11-21T08:00:${String(seq).padStart(2, "0")}Z`): Entry {
  const kind = who === "system" ? "event" : "text";
  return { seq, prev: seq - 1, at, audience: "everyone", author: { kind: who }, kind, text: `${seq}` };
}

const waiting: Unsent = { client_id: "k", conversation: "c", at: "", state: "sending", text: "?" };

function kinds(entries: Entry[], unsent: Unsent[] = [], divider: number | null = null, read = 0): string[] {
  return rowsOf(entries, unsent, divider, read).map((row) => row.kind);
}

function marks(entries: Entry[], read: number, unsent: Unsent[] = []): (string | null)[] {
  return rowsOf(entries, unsent, null, read).flatMap((row) => (row.kind === "said" ? [row.mark] : []));
}

describe("the rows of a timeline", () => {
  test("each day begins with its name, once", () => {
    const entries = [said(1, "agent"), said(2, "agent"), said(3, "agent", "2026-11-23T08:00:00Z")];
    expect(kinds(entries)).toEqual(["day", "said", "said", "day", "said"]);
  });

  test("the line above new messages stands before the first of an agent, not before one's own", () => {
    const entries = [said(1, "agent"), said(2, "customer"), said(3, "agent"), said(4, "agent")];
    expect(kinds(entries, [], 1)).toEqual(["day", "said", "said", "divider", "said", "said"]);
  });

  test("the first words of all are not set apart as new from what happened before them", () => {
    expect(kinds([said(1, "system"), said(2, "agent"), said(3, "agent")], [], 0)).toEqual([
      "day",
      "event",
      "said",
      "said",
    ]);
  });

  test("nothing is marked as new when everything was read", () => {
    expect(kinds([said(1, "agent")], [], null)).toEqual(["day", "said"]);
  });

  test("what is still on its way stands last", () => {
    expect(kinds([said(1, "customer")], [waiting])).toEqual(["day", "said", "unsent"]);
  });

  test("a person's name stands over the first of what they say in a row", () => {
    const late = said(4, "agent", "2026-11-21T08:30:00Z");
    const rows = rowsOf([said(1, "agent"), said(2, "agent"), said(3, "customer"), late], [], null, 0);
    expect(rows.flatMap((row) => (row.kind === "said" ? [row.opens] : []))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  test("an event between two messages begins the run anew", () => {
    const rows = rowsOf([said(1, "agent"), said(2, "system"), said(3, "agent")], [], null, 0);
    expect(rows.flatMap((row) => (row.kind === "said" ? [row.opens] : []))).toEqual([true, true]);
  });

  test("the last message that was read says so, the last one that was not says it has arrived", () => {
    const entries = [said(1, "customer"), said(2, "customer"), said(3, "customer")];
    expect(marks(entries, 2)).toEqual([null, "read", "delivered"]);
    expect(marks(entries, 3)).toEqual([null, null, "read"]);
  });

  test("nothing says it has arrived while a later one is still on its way", () => {
    expect(marks([said(1, "customer")], 0, [waiting])).toEqual([null]);
  });
});

describe("what the assistant offers to choose from", () => {
  const offered: Entry = {
    ...said(2, "customer"),
    author: { kind: "assistant" },
    assistant: { kind: "choices" },
  };
  const answers = (entries: Entry[], unsent: Unsent[] = []) =>
    rowsOf(entries, unsent, null, 0).flatMap((row) =>
      row.kind === "said" && row.entry.assistant ? [row.answer] : [],
    );

  test("can be chosen until the customer has said anything more", () => {
    expect(answers([said(1, "customer"), offered, said(3, "system")])).toEqual([null]);
    expect(answers([offered, { ...said(3, "customer"), text: "the first" }])).toEqual(["the first"]);
  });

  test("rests while the answer is on its way, and can be chosen again when it was refused or withdrawn", () => {
    expect(answers([offered], [waiting])).toEqual(["?"]);
    expect(answers([offered], [{ ...waiting, state: "failed" }])).toEqual([null]);
    expect(answers([offered], [{ ...waiting, withdrawn: true }])).toEqual([null]);
  });

  test("a question rests once another was asked, and an answer's own buttons do not", () => {
    const asks = { ...offered, assistant: { kind: "ask" as const, options: [] } };
    expect(answers([asks, said(3, "system"), { ...asks, seq: 4 }])).toEqual(["", null]);
    expect(answers([offered, { ...asks, seq: 4 }])).toEqual([null, null]);
  });

  test("a later offer is open though an earlier one was answered", () => {
    expect(answers([offered, said(3, "customer"), { ...offered, seq: 4 }])).toEqual(["3", null]);
  });
});

describe("entries from two sources", () => {
  test("are held once each and in order", () => {
    const both = merged(
      [said(1, "agent"), said(3, "agent")],
      [said(2, "agent"), said(3, "agent"), said(4, "agent")],
    );
    expect(both.map((entry) => entry.seq)).toEqual([1, 2, 3, 4]);
  });

  test("the server's own form of an entry replaces the one made up before it came", () => {
    const [entry] = merged([said(1, "customer")], [{ ...said(1, "customer"), text: "masked" }]);
    expect(entry?.text).toBe("masked");
  });
});
