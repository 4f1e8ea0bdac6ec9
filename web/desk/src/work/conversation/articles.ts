/**
 * Articles for whoever writes: what the server finds for the words typed and the customer's last question.
 */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { get } from "../../server/http";

interface Marked {
  text: string;
  marks: [number, number][];
}

export interface ArticleFound {
  id: string;
  locale: string;
  title: Marked;
  excerpt: Marked;
  /** Its words without marks, to be put into the composer. */
  text: string;
  /** Where customers read it. */
  address: string;
}

const REST_MS = 400;
const LONGEST_ASKED = 200;

/** The three best, asked for anew when the typing rests, or the customer said something. */
export function useSuggested(conversation: string, typed: string, said: string) {
  const words = useRested(typed.trim().slice(-LONGEST_ASKED));
  return useQuery({
    queryKey: ["articles", conversation, words, said],
    queryFn: () =>
      get<ArticleFound[]>(`/desk/conversations/${conversation}/articles?typed=${encodeURIComponent(words)}`),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
}

/** What the finder takes one message of the customer for, best first. */
export const useMeant = (conversation: string, seq: number) =>
  useQuery({
    queryKey: ["articles", conversation, "of", seq],
    queryFn: () => get<ArticleFound[]>(`/desk/conversations/${conversation}/articles?of=${seq}`),
    staleTime: 30_000,
    retry: false,
  });

export function useSearched(typed: string) {
  const words = useRested(typed.trim());
  return useQuery({
    queryKey: ["articles searched", words],
    queryFn: () => get<ArticleFound[]>(`/desk/knowledge/search?q=${encodeURIComponent(words)}`),
    enabled: words !== "",
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
}

/** What was typed, once nothing more is typed for a moment. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
