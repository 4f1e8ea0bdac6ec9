/**
 * Reading and changing the things an operator sets up; every kind has the same four requests.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, put, remove } from "../server/http";

export type Kind = "departments" | "people" | "topics" | "sites" | "shops" | "campaign-codes";

export const recordsKey = (kind: Kind) => ["admin", kind] as const;

/** `waits` are only read. */
export const useRecords = <T>(kind: Kind | "waits") =>
  useQuery({ queryKey: ["admin", kind], queryFn: () => get<T[]>(`/admin/${kind}`) });

/** Makes a new one without an id, changes the one with it. */
export function useSave<Draft, Saved>(kind: Kind) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, draft }: { id?: string; draft: Draft }) =>
      id ? put<Saved>(`/admin/${kind}/${id}`, draft) : post<Saved>(`/admin/${kind}`, draft),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["admin"] }),
  });
}

export function useArchive(kind: Kind) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/admin/${kind}/${id}`),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["admin"] }),
  });
}
