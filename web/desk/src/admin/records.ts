/**
 * Reading and changing the things an operator sets up; every kind has the same four requests.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Option } from "../frame/Choice";
import { get, post, put, remove } from "../server/http";
import type { Topic } from "./shapes";

export type Kind =
  | "hours"
  | "departments"
  | "people"
  | "topics"
  | "sites"
  | "shops"
  | "providers"
  | "campaign-codes"
  | "offer-rules"
  | "incidents"
  | "macros"
  | "replies"
  | "own-replies";

/** One's own replies are written at the desk, and read there among the shared ones. */
type ReadOnly = "waits" | "blocks" | "shop-kinds" | "provider-kinds";

const pathOf = (kind: Kind | ReadOnly) => (kind === "own-replies" ? "/desk/replies" : `/admin/${kind}`);

export const recordsKey = (kind: Kind) => ["admin", kind] as const;

export const useRecords = <T>(kind: Kind | ReadOnly) =>
  useQuery({ queryKey: ["admin", kind], queryFn: () => get<T[]>(pathOf(kind)) });

/** The topics to choose from, by code and name; none while they are awaited. */
export function useTopicOptions(fits: (topic: Topic) => boolean = () => true): Option[] | undefined {
  const { data, isPending } = useRecords<Topic>("topics");
  if (isPending) return undefined;
  return (data ?? []).filter(fits).map(({ code, name }) => ({ value: code, label: `${code} ${name}` }));
}

/** Makes a new one without an id (`under` where it belongs to something), changes the one with it. */
export function useSave<Draft, Saved>(kind: Kind, under: string = pathOf(kind)) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, draft }: { id?: string; draft: Draft }) =>
      id ? put<Saved>(`${pathOf(kind)}/${id}`, draft) : post<Saved>(under, draft),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["admin"] }),
  });
}

export function useArchive(kind: Kind) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`${pathOf(kind)}/${id}`),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["admin"] }),
  });
}
