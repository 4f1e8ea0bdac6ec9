/**
 * Notes that name oneself, and whom one can name in a conversation.
 */
import type { Named } from "@mashang/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { get, put } from "./http";

export interface Mention {
  conversation: string;
  customer: string;
  seq: number;
  at: string;
  by: string;
  text: string;
  seen: boolean;
}

export const mentionsKey = ["mentions"] as const;

export const useMentions = () =>
  useQuery({ queryKey: mentionsKey, queryFn: () => get<Mention[]>("/desk/mentions") });

/** Loaded when somebody begins to name one: who may see a conversation changes with every transfer. */
export const useColleagues = (conversation: string, wanted: boolean) =>
  useQuery({
    queryKey: ["colleagues", conversation],
    queryFn: () => get<Named[]>(`/desk/conversations/${conversation}/colleagues`),
    enabled: wanted,
    staleTime: 30_000,
  });

/** What names one in the conversation one looks at needs no mark any more. */
export function useSeenMentions(conversation: string, looks: boolean): void {
  const cache = useQueryClient();
  const marked = useMentions().data?.some((one) => one.conversation === conversation && !one.seen);
  const open = looks && marked;
  useEffect(() => {
    const see = () => {
      if (!open || document.visibilityState !== "visible") return;
      void put(`/desk/conversations/${conversation}/mentions/seen`, undefined).then(
        () => cache.invalidateQueries({ queryKey: mentionsKey }),
        () => undefined, // it stays marked, and is seen the next time
      );
    };
    see();
    document.addEventListener("visibilitychange", see);
    return () => document.removeEventListener("visibilitychange", see);
  }, [cache, conversation, open]);
}
