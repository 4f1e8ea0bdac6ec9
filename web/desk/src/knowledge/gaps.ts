/**
 * Asking for what the knowledge lacks, and deciding it; deciding changes the knowledge too.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "../server/http";
import type { Locale } from "../words/words";
import { knowledgeKey } from "./queries";

export type Source = "conversation" | "help_search" | "help_vote";

interface Question {
  source: Source;
  conversation?: string | null;
  seq?: number | null;
  kind: "unanswered" | "wrong";
  locale: Locale;
  words: string;
  n: number;
  asked_at: string;
  wrong?: { id: string; title: string } | null;
  answer?: string | null;
}

/** The same words, wherever they were asked. */
export interface Asked {
  words: string;
  sources: { source: Source; n: number }[];
  /** Where somebody answered, else the newest. */
  said: Question | undefined;
  wrong: Question["wrong"];
  answer: string | null;
  /** Nobody's words: an article did not help, and it is not known for what. */
  is_title: boolean;
}

export interface Gap {
  id: string;
  n: number;
  wrong: number;
  since: string;
  latest: string;
  questions: Question[];
}

interface Gaps {
  gathered_at?: string | null;
  gaps: Gap[];
}

/** What became of a gap's questions: some may ask for another article already, or be no phrasings. */
export interface Filled {
  article: string;
  elsewhere: { text: string; article: string; title: string }[];
  unusable: string[];
}

const KEY = [...knowledgeKey, "gaps"];

/** Gathered beside the service once a minute: an open page looks as often. */
export const useGaps = () =>
  useQuery({
    queryKey: KEY,
    queryFn: () => get<Gaps>("/desk/knowledge/gaps"),
    refetchInterval: 60_000,
  });

export function together(questions: Question[]): Asked[] {
  const byWords = new Map<string, Question[]>();
  for (const one of questions) byWords.set(one.words, [...(byWords.get(one.words) ?? []), one]);
  return [...byWords].map(([words, those]) => {
    const answered = those.find((one) => one.answer);
    const counts = new Map<Source, number>();
    for (const { source, n } of those) counts.set(source, (counts.get(source) ?? 0) + n);
    return {
      words,
      sources: [...counts].map(([source, n]) => ({ source, n })),
      said: answered ?? those.find((one) => one.conversation),
      wrong: those.find((one) => one.wrong)?.wrong,
      answer: answered?.answer ?? null,
      is_title: those.every((one) => one.source === "help_vote" && one.wrong?.title === words),
    };
  });
}

export function useDecide(gap: Gap) {
  const cache = useQueryClient();
  const settled = { onSettled: () => cache.invalidateQueries({ queryKey: knowledgeKey }) };
  const fill = useMutation({
    mutationFn: (filling: { words: string[]; article: string | null }) =>
      post<Filled>(`/desk/knowledge/gaps/${gap.id}/fill`, filling),
    ...settled,
  });
  const dismiss = useMutation({
    mutationFn: () => post<void>(`/desk/knowledge/gaps/${gap.id}/dismiss`),
    ...settled,
  });
  return { fill, dismiss };
}
