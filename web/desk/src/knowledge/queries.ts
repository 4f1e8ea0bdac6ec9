/**
 * Asking for the knowledge and changing it; whatever changes, everything shown of it is asked for anew.
 */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, put, remove } from "../server/http";
import type { Locale } from "../words/words";
import type { Added, Article, Category, Draft, Kind, Listed, Phrasing, Version } from "./shapes";

const BASE = "/desk/knowledge";
export const knowledgeKey = ["knowledge"] as const;
const LOOK_AGAIN = 30_000;

export interface Wanted {
  text: string;
  category: string;
  kind: Kind | "";
  skip: number;
}

export const useArticles = (wanted: Wanted) =>
  useQuery({
    queryKey: [...knowledgeKey, "list", wanted],
    queryFn: () => {
      const asked = new URLSearchParams({
        q: wanted.text,
        category: wanted.category,
        skip: String(wanted.skip),
      });
      if (wanted.kind) asked.set("kind", wanted.kind);
      return get<Listed>(`${BASE}/articles?${asked}`);
    },
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_AGAIN,
  });

const articleKey = (id: string | undefined) => [...knowledgeKey, "one", id];

export const useArticle = (id: string | undefined) =>
  useQuery({
    queryKey: articleKey(id),
    queryFn: () => get<Article>(`${BASE}/articles/${id}`),
    enabled: id !== undefined,
  });

/** An article that just came back need not be asked for before it is shown. */
export function useKnown() {
  const cache = useQueryClient();
  return (article: Article) => cache.setQueryData(articleKey(article.id), article);
}

export const useVersions = (id: string) =>
  useQuery({
    queryKey: [...knowledgeKey, "versions", id],
    queryFn: () => get<Version[]>(`${BASE}/articles/${id}/versions`),
  });

export const useCategories = () =>
  useQuery({
    queryKey: [...knowledgeKey, "categories"],
    queryFn: () => get<Category[]>(`${BASE}/categories`),
  });

export const usePreview = (body: string) =>
  useQuery({
    queryKey: ["knowledge-preview", body],
    queryFn: () => post<{ html: string }>(`${BASE}/preview`, { body }),
    enabled: body.trim() !== "",
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

/** Any change of the knowledge, as a function that does it. */
function useChange<Asked, Answer>(change: (asked: Asked) => Promise<Answer>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => cache.invalidateQueries({ queryKey: knowledgeKey }),
  });
}

export const useSaveArticle = () =>
  useChange(({ id, version, draft }: { id?: string | undefined; version: number; draft: Draft }) =>
    id
      ? put<Article>(`${BASE}/articles/${id}`, { ...draft, version })
      : post<Article>(`${BASE}/articles`, draft),
  );

/** The starter articles that are missing; how many that were. */
export const useBegin = () => useChange(() => post<{ articles: number }>(`${BASE}/starter`));

export type Step = "publish" | "withdraw" | "archive" | `versions/${number}/restore`;

export const useStep = () =>
  useChange(({ id, step, version }: { id: string; step: Step; version: number }) =>
    post<Article>(`${BASE}/articles/${id}/${step}`, { version }),
  );

export const useAddPhrasings = (id: string) =>
  useChange(({ locale, lines }: { locale: Locale; lines: string[] }) =>
    post<Added>(`${BASE}/articles/${id}/phrasings`, { locale, lines }),
  );

export const useAcceptPhrasing = (id: string) =>
  useChange((phrasing: string) => post<unknown>(`${BASE}/articles/${id}/phrasings/${phrasing}/accept`));

export const useRemovePhrasing = (id: string) =>
  useChange((phrasing: string) => remove<void>(`${BASE}/articles/${id}/phrasings/${phrasing}`));

export const useMovePhrasing = () =>
  useChange(({ from, to, phrasing }: { from: string; to: string; phrasing: string }) =>
    post<Phrasing>(`${BASE}/articles/${from}/phrasings/${phrasing}/move`, { article: to }),
  );

/** Let `into` say what `gone` said. */
export const useMerge = () =>
  useChange(({ into, gone }: { into: Article; gone: Article }) =>
    post<Article>(`${BASE}/articles/${into.id}/merge`, {
      version: into.version,
      other: gone.id,
      other_version: gone.version,
    }),
  );

export type CategoryDraft = Pick<Category, "name" | "name_en" | "position">;

export const useSaveCategory = () =>
  useChange(({ id, draft }: { id?: string; draft: CategoryDraft }) =>
    id ? put<Category>(`${BASE}/categories/${id}`, draft) : post<Category>(`${BASE}/categories`, draft),
  );

export const useArchiveCategory = () => useChange((id: string) => remove<void>(`${BASE}/categories/${id}`));
