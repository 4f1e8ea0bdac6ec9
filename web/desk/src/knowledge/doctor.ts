/**
 * Asking for what the knowledge doctor found.
 */
import { useQuery } from "@tanstack/react-query";
import { get } from "../server/http";
import type { Locale } from "../words/words";
import { knowledgeKey } from "./queries";

/** A phrasing of `answer` that was taken for the other of the pair. */
export interface Example {
  answer: string;
  text: string;
  phrasing: string;
}

export interface Pair {
  one: string;
  other: string;
  share: number;
  examples: Example[];
}

export interface Held {
  answer: string;
  phrasings: number;
  right: number | null;
}

export interface Examination {
  answers: number;
  phrasings: number;
  right: number | null;
  answered_right: number | null;
  answered_wrong: number | null;
  related_answered: number | null;
  accuracy_at_5?: number | null;
  mrr?: number | null;
  auroc?: number | null;
  suggested_right?: number | null;
  precision?: number | null;
  p50_ms?: number | null;
  p99_ms?: number | null;
  memory_mb?: number | null;
  pairs: Pair[];
  thin: Held[];
  weakest: Held[];
  curve: { phrasings: number; right: number }[];
  with_twice: number | null;
}

export interface Examined {
  found: Examination | null;
  examined_at: string | null;
  titles: Record<string, Partial<Record<Locale, string>>>;
}

export const useExamined = () =>
  useQuery({
    queryKey: [...knowledgeKey, "doctor"],
    queryFn: () => get<Examined>("/desk/knowledge/doctor"),
    refetchInterval: 15_000, // it examines by itself, some seconds after each change
  });

interface Silence {
  why: "" | "contradicts" | "few" | "unlearned";
  is_on: boolean;
}

export const useSilence = () =>
  useQuery({
    queryKey: [...knowledgeKey, "silence"],
    queryFn: () => get<Silence>("/desk/knowledge/silence"),
    refetchInterval: 15_000,
  });
