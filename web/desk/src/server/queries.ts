/**
 * The questions the work page asks, each with the name its answer is kept under.
 *
 * The names are the whole agreement between loading (here), living (live/desk.ts) and drawing.
 */
import type { Entry, EntryPage, FileAddresses } from "@mashang/protocol";
import {
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { newestOf } from "../live/newest";
import { type Timeline, withOlder } from "../live/timeline";
import type {
  ContextView,
  Identity,
  NamedIncident,
  RevealedKeys,
  ShopAction,
  ShopActionView,
} from "./beside";
import { ask, get, post, put } from "./http";
import type {
  Availability,
  Conversation,
  Counters,
  Directory,
  Filters,
  ListName,
  Me,
  RowPage,
  SavedView,
  Tier,
  TraceLine,
} from "./shapes";

export const keys = {
  me: ["me"] as const,
  counters: ["counters"] as const,
  lists: ["list"] as const,
  list: (name: ListName) => ["list", name] as const,
  conversations: ["conversation"] as const,
  conversation: (id: string) => ["conversation", id] as const,
  timeline: (id: string) => ["timeline", id] as const,
  contexts: ["context"] as const,
  context: (id: string) => ["context", id] as const,
  identities: ["identity"] as const,
  identity: (id: string) => ["identity", id] as const,
  directory: ["directory"] as const,
  board: ["board"] as const,
  incidents: ["incidents"] as const,
};

const PAGE = 50;
const NARROWED_AGAIN = 5_000;

export const isNarrow = (filters: Filters) => Object.values(filters).some(Boolean);

const asked = (filters: Filters) =>
  Object.entries(filters)
    .filter(([, value]) => value)
    .map(([name, value]) => `&${name}=${encodeURIComponent(String(value))}`)
    .join("");

/** Those that are on, and the last that were. */
export const useIncidents = () =>
  useQuery({ queryKey: keys.incidents, queryFn: () => get<NamedIncident[]>("/desk/incidents") });

/** Whether an incident concerns this conversation, as an agent says. */
export const useMarkAffected = (id: string) => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ incident, affected }: { incident: string; affected: boolean }) => {
      const path = `${at(id)}/incidents/${incident}`;
      return ask<void>(affected ? "PUT" : "DELETE", path);
    },
    onSettled: () => cache.invalidateQueries({ queryKey: keys.context(id) }),
  });
};

const at = (id: string) => `/desk/conversations/${id}`;

export const useMe = () => useQuery({ queryKey: keys.me, queryFn: () => get<Me>("/staff/me") });

export const useCounters = () =>
  useQuery({ queryKey: keys.counters, queryFn: () => get<Counters>("/desk/counters") });

/** A narrowed list is asked for again and again: who narrows is the server, so the socket cannot keep it current. */
export const useRows = (list: ListName, filters: Filters = {}) =>
  useInfiniteQuery({
    queryKey: isNarrow(filters) ? [...keys.list(list), filters] : keys.list(list),
    refetchInterval: isNarrow(filters) ? NARROWED_AGAIN : false,
    queryFn: ({ pageParam }) =>
      get<RowPage>(
        `/desk/conversations?list=${list}&limit=${PAGE}${asked(filters)}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ""}`,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const conversationOf = (id: string) =>
  queryOptions({
    queryKey: keys.conversation(id),
    queryFn: () => get<Conversation>(at(id)),
    structuralSharing: newestOf,
  });

export const useConversation = (id: string) => useQuery(conversationOf(id));

/** The newest entries; the socket keeps them current, so they are loaded again only when it says so. */
export const useTimeline = (id: string) =>
  useQuery({
    queryKey: keys.timeline(id),
    queryFn: async (): Promise<Timeline> => {
      const { entries, more } = await get<EntryPage>(`${at(id)}/entries?limit=${PAGE}`);
      return { entries, more };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useOlder = (id: string) => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (first: Entry) => get<EntryPage>(`${at(id)}/entries?before=${first.seq}&limit=${PAGE}`),
    onSuccess: (page) =>
      cache.setQueryData<Timeline>(
        keys.timeline(id),
        (timeline) => timeline && withOlder(timeline, { entries: page.entries, more: page.more }),
      ),
  });
};

export const useContextView = (id: string) =>
  useQuery({ queryKey: keys.context(id), queryFn: () => get<ContextView>(`${at(id)}/context`) });

export const useRefreshContext = (id: string) => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => post<ContextView>(`${at(id)}/context/refresh`),
    onSuccess: (view) => cache.setQueryData(keys.context(id), view),
  });
};

