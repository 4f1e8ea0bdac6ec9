import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Api, Refused, Unreachable } from "../src/model/api";
import { Outbox } from "../src/model/outbox";
import { Drawer, Secrets } from "../src/model/secrets";
import { atFirst, type State } from "../src/model/state";
import { Store } from "../src/model/store";
import { Talks } from "../src/model/talks";
import { speak } from "../src/words";

const STORED = { id: "f1", name: "a.png", media_type: "image/png", size: 3, picture: true, animated: false };
const PICTURE = new File(["abc"], "a.png", { type: "image/png" });

function nowhere(): Drawer {
  const held = new Map<string, string>();
  const storage = { getItem: (key: string) => held.get(key) ?? null, setItem: held.set.bind(held) };
  return new Drawer(() => ({ ...storage, removeItem: held.delete.bind(held) }) as unknown as Storage);
}

class Bench {
  readonly store = new Store<State>(atFirst("zh-CN"));
  readonly sent: { file?: string; text?: string }[] = [];
  readonly renew = vi.fn(() => Promise.resolve());
  readonly upload = vi.fn<(...upload: unknown[]) => Promise<typeof STORED>>();
  readonly callPerson = vi.fn<() => Promise<unknown>>(() => Promise.resolve());
  readonly withdraw = vi.fn(() => true);
  readonly recall = vi.fn();
  readonly secrets = new Secrets("site", nowhere(), nowhere());
  readonly outbox = this.another();

  /** The outbox as the next page of the tab has it. */
  another(store = this.store): Outbox {
    const { upload, renew, callPerson } = this;
    const api = { upload, renew, callPerson } as unknown as Api;
    const live = { send: (frame: { file?: string }) => this.sent.push(frame), withdraw: this.withdraw };
    return new Outbox(store, api, live as never, () => this.secrets, this.recall);
  }

  get unsent() {
    return this.store.state.unsent.map(({ state, reason, hopeless }) => ({ state, reason, hopeless }));
  }
}

let bench: Bench;
beforeAll(() => speak("zh-CN"));
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("URL", { createObjectURL: () => "blob:x", revokeObjectURL: () => undefined });
  bench = new Bench();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const settled = () => vi.advanceTimersByTimeAsync(0);

test("a file chosen without a network goes by itself when the network is back", async () => {
  bench.store.patch({ line: "lost" });
  bench.upload.mockRejectedValueOnce(new Unreachable()).mockResolvedValueOnce(STORED);
  bench.outbox.sendFile("c", PICTURE);
  await settled();
  expect(bench.unsent).toMatchObject([{ state: "waiting", reason: undefined }]);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(bench.upload).toHaveBeenCalledTimes(1);
  bench.store.patch({ line: "open" });
  bench.outbox.resume();
  await settled();
  expect(bench.sent).toMatchObject([{ file: "f1" }]);
});

test("several of them go in the order in which they were chosen", async () => {
  bench.store.patch({ line: "lost" });
  bench.upload.mockRejectedValueOnce(new Unreachable()).mockRejectedValueOnce(new Unreachable());
  for (const name of ["1.png", "2.png"]) bench.outbox.sendFile("c", new File(["x"], name));
  await settled();
  bench.upload
    .mockResolvedValueOnce({ ...STORED, id: "first" })
    .mockResolvedValueOnce({ ...STORED, id: "second" });
  bench.outbox.resume();
  await settled();
  expect(bench.sent.map(({ file }) => file)).toEqual(["first", "second"]);
});

test("an empty file and one that is too large are refused at once, and not offered again", () => {
  bench.store.patch({ uploadLimit: 2 });
  bench.outbox.sendFile("c", new File([], "empty.txt"));
  bench.outbox.sendFile("c", PICTURE);
  expect(bench.unsent).toMatchObject([
    { state: "failed", hopeless: true, reason: expect.stringContaining("空文件") },
    { state: "failed", hopeless: true, reason: expect.stringContaining("太大") },
  ]);
  expect(bench.upload).not.toHaveBeenCalled();
});

test("a file that the server will never take is not offered again; one it may take later is", async () => {
  const refusal = (status: number) =>
    new Refused(status, { code: "x", message: `${status}`, facts: {} } as never);
  bench.upload.mockRejectedValueOnce(refusal(415)).mockRejectedValueOnce(refusal(429));
  bench.outbox.sendFile("c", PICTURE);
  bench.outbox.sendFile("c", PICTURE);
  await settled();
  expect(bench.unsent).toMatchObject([
    { state: "failed", hopeless: true, reason: "415" },
    { state: "failed", hopeless: false, reason: "429" },
  ]);
});

test("a session that ended during the upload is renewed, and the file goes then", async () => {
  bench.store.patch({ line: "ended" });
  bench.upload
    .mockRejectedValueOnce(new Refused(401, { message: "" } as never))
    .mockResolvedValueOnce(STORED);
  bench.outbox.sendFile("c", PICTURE);
  await settled();
  expect(bench.renew).toHaveBeenCalledTimes(1);
  bench.outbox.resume();
  await settled();
  expect(bench.sent).toMatchObject([{ file: "f1" }]);
});

test("a renewed session keeps what is on its way; a reload keeps the name of what was not uploaded", async () => {
  bench.upload.mockReturnValue(new Promise(() => undefined));
  bench.outbox.sendFile("c", PICTURE);
  bench.outbox.restore();
  expect(bench.unsent).toMatchObject([{ state: "uploading" }]);
  const next = new Store<State>(atFirst("zh-CN"));
  bench.another(next).restore();
  expect(next.state.unsent).toMatchObject([
    {
      state: "failed",
      hopeless: true,
      reason: expect.stringContaining("重新选择"),
      upload: { name: "a.png" },
    },
  ]);
});

