/**
 * What the page of code figures is told. What each number counts is said in the words under `figures.define`.
 */
import type { Named } from "@mashang/protocol";

export const PERIODS = [7, 30, 90] as const;
export type Days = (typeof PERIODS)[number];

/** Seconds; null without any times. */
export interface Spread {
  n: number;
  p05: number | null;
  q1: number | null;
  median: number | null;
  q3: number | null;
  p95: number | null;
}

export interface CodeFigures {
  id: string;
  code: string;
  name: string;
  department: string;
  archived: boolean;
  hits: number;
  corrected: number;
  asked: number;
  chosen: number;
  chose_another: number;
  chose_person: number;
  moved: number;
  chose_again: number;
  expired: number;
  archived_tries: number;
  left: number;
  waiting: number;
  while_closed: number;
  answer: Spread;
}

export interface Side {
  answer: Spread;
  left: number;
  waiting: number;
  while_closed: number;
}

export interface Comparison {
  department: Named | null;
  coded: Side;
  plain: Side;
  ratio: {
    verdict: "faster" | "slower" | "no_difference" | "too_few";
    ratio: number | null;
    low: number | null;
    high: number | null;
  };
}

export interface Figures {
  days: number;
  since: string;
  until: string;
  complete: boolean;
  codes: CodeFigures[];
  comparisons: Comparison[];
  asked: number;
  chosen: number;
  chose_person: number;
  unknown: number;
}

export interface Share {
  kind: string;
  n: number;
}

export interface CodeDetail {
  media: Share[];
  hows: Share[];
  corrections: Share[];
  days: { day: string; n: number }[];
}

export const wrongTurns = (one: CodeFigures): number => one.moved + one.chose_again;
export const tooLate = (one: CodeFigures): number => one.expired + one.archived_tries;
