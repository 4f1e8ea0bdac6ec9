/**
 * The questions of the board. The socket says when to ask again; half a minute is for what only time changes.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "../server/http";
import { keys } from "../server/queries";
import type { Row } from "../server/shapes";
import type { Board, BoardAgent, BoardQueue } from "./shapes";

const AGAIN = 30_000;

export const useBoard = () =>
  useQuery({
    queryKey: keys.board,
    queryFn: () => get<Board>("/desk/board"),
    refetchInterval: AGAIN,
    refetchOnWindowFocus: true,
    staleTime: 0,
  });

/** No new customers for somebody until they come back by their own word. */
export const useSetAway = () => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post(`/desk/board/people/${id}/away`),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.board }),
  });
};

/** What stands behind one line of the board. */
export type Behind = { queue: BoardQueue } | { agent: BoardAgent };

export const useBehind = (behind: Behind) => {
  const path =
    "agent" in behind
      ? `people/${behind.agent.id}`
      : `waiting?department=${behind.queue.department.id}&tier=${behind.queue.required_tier}`;
  return useQuery({
    queryKey: [...keys.board, path],
    queryFn: () => get<Row[]>(`/desk/board/${path}`),
    staleTime: 0,
  });
};
