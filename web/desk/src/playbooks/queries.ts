/**
 * Asking for playbooks, checking what is typed, and changing them.
 */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, put, remove } from "../server/http";

const BASE = "/admin/playbooks";
const KEY = ["admin", "playbooks"] as const;

type Both = Record<string, string>;

export interface Line {
  key: string;
  title: string;
  title_en: string;
  is_shipped: boolean;
  is_own: boolean;
  runs: "shipped" | "own" | null;
  published: number | null;
  newest: number;
  steps: number;
  articles: { id: string; title: Both }[];
  codes: string[];
}

export interface Step {
  name: string;
  does: "ask" | "look_up" | "decide" | "act" | "say" | "hand_over" | "solved";
  /** What is asked, looked up or done. */
  of: string;
  text: Both;
  /** `text`: the button which leads there, or what must be so. */
  ways: { name: string; to: string; text: Both }[];
}

export interface Problem {
  line: number;
  column: number;
  path: string;
  code: string;
  told: Both;
}

export interface Version {
  version: number;
  written_at: string;
  written_by: string | null;
}

export interface Playbook {
  key: string;
  title: string;
  title_en: string;
  source: string;
  newest: number;
  published: number | null;
  versions: Version[];
  shipped: string | null;
  steps: Step[];
}

export interface Past {
  id: string;
  opened_at: string;
  code: string | null;
  order_number: string | null;
  words: string;
}

export interface Taken {
  step: string;
  does: Step["does"];
  text: string;
  answer: string;
  how: "found" | "missing" | "failed" | "timed_out" | "unproved" | "assumed" | "";
  told: { name: string; title: Both; value: Both }[];
}

/** Who answers the look-ups of a dry run: what the shop said then, or the shop as it is now. */
export type Asks = "recorded" | "now";

export interface Rehearsal {
  asked: Asks;
  steps: Taken[];
  ends: "solved" | "handed_over" | "asks" | "stopped";
  reason: Both;
}

export const usePlaybooks = () => useQuery({ queryKey: KEY, queryFn: () => get<Line[]>(BASE) });

export const usePlaybook = (key: string) =>
  useQuery({
    queryKey: [...KEY, "one", key],
    queryFn: () => get<Playbook>(`${BASE}/${key}`),
    refetchOnWindowFocus: false,
  });

export const useCheck = (source: string) =>
  useQuery({
    queryKey: ["playbook-check", source],
    queryFn: () => post<{ problems: Problem[]; steps: Step[] }>("/admin/playbook-checks", { source }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

export const usePast = () =>
  useQuery({ queryKey: ["playbook-trials"], queryFn: () => get<Past[]>("/admin/playbook-trials") });

export const useTrial = () =>
  useMutation({
    mutationFn: (asked: { source: string; conversation: string; asks: Asks }) =>
      post<Rehearsal>("/admin/playbook-trials", asked),
  });

export const textOf = (key: string, version: number) =>
  get<{ source: string }>(`${BASE}/${key}/versions/${version}`);

/** Any change of the playbooks, as a function that does it. */
function useChange<Asked>(change: (asked: Asked) => Promise<Playbook>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => cache.invalidateQueries({ queryKey: KEY }),
  });
}

export const useSave = () =>
  useChange((draft: { source: string; seen: number }) => put<Playbook>(BASE, draft));

export const usePublish = (key: string) =>
  useChange((version: number) => put<Playbook>(`${BASE}/${key}/published`, { version }));

export const useWithdraw = (key: string) => useChange(() => remove<Playbook>(`${BASE}/${key}/published`));
