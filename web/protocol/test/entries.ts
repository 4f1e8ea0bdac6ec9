import type { Entry } from "../wire";

export function entry(seq: number, prev = seq - 1, text = `message ${seq}`): Entry {
  return {
    seq,
    prev,
    at: "2026-11-21T08:00:00Z",
    audience: "everyone",
    author: { kind: "agent", name: "小美" },
    kind: "text",
    text,
  };
}

export function numbers(entries: Entry[]): number[] {
  return entries.map((one) => one.seq);
}
