import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocket as NodeSocket } from "ws";
import { backoff, Live, type LiveStatus, PACE } from "../live";
import type { CustomerFrameIn } from "../wire";
import { entry } from "./entries";
import { Server } from "./server";

const QUICK = {
  ...PACE,
  firstWait: 5,
  longestWait: 20,
  beat: 10,
  ping: 30,
  silence: 5_000,
  signOfLife: 30,
  repeat: 5_000,
};

class Page {
  readonly frames: CustomerFrameIn[] = [];
  readonly statuses: LiveStatus[] = [];
  private waiting: { ready: () => boolean; go: () => void }[] = [];
  readonly live: Live<CustomerFrameIn>;

  constructor(server: Server, pace: Partial<typeof PACE> = {}, onlyToWatch = false) {
    this.live = new Live<CustomerFrameIn>(
      {
        address: server.address,
        onlyToWatch,
        hello: () => ({ session: "secret", locale: "zh-CN" }),
        frame: (frame) => this.note(() => this.frames.push(frame)),
        status: (status) => this.note(() => this.statuses.push(status)),
      },
      (address) => new NodeSocket(address) as unknown as WebSocket,
      { ...QUICK, ...pace },
    );
  }

  until(ready: () => boolean): Promise<void> {
    if (ready()) return Promise.resolve();
    return new Promise((go) => this.waiting.push({ ready, go }));
  }

  shown(): number[] {
    return this.frames.flatMap((frame) => (frame.t === "entry" ? [frame.entry.seq] : []));
  }

  private note(add: () => void): void {
    add();
    for (const one of this.waiting.filter((each) => each.ready())) one.go();
  }
}

let server: Server;
let pages: Page[] = [];

function page(pace: Partial<typeof PACE> = {}, onlyToWatch = false): Page {
  const made = new Page(server, pace, onlyToWatch);
  pages.push(made);
  return made;
}

async function connected(pace: Partial<typeof PACE> = {}): Promise<Page> {
  const made = page(pace);
  made.live.start();
  await server.greet();
  await made.until(() => made.statuses.includes("open"));
  return made;
}

/** Breaks the line and waits until the page has said all it had to say on the next one. */
async function reconnected(one: Page): Promise<void> {
  const before = one.statuses.filter((status) => status === "open").length;
  server.last.terminate();
  await server.greet();
  await one.until(() => one.statuses.filter((status) => status === "open").length > before);
  await everythingSaid(one);
}

/** Frames keep their order, so whatever was to come before this one has come. */
async function everythingSaid(one: Page): Promise<void> {
  one.live.read("c1", 1);
  await server.next("read");
}

beforeEach(async () => {
  const outside = new EventTarget();
  vi.stubGlobal("addEventListener", outside.addEventListener.bind(outside));
  vi.stubGlobal("removeEventListener", outside.removeEventListener.bind(outside));
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  server = await Server.start();
});

afterEach(() => {
  for (const one of pages) one.live.stop();
  pages = [];
  server.close();
  vi.unstubAllGlobals();
});

test("a conversation opened between the greeting and its answer is followed too", async () => {
  const one = page();
  one.live.start();
  await server.next("hello");
  one.live.watch("c1", 3);
  server.say({ t: "welcome", now: "2026-11-21T08:00:00Z" });
  expect(await server.next("watch")).toEqual({ t: "watch", conversation: "c1", after: 3 });
});

test("says hello with the session and what it watches", async () => {
  const one = page();
  one.live.watch("c1", 7);
  one.live.start();
  expect(await server.greet()).toEqual({
    t: "hello",
    session: "secret",
    locale: "zh-CN",
    watch: [{ conversation: "c1", after: 7 }],
  });
});

test("after a break it asks for what came since, and shows nothing twice", async () => {
  const one = await connected();
  one.live.watch("c1", 0);
  await server.next("watch");
  server.say({ t: "entry", conversation: "c1", entry: entry(1) });
  server.say({ t: "entry", conversation: "c1", entry: entry(2) });
  await one.until(() => one.shown().length === 2);
  server.last.terminate();
  const hello = await server.greet();
  expect(hello.watch).toEqual([{ conversation: "c1", after: 2 }]);
  server.say({ t: "entry", conversation: "c1", entry: entry(2) });
  server.say({ t: "entry", conversation: "c1", entry: entry(3) });
  await one.until(() => one.shown().length === 3);
  expect(one.shown()).toEqual([1, 2, 3]);
});

test("asks once for a gap and shows everything in order", async () => {
  const one = await connected();
  one.live.watch("c1", 0);
  await server.next("watch");
  server.say({ t: "caught_up", conversation: "c1", head: 0 });
  server.say({ t: "entry", conversation: "c1", entry: entry(3, 2) });
  server.say({ t: "entry", conversation: "c1", entry: entry(4, 3) });
  expect(await server.next("watch")).toEqual({ t: "watch", conversation: "c1", after: 0 });
  server.say({ t: "entry", conversation: "c1", entry: entry(1) });
  server.say({ t: "entry", conversation: "c1", entry: entry(2) });
  server.say({ t: "caught_up", conversation: "c1", head: 4 });
  await one.until(() => one.frames.filter((frame) => frame.t === "caught_up").length === 2);
  expect(one.shown()).toEqual([1, 2, 3, 4]);
  expect(server.heard.filter((frame) => frame.t === "watch")).toHaveLength(2);
});

