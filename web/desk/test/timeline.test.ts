import type { Entry } from "@mashang/protocol";
import { expect, it } from "vitest";
import { joined, lastSeq, withOlder } from "../src/live/timeline";

const entry = (seq: number, text = ""): Entry => ({
  seq,
  prev: seq - 1,
  at: "2026-11-21T08:00:00Z",
  audience: "everyone",
  author: { kind: "customer" },
  kind: "text",
  text,
});
const seqs = (entries: Entry[]) => entries.map(({ seq }) => seq);

it("puts what comes next at the end", () => {
  expect(seqs(joined([entry(1), entry(2)], [entry(3)]))).toEqual([1, 2, 3]);
});

it("shows an entry once however often it comes", () => {
  expect(seqs(joined([entry(1), entry(2)], [entry(2), entry(3)]))).toEqual([1, 2, 3]);
});

it("puts a late entry at its place", () => {
  expect(seqs(joined([entry(1), entry(4)], [entry(2)]))).toEqual([1, 2, 4]);
});

it("believes the later word about the same number", () => {
  expect(joined([entry(1, "old")], [entry(1, "new")])[0]?.text).toBe("new");
});

it("grows upwards and remembers whether there is still more", () => {
  const timeline = withOlder(
    { entries: [entry(5)], more: true },
    { entries: [entry(3), entry(4)], more: false },
  );
  expect(seqs(timeline.entries)).toEqual([3, 4, 5]);
  expect(timeline.more).toBe(false);
});

it("names the last number held, and none of an empty timeline", () => {
  expect(lastSeq({ entries: [entry(1), entry(7)], more: false })).toBe(7);
  expect(lastSeq(undefined)).toBe(0);
});

const told = (seq: number, about: number): Entry => ({
  ...entry(seq),
  kind: "event",
  event: { name: "recall", seq: about },
});
const words = (entries: Entry[]) => entries.map(({ text, event }) => text ?? event?.name);

it("drops the words of what was taken back, and keeps its number", () => {
  const after = joined([entry(1, "held"), entry(2, "wrong")], [told(3, 2)]);
  expect(seqs(after)).toEqual([1, 2, 3]);
  expect(words(after).slice(0, 2)).toEqual(["held", "recalled"]);
});

it("drops them from an older page that was read before they were taken back", () => {
  const after = joined([told(3, 1)], [entry(1, "wrong"), entry(2, "held")]);
  expect(words(after).slice(0, 2)).toEqual(["recalled", "held"]);
});

it("drops a file with its name", () => {
  const file = {
    id: "f",
    name: "wrong.png",
    media_type: "image/png",
    size: 1,
    picture: true,
    animated: false,
  };
  const after = joined([{ ...entry(1), kind: "file", file }], [told(2, 1)]);
  expect(JSON.stringify(after)).not.toContain("wrong.png");
});
