/**
 * What on the board is trouble, how bad it is, and what comes first for it.
 *
 * Each trouble has a word of its own, so that none is told by colour alone. How long is too long is the same as in
 * the lists (patience).
 *
 * Does not: draw.
 */
import type { WordKey } from "../words/words";
import { patience } from "../work/patience";
import type { BoardAgent, BoardQueue } from "./shapes";

export type Level = "calm" | "long" | "urgent";

export interface Trouble {
  level: Level;
  word?: WordKey;
}

const CALM: Trouble = { level: "calm" };
const RANK: Record<Level, number> = { urgent: 0, long: 1, calm: 2 };
const MISSED = 3; // so many offers run out in a day: somebody may not be at their desk

export function waitedFor(queue: BoardQueue, now: number): number {
  return queue.longest_since ? Math.max(0, now - Date.parse(queue.longest_since)) : 0;
}

export function queueTrouble(queue: BoardQueue, now: number): Trouble {
  if (queue.waiting === 0) return CALM;
  if (queue.online === 0) return { level: "urgent", word: "board.trouble.nobody" };
  const level = patience(waitedFor(queue, now));
  if (level === "urgent") return { level, word: "board.trouble.too_long" };
  if (level === "long") return { level, word: "board.trouble.long" };
  return queue.free === 0 ? { level: "long", word: "board.trouble.full" } : CALM;
}

export function agentTrouble(agent: BoardAgent): Trouble {
  if (agent.state === "offline" && agent.load > 0) return { level: "urgent", word: "board.trouble.gone" };
  if (agent.state === "offline") return CALM;
  if (agent.timed_out >= MISSED) return { level: "long", word: "board.trouble.missed" };
  if (agent.state === "away" && agent.load > 0) return { level: "long", word: "board.trouble.away" };
  if (agent.state === "available" && agent.load + agent.offers >= agent.capacity)
    return { level: "long", word: "board.trouble.no_hand" };
  return CALM;
}

/** The worst first; among equals who waits longest, then where most wait. */
export function queuesByTrouble(queues: BoardQueue[], now: number): BoardQueue[] {
  const key = (queue: BoardQueue) => [
    RANK[queueTrouble(queue, now).level],
    -waitedFor(queue, now),
    -queue.waiting,
  ];
  return sorted(queues, key);
}

const HERE: Record<BoardAgent["state"], number> = { available: 0, away: 1, offline: 2 };

/** The worst first; then who is here, the busiest first. */
export function agentsByTrouble(agents: BoardAgent[]): BoardAgent[] {
  return sorted(agents, (agent) => [RANK[agentTrouble(agent).level], HERE[agent.state], -agent.load]);
}

/** Where the keys are equal the order stays. */
function sorted<T>(all: T[], key: (one: T) => number[]): T[] {
  const keyed = all.map((one) => ({ one, key: key(one) }));
  const difference = (a: number[], b: number[]) =>
    a.reduce((found, part, at) => found || part - (b[at] ?? 0), 0);
  return keyed.sort((a, b) => difference(a.key, b.key)).map(({ one }) => one);
}

export interface Totals {
  waiting: number;
  longest: number;
  online: number;
  free: number;
  meanWait: number | null;
  told: number;
  held: number;
}

/** Over all queues, each customer and each free hand counted once. */
export function totals(queues: BoardQueue[], agents: BoardAgent[], now: number): Totals {
  const here = agents.filter((agent) => agent.state === "available" && agent.capacity > 0);
  const sum = (of: (queue: BoardQueue) => number) => queues.reduce((all, queue) => all + of(queue), 0);
  const served = sum((queue) => queue.served);
  return {
    waiting: sum((queue) => queue.waiting),
    longest: Math.max(0, ...queues.map((queue) => waitedFor(queue, now))),
    online: here.length,
    free: here.reduce((all, agent) => all + Math.max(0, agent.capacity - agent.load - agent.offers), 0),
    meanWait: served ? sum((queue) => (queue.mean_wait ?? 0) * queue.served) / served : null,
    told: sum((queue) => queue.told),
    held: sum((queue) => queue.held),
  };
}
