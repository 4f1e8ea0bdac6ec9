/**
 * From when on a wait is long, and too long: one rule of the operator's for the lists, the board and its help.
 *
 * The server tells it with who is signed in.
 */
import type { Me } from "../server/shapes";

const MINUTE = 60_000;

let rule: Me["patience"] = { long_minutes: 2, urgent_minutes: 5 };

export function keepPatience(told: Me["patience"]): void {
  rule = told;
}

export const patienceRule = (): Me["patience"] => rule;

export function patience(waited: number): "calm" | "long" | "urgent" {
  if (waited >= rule.urgent_minutes * MINUTE) return "urgent";
  return waited >= rule.long_minutes * MINUTE ? "long" : "calm";
}