test("a message without an answer is sent again with the same key after a break, until it is acknowledged", async () => {
  const one = await connected();
  one.live.send({ conversation: "c1", client_id: "key-00001", text: "在吗" });
  await server.next("send");
  server.last.terminate();
  await server.greet();
  expect(await server.next("send")).toMatchObject({ client_id: "key-00001", text: "在吗" });
  server.say({ t: "ack", client_id: "key-00001", conversation: "c1", seq: 5, at: "2026-11-21T08:00:00Z" });
  await one.until(() => one.frames.some((frame) => frame.t === "ack"));
  await reconnected(one);
  expect(server.heard.filter((frame) => frame.t === "send")).toHaveLength(2);
});

test("a message without an answer on an open line is sent again too", async () => {
  const one = await connected({ repeat: 20 });
  one.live.send({ conversation: "c1", client_id: "key-00002", text: "在吗" });
  await server.next("send");
  expect(await server.next("send")).toMatchObject({ client_id: "key-00002" });
});

test("a refused message is told to the page and not sent again", async () => {
  const one = await connected();
  one.live.send({ conversation: "c1", client_id: "key-00003", text: "在吗" });
  await server.next("send");
  server.say({ t: "refused", client_id: "key-00003", code: "conversation_closed", message: "…" });
  await one.until(() => one.frames.some((frame) => frame.t === "refused"));
  await reconnected(one);
  expect(server.heard.filter((frame) => frame.t === "send")).toHaveLength(1);
});

test("what is written while the line is down goes out when it is back", async () => {
  const one = page();
  one.live.start();
  one.live.send({ conversation: "c1", client_id: "key-00004", text: "断网时写的" });
  await server.greet();
  expect(await server.next("send")).toMatchObject({ client_id: "key-00004" });
});

test("what is withdrawn before it left is not sent; what has left cannot be withdrawn", async () => {
  const one = page();
  one.live.send({ conversation: "c1", client_id: "one", text: "算了" });
  expect(one.live.withdraw("one")).toBe(true);
  one.live.send({ conversation: "c1", client_id: "two", text: "还是要问" });
  one.live.start();
  await server.greet();
  expect(await server.next("send")).toMatchObject({ client_id: "two" });
  expect(one.live.withdraw("two")).toBe(false);
});

test("too much missing is left to the page, which then watches from what it fetched", async () => {
  const one = await connected();
  one.live.watch("c1", 10);
  await server.next("watch");
  server.say({ t: "reload", conversation: "c1", head: 900 });
  await one.until(() => one.frames.some((frame) => frame.t === "reload"));
  one.live.watch("c1", 900);
  expect(await server.next("watch")).toEqual({ t: "watch", conversation: "c1", after: 900 });
});

test("a line that gives no sign of life when the page wakes is replaced", async () => {
  const one = await connected({ ping: 60_000 });
  document.dispatchEvent(new Event("visibilitychange"));
  await server.next("ping");
  await server.greet();
  await one.until(() => one.statuses.filter((status) => status === "open").length === 2);
  expect(server.sockets).toHaveLength(2);
});

test("a line that answers when the page wakes is kept", async () => {
  const one = await connected({ ping: 60_000, signOfLife: 20 });
  document.dispatchEvent(new Event("visibilitychange"));
  await server.next("ping");
  server.say({ t: "pong" });
  one.live.send({ conversation: "c1", client_id: "key-00005", text: "还在" });
  await server.next("send");
  expect(server.sockets).toHaveLength(1);
});

test("an ended session stops the attempts and is told to the page", async () => {
  const one = await connected();
  server.last.close(4401);
  await one.until(() => one.statuses.includes("ended"));
  expect(server.sockets).toHaveLength(1);
});

test("a page that follows nothing has no line, and gets one with the first conversation", async () => {
  const one = page({}, true);
  one.live.start();
  expect(one.statuses).toEqual([]);
  one.live.watch("c1", 0);
  await server.greet();
  one.live.unwatch("c1");
  expect(one.statuses[one.statuses.length - 1]).toBe("idle");
});

test("nothing of a former person's messages goes out in the next one's name", async () => {
  const one = page();
  one.live.send({ conversation: "c1", client_id: "key-00006", text: "前一位写的" });
  one.live.watch("c1", 3);
  one.live.forget();
  one.live.start();
  expect((await server.greet()).watch).toEqual([]);
  await one.until(() => one.statuses.includes("open"));
  await everythingSaid(one);
  expect(server.heard.filter((frame) => frame.t === "send")).toHaveLength(0);
});

test("typing is told at most once in three seconds", async () => {
  const one = await connected();
  one.live.typing("c1");
  one.live.typing("c1");
  one.live.read("c1", 4);
  await server.next("read");
  expect(server.heard.filter((frame) => frame.t === "typing")).toHaveLength(1);
});

test("the wait doubles from half a second to ten, and is spread", () => {
  const longest = [0, 1, 2, 3, 4, 5, 6].map((n) => backoff(n, () => 1));
  expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  expect(backoff(3, () => 0)).toBe(2000);
});
