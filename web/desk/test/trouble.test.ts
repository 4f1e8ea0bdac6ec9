import { describe, expect, it, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {} }));

const { agentsByTrouble, agentTrouble, queuesByTrouble, queueTrouble, totals } = await import(
  "../src/board/trouble"
);
const { keepPatience } = await import("../src/work/patience");

import type { BoardAgent, BoardQueue } from "../src/board/shapes";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

const queue = (id: string, change: Partial<BoardQueue> = {}): BoardQueue => ({
  id,
  department: { id, name: id },
  required_tier: 1,
  waiting: 0,
  messages: 0,
  offered: 0,
  longest_since: null,
  online: 1,
  free: 1,
  served: 0,
  left: 0,
  told: 0,
  held: 0,
  mean_wait: null,
  error: null,
  ...change,
});

const agent = (id: string, change: Partial<BoardAgent> = {}): BoardAgent => ({
  id,
  name: id,
  role: "agent",
  tier: 1,
  departments: [],
  state: "available",
  since: null,
  load: 0,
  offers: 0,
  capacity: 5,
  declined: 0,
  timed_out: 0,
  handled: 0,
  ...change,
});

describe("trouble on the board", () => {
  it("names what is wrong with a queue, the worst of it first", () => {
    const word = (change: Partial<BoardQueue>) => queueTrouble(queue("q", change), NOW).word;
    expect(word({})).toBeUndefined();
    expect(word({ online: 0 })).toBeUndefined();
    expect(word({ waiting: 1, longest_since: ago(1) })).toBeUndefined();
    expect(word({ waiting: 1, longest_since: ago(1), free: 0 })).toBe("board.trouble.full");
    expect(word({ waiting: 1, longest_since: ago(2), free: 0 })).toBe("board.trouble.long");
    expect(word({ waiting: 1, longest_since: ago(5) })).toBe("board.trouble.too_long");
    expect(word({ waiting: 1, longest_since: ago(9), online: 0 })).toBe("board.trouble.nobody");
  });

  it("puts the queues with the worst trouble first and leaves quiet ones in their order", () => {
    const all = [
      queue("quiet"),
      queue("other quiet"),
      queue("long", { waiting: 9, longest_since: ago(3) }),
      queue("nobody", { waiting: 1, longest_since: ago(1), online: 0 }),
      queue("too long", { waiting: 1, longest_since: ago(8) }),
    ];
    const order = queuesByTrouble(all, NOW).map(({ id }) => id);
    expect(order).toEqual(["too long", "nobody", "long", "quiet", "other quiet"]);
  });

  it("names what is wrong with a person", () => {
    const word = (change: Partial<BoardAgent>) => agentTrouble(agent("a", change)).word;
    expect(word({ load: 4 })).toBeUndefined();
    expect(word({ load: 4, offers: 1 })).toBe("board.trouble.no_hand");
    expect(word({ timed_out: 3 })).toBe("board.trouble.missed");
    expect(word({ state: "away", load: 1 })).toBe("board.trouble.away");
    expect(word({ state: "offline", load: 1 })).toBe("board.trouble.gone");
    expect(word({ state: "offline", timed_out: 9 })).toBeUndefined();
  });

  it("puts people in trouble first, then those who are here by how busy they are", () => {
    const all = [
      agent("offline", { state: "offline" }),
      agent("idle"),
      agent("busy", { load: 3 }),
      agent("away", { state: "away" }),
      agent("gone", { state: "offline", load: 2 }),
    ];
    expect(agentsByTrouble(all).map(({ id }) => id)).toEqual(["gone", "busy", "idle", "away", "offline"]);
  });

  it("counts each free hand once, though a person may serve several queues", () => {
    const queues = [
      queue("one", { waiting: 2, longest_since: ago(4), free: 5, served: 3, mean_wait: 2, told: 3, held: 2 }),
      queue("two", { free: 5, served: 1, mean_wait: 6, told: 1, held: 1 }),
    ];
    const people = [agent("a", { load: 1, offers: 1 }), agent("b", { state: "away" })];
    expect(totals(queues, people, NOW)).toEqual({
      waiting: 2,
      longest: 4 * 60_000,
      online: 1,
      free: 3,
      meanWait: 3,
      told: 4,
      held: 3,
    });
  });
});

it("calls a wait long and too long from when the operator says", () => {
  const level = (minutes: number) =>
    queueTrouble(queue("a", { waiting: 1, longest_since: ago(minutes) }), NOW).level;
  expect([1, 2, 4, 5].map(level)).toEqual(["calm", "long", "long", "urgent"]);
  keepPatience({ long_minutes: 10, urgent_minutes: 30 });
  expect([5, 10, 29, 30].map(level)).toEqual(["calm", "long", "long", "urgent"]);
  keepPatience({ long_minutes: 2, urgent_minutes: 5 });
});
