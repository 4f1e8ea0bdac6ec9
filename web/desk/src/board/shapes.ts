/**
 * What the board is told. What each number counts is said in the words under `board.help`.
 */
import type { Named } from "@mashang/protocol";
import type { Role, Tier } from "../server/shapes";

export interface BoardQueue {
  id: string;
  department: Named;
  required_tier: Tier;
  waiting: number;
  messages: number;
  offered: number;
  longest_since: string | null;
  online: number;
  free: number;
  served: number;
  left: number;
  told: number;
  held: number;
  mean_wait: number | null;
  error: number | null;
}

export interface BoardAgent {
  id: string;
  name: string;
  role: Role;
  tier: Tier;
  departments: string[];
  state: "available" | "away" | "offline";
  since: string | null;
  load: number;
  offers: number;
  capacity: number;
  declined: number;
  timed_out: number;
  handled: number;
}

export interface Board {
  at: string;
  queues: BoardQueue[];
  agents: BoardAgent[];
}
