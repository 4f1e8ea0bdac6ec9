/**
 * Addresses of files: signed for this reader, good for ten minutes, asked for together and again when stale.
 *
 * All files that come on the screen at once are asked in one request.
 */
import type { FileAddress } from "@mashang/protocol";
import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { fileAddresses } from "./queries";

const STALE_BEFORE_END = 60_000;
const LIFE = 10 * 60_000;
const MOST = 50;

type Waiter = { id: string; done(address: FileAddress | null): void; failed(error: unknown): void };
let waiting: Waiter[] = [];

async function flush(): Promise<void> {
  const batch = waiting.slice(0, MOST);
  waiting = waiting.slice(MOST);
  if (waiting.length > 0) setTimeout(() => void flush());
  try {
    const { addresses } = await fileAddresses([...new Set(batch.map(({ id }) => id))]);
    for (const { id, done } of batch) done(addresses[id] ?? null);
  } catch (error) {
    for (const { failed } of batch) failed(error);
  }
}

function address(id: string): Promise<FileAddress | null> {
  return new Promise((done, failed) => {
    if (waiting.length === 0) setTimeout(() => void flush());
    waiting.push({ id, done, failed });
  });
}

const addressOf = (id: string) =>
  queryOptions({
    queryKey: ["file", id],
    queryFn: () => address(id),
    staleTime: LIFE - STALE_BEFORE_END,
    refetchInterval: LIFE - STALE_BEFORE_END,
  });

export const useFileAddress = (id: string) => useQuery(addressOf(id));

/** Those of the files whose address is known by now, in their order. */
export const useFileAddresses = (ids: string[]): { id: string; url: string }[] =>
  useQueries({
    queries: ids.map(addressOf),
    combine: (answers) =>
      answers.flatMap(({ data }, at) => (data ? [{ id: ids[at] ?? "", url: data.url }] : [])),
  });