export interface ActionWish {
  action: ShopAction;
  line: string | null;
  round: number;
  reason: string;
}

/** Asks the shop for something, once for each round: a second press of the same has the same answer. */
export const useShopAction = (id: string) => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (wish: ActionWish) => post<ShopActionView>(`${at(id)}/actions`, wish),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.context(id) }),
  });
};

/** Never through the cache: nothing of a key stays anywhere once it is hidden. */
export const askForKeys = (id: string, line: string, reason: string) =>
  post<RevealedKeys>(`${at(id)}/keys`, { line, reason });

/** Who the customer is proved to be, and their codes; told anew with every event of the conversation. */
export const useIdentity = (id: string) =>
  useQuery({ queryKey: keys.identity(id), queryFn: () => get<Identity>(`${at(id)}/identity`) });

/** Mints the code of the proved order, or revokes the one that is named. */
export const useCodeStep = (id: string) => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (code: string | undefined) =>
      code ? ask<Identity>("DELETE", `${at(id)}/codes/${code}`) : post<Identity>(`${at(id)}/codes`),
    onSuccess: (identity) => cache.setQueryData(keys.identity(id), identity),
  });
};

export const useViews = () =>
  useQuery({ queryKey: ["views"], queryFn: () => get<SavedView[]>("/desk/views") });

interface ViewDraft {
  name: string;
  list: ListName;
  filters: Filters;
  shared: boolean;
}

/** Keeps a view, or forgets the one that is named. */
export const useViewChange = () => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (change: ViewDraft | string) =>
      typeof change === "string"
        ? ask<SavedView[]>("DELETE", `/desk/views/${change}`)
        : post<SavedView[]>("/desk/views", change),
    onSuccess: (views) => cache.setQueryData(["views"], views),
  });
};

export const useDirectory = (open: boolean) =>
  useQuery({
    queryKey: keys.directory,
    queryFn: () => get<Directory>("/desk/directory"),
    enabled: open,
    staleTime: 0,
  });

/** Loaded anew each time it is opened: a supervisor asks about now. */
export const useTrace = (id: string, open: boolean) =>
  useQuery({
    queryKey: ["trace", id],
    queryFn: () => get<TraceLine[]>(`${at(id)}/trace`),
    enabled: open,
    staleTime: 0,
    gcTime: 0,
  });

export type Step =
  | "assistant"
  | "accept"
  | "decline"
  | "take"
  | "return"
  | "close"
  | "reopen"
  | "join"
  | "leave"
  | "wake";

/** Accepting, declining, taking, closing, reopening, joining and leaving: each answers with the conversation as it then is. */
export const useStep = () => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, step }: { id: string; step: Step }) =>
      post<Conversation | undefined>(`${at(id)}/${step}`),
    onSettled: (conversation, _, { id }) => settle(cache, id, conversation),
  });
};

export interface TransferTo {
  department?: string;
  agent?: string;
  tier?: Tier;
  note: string;
}

/** Puts it aside until an instant, or (null) until the customer writes. */
export const useSnooze = (id: string) => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (until: string | null) => post<Conversation>(`${at(id)}/snooze`, { until }),
    onSuccess: (conversation) => settle(cache, id, conversation),
  });
};

export const useTransfer = (id: string) => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (to: TransferTo) => post<Conversation | undefined>(`${at(id)}/transfer`, to),
    onSuccess: (conversation) => settle(cache, id, conversation),
  });
};

/** A note that rings at the desk of whoever serves. */
export const useWhisper = (id: string) =>
  useMutation({
    mutationFn: (text: string) => post(`${at(id)}/whisper`, { client_id: crypto.randomUUID(), text }),
  });

export function settle(cache: QueryClient, id: string, conversation: Conversation | undefined): void {
  if (conversation?.id) cache.setQueryData(keys.conversation(id), conversation);
  else void cache.invalidateQueries({ queryKey: keys.conversation(id) });
  void cache.invalidateQueries({ queryKey: keys.context(id) }); // what one may press there depends on who serves
  void cache.invalidateQueries({ queryKey: keys.counters });
  void cache.invalidateQueries({ queryKey: keys.lists });
}

export const useAvailability = () => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (availability: Availability) => put<Me>("/staff/availability", { availability }),
    onSuccess: (me) => cache.setQueryData(keys.me, me),
  });
};

export const fileAddresses = (files: string[]) => post<FileAddresses>("/desk/files/addresses", { files });
export const filesOf = (id: string) => `${at(id)}/files`;
