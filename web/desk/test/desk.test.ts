import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Conversation, DeskFrame, Row, RowPage } from "../src/server/shapes";

/** The server's end of the desk's socket. */
class Line {
  static last: Line;
  readyState = 1;
  onopen?: () => void;
  onmessage?: (message: { data: string }) => void;
  constructor() {
    Line.last = this;
  }
  send() {}
  close() {}
  tell(...frames: DeskFrame[]) {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

const nothing = { getItem: () => null, setItem: () => undefined };
vi.stubGlobal("WebSocket", Line);
vi.stubGlobal("localStorage", nothing);
vi.stubGlobal("sessionStorage", nothing);
vi.stubGlobal("document", {
  visibilityState: "visible",
  cookie: "",
  addEventListener() {},
  removeEventListener() {},
});
vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("removeEventListener", () => undefined);
const { Desk } = await import("../src/live/desk");
const { conversationOf, keys, settle } = await import("../src/server/queries");

const CAME = "2026-11-21T08:00:00Z";
const conversation = (head: number, change: Partial<Conversation> = {}): Conversation => ({
  id: "c",
  status: "active",
  customer: { id: "u", name: "", proved: false, tier: "", label: "U" },
  department: { id: "d", name: "D" },
  agent: { id: "me", name: "M" },
  unread: 0,
  opened_at: CAME,
  head,
  locale: "zh-CN",
  site: { id: "s", name: "S" },
  read: { customer: 0, staff: 0 },
  can: { reply: true, close: true },
  ...change,
});
const CLOSED = conversation(6, { status: "closed", can: { reopen: true } });
const row = ({ locale: _l, site: _s, read: _r, can: _c, ...rest }: Conversation): Row => rest;

let cache: QueryClient;
let desk: InstanceType<typeof Desk>;
const seen: (() => void)[] = [];

/** A query on the screen whose answers the test gives, in whichever order it likes. */
function onScreen<T>(options: { queryKey: readonly unknown[] }) {
  const answers: ((answer: T) => void)[] = [];
  const queryFn = () => new Promise<T>((answer) => answers.push(answer));
  seen.push(new QueryObserver(cache, { ...options, queryFn }).subscribe(() => undefined));
  return answers;
}

const held = <T>(key: readonly unknown[]) => cache.getQueryData<T>(key);

beforeEach(() => {
  vi.useFakeTimers();
  cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  cache.mount();
  desk = new Desk(cache, "me", "ws://test");
  desk.start();
  Line.last.onopen?.();
  Line.last.tell({ t: "welcome", now: new Date().toISOString() });
});
afterEach(() => {
  for (const stop of seen.splice(0)) stop();
  desk.stop();
  cache.clear();
  vi.useRealTimers();
});

it("shows a conversation closed although an answer asked for before that comes after it", async () => {
  const answers = onScreen<Conversation>(conversationOf("c"));
  answers[0]?.(conversation(5));
  await vi.runOnlyPendingTimersAsync();
  Line.last.tell({ t: "welcome", now: CAME }); // back after an outage: everything is asked for again
  expect(answers).toHaveLength(2);
  settle(cache, "c", CLOSED);
  answers[1]?.(conversation(5));
  await vi.runOnlyPendingTimersAsync();
  expect(held(keys.conversation("c"))).toEqual(CLOSED);
});

it("takes the later of two answers about the same moment", async () => {
  const answers = onScreen<Conversation>(conversationOf("c"));
  answers[0]?.(conversation(5));
  await vi.runOnlyPendingTimersAsync();
  settle(cache, "c", conversation(5, { unread: 3 }));
  expect(held<Conversation>(keys.conversation("c"))?.unread).toBe(3);
});

it.each<[string, () => void]>([
  ["one takes it oneself", () => settle(cache, "c", conversation(6))],
  ["the line says so", () => Line.last.tell({ t: "rows", rows: [row(conversation(6))] })],
])(
  "asks what may be pressed beside a conversation again when who serves it changes: %s",
  async (_, changes) => {
    const panel = onScreen<object>({ queryKey: keys.context("c") });
    const answers = onScreen<Conversation>(conversationOf("c"));
    const { agent: _nobody, ...waiting } = conversation(5, { status: "waiting" });
    answers[0]?.(waiting);
    panel[0]?.({});
    await vi.runOnlyPendingTimersAsync();
    changes();
    expect(panel).toHaveLength(2);
  },
);

it("does not bring back a conversation that left a list while the list was on its way", async () => {
  const answers = onScreen<{ pages: RowPage[]; pageParams: string[] }>({ queryKey: keys.list("open") });
  const read = { pages: [{ rows: [row(conversation(5))] }], pageParams: [""] };
  answers[0]?.(read);
  await vi.runOnlyPendingTimersAsync();
  Line.last.tell({ t: "lists" }, { t: "rows", rows: [row(CLOSED)] });
  answers[1]?.(read);
  await vi.runOnlyPendingTimersAsync();
  expect(held<typeof read>(keys.list("open"))?.pages[0]?.rows).toEqual([]);
});

it.each([-3, 0, 5])("counts an offer down by the seconds left, on a computer %i h wrong", (hours) => {
  vi.setSystemTime(Date.now() + hours * 3_600_000); // set right, or wrong, after the socket was opened
  const expires_at = new Date(Date.now() + 20_000).toISOString();
  Line.last.tell({ t: "offer", conversation: row(conversation(1)), expires_at, seconds: 12.5 });
  expect(desk.offers.get()[0]?.until).toBeCloseTo(performance.now() + 12_500, -2);
});

it("tells waiting times in the server's time, on a computer that is set wrong", () => {
  const now = "2031-01-01T00:00:00Z";
  Line.last.tell({ t: "welcome", now });
  vi.setSystemTime("2001-01-01T00:00:00Z");
  expect(performance.now() + desk.skew.get()).toBeCloseTo(Date.parse(now), -2);
});

it("tells that what was put aside is back, but not whoever fetched it back", () => {
  const told: string[] = [];
  desk.notices.addEventListener("notice", (event) => {
    const { kind } = (event as CustomEvent<{ kind: string }>).detail;
    told.push(kind);
  });
  const asideAt = (head: number): Row => ({ ...row(conversation(head)), snoozed: true });
  const putAside = (head: number) => {
    cache.setQueryData(keys.list("snoozed"), pages(asideAt(head)));
    Line.last.tell({ t: "rows", rows: [asideAt(head)], gone: [] });
  };
  putAside(4);
  desk.wakes("c", true);
  Line.last.tell({ t: "rows", rows: [row(conversation(5))], gone: [] });
  expect(told).toEqual([]);
  putAside(6);
  Line.last.tell({ t: "rows", rows: [row(conversation(7))], gone: [] });
  expect(told).toEqual(["back"]);
});

const pages = (one: Row) => ({ pages: [{ rows: [one], next: null }], pageParams: [""] });
