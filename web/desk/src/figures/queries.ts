import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get } from "../server/http";
import type { CodeDetail, Days, Figures } from "./shapes";

const path = "/desk/code-figures";

/** The numbers of one period stay on the page until those of the next are there. */
export const useFigures = (days: Days) =>
  useQuery({
    queryKey: ["code-figures", days],
    queryFn: () => get<Figures>(`${path}?days=${days}`),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

export const useDetail = (id: string, days: Days) =>
  useQuery({
    queryKey: ["code-figures", days, id],
    queryFn: () => get<CodeDetail>(`${path}/${id}?days=${days}`),
    staleTime: 0,
  });