test("words that were not acknowledged before a reload are sent under the same name", () => {
  bench.outbox.sendText("c", "在吗");
  const next = new Store<State>(atFirst("zh-CN"));
  bench.another(next).restore();
  expect(bench.sent).toHaveLength(2);
  expect(bench.sent[0]).toEqual(bench.sent[1]);
});

test("words that were stored without our hearing of it are shown once after a reload", async () => {
  bench.outbox.sendText("c", "在吗");
  const next = new Store<State>(atFirst("zh-CN"));
  const outbox = bench.another(next);
  outbox.restore();
  const client_id = next.state.unsent[0]?.client_id;
  const entry = {
    seq: 1,
    prev: 0,
    audience: "everyone",
    author: { kind: "customer" },
    kind: "text",
    text: "在吗",
  };
  const page = { entries: [{ ...entry, at: "2026-11-21T08:00:00Z", client_id }], prev: 0, more: false };
  const api = { entriesBefore: () => Promise.resolve(page) } as unknown as Api;
  const live = { watch: () => undefined, watches: () => false };
  await new Talks(next, api, live as never, outbox).load("c");
  expect(next.state.talks.c?.entries).toHaveLength(1);
  expect(next.state.unsent).toEqual([]);
});

test("what the end of a conversation had refused is sent when the customer goes on with it", async () => {
  const opened = { id: "c", status: "active", head: 1, read: 1, unread: 0, staff_read: 0, opened_at: "" };
  const api = {
    reopen: () => Promise.resolve(opened),
    entriesBefore: () => Promise.reject(new Unreachable()),
  };
  const live = { watches: () => false };
  const talks = new Talks(bench.store, api as unknown as Api, live as never, bench.outbox);
  for (const text of ["late", "elsewhere"]) bench.outbox.sendText(text === "late" ? "c" : "other", text);
  for (const { client_id } of bench.store.state.unsent) bench.outbox.refused(client_id, "over");
  await talks.resume("c");
  expect(bench.unsent).toMatchObject([{ state: "sending", reason: undefined }, { state: "failed" }]);
  expect(bench.sent.map(({ text }) => text)).toEqual(["late", "elsewhere", "late"]);
});

test("what has not left is simply not sent", () => {
  bench.outbox.sendText("c", "算了");
  bench.outbox.withdraw(bench.store.state.unsent[0]?.client_id ?? "");
  expect(bench.withdraw).toHaveBeenCalledTimes(1);
  expect(bench.unsent).toEqual([]);
  expect(bench.secrets.unsent()).toEqual([]);
});

test("what may have arrived is taken back once its number is known, also by the next page", () => {
  bench.withdraw.mockReturnValue(false);
  bench.outbox.sendText("c", "发错了");
  const client_id = bench.store.state.unsent[0]?.client_id ?? "";
  bench.outbox.withdraw(client_id);
  expect(bench.store.state.unsent).toMatchObject([{ state: "sending", withdrawn: true }]);
  const next = bench.another(new Store<State>(atFirst("zh-CN")));
  next.restore();
  next.acknowledged({ client_id, conversation: "c", seq: 7, at: "2026-11-21T08:00:00Z" });
  expect(bench.recall).toHaveBeenCalledWith("c", 7);
});

test("an upload that is thought better of ends at once, and the next one goes", async () => {
  const cancelled: AbortSignal[] = [];
  bench.upload.mockImplementationOnce((...upload) => {
    const signal = upload[3] as AbortSignal;
    cancelled.push(signal);
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Unreachable())));
  });
  bench.upload.mockResolvedValueOnce(STORED);
  bench.outbox.sendFile("c", PICTURE);
  bench.outbox.sendFile("c", PICTURE);
  await settled();
  bench.outbox.withdraw(bench.store.state.unsent[0]?.client_id ?? "");
  await settled();
  expect(cancelled[0]?.aborted).toBe(true);
  expect(bench.sent).toMatchObject([{ file: "f1" }]);
});

test("a person is asked for once, however often it is pressed, and the wish goes when it was heard", async () => {
  bench.outbox.callPerson("c");
  bench.outbox.callPerson("c");
  expect(bench.store.state.unsent).toHaveLength(1);
  await settled();
  expect(bench.callPerson).toHaveBeenCalledTimes(1);
  expect(bench.unsent).toEqual([]);
});

test("a person asked for without a network is called when it is back, also by the next page", async () => {
  bench.callPerson.mockRejectedValueOnce(new Unreachable()).mockRejectedValueOnce(new Unreachable());
  bench.store.patch({ line: "lost" });
  bench.outbox.callPerson("c");
  await settled();
  expect(bench.unsent).toMatchObject([{ state: "waiting" }]);
  const next = new Store<State>(atFirst("zh-CN"));
  const outbox = bench.another(next);
  outbox.restore();
  await settled();
  expect(next.state.unsent).toMatchObject([{ state: "waiting", person: true }]);
  outbox.resume();
  await settled();
  expect(next.state.unsent).toEqual([]);
});

test("a person who is refused stays with the reason, and is asked for again by another press", async () => {
  bench.callPerson.mockRejectedValueOnce(
    new Refused(409, { code: "already_closed", message: "It is over." }),
  );
  bench.outbox.callPerson("c");
  await settled();
  expect(bench.unsent).toMatchObject([{ state: "failed", reason: "It is over." }]);
  bench.outbox.callPerson("c");
  await settled();
  expect(bench.unsent).toEqual([]);
});
