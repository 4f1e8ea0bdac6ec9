import { beforeEach, expect, it, vi } from "vitest";
import { Outbox, type Unsent } from "../src/live/outbox";

const kept = new Map<string, string>();
vi.stubGlobal("sessionStorage", {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
});

const message = (client_id: string, change: Partial<Unsent> = {}): Unsent => ({
  client_id,
  conversation: "c",
  audience: "everyone",
  text: "hello",
  at: "2026-11-21T08:00:00Z",
  state: "sending",
  ...change,
});

beforeEach(() => kept.clear());

it("keeps a message until its entry has arrived", () => {
  const outbox = new Outbox();
  outbox.add(message("a"));
  outbox.acknowledged("a", 4, null);
  expect(outbox.get()).toMatchObject([{ client_id: "a", state: "sent", seq: 4 }]);
  outbox.arrived("c", 4, "a");
  expect(outbox.get()).toEqual([]);
});

it("knows its entry by the number when the server does not name the client", () => {
  const outbox = new Outbox();
  outbox.add(message("a"));
  outbox.acknowledged("a", 4, null);
  outbox.arrived("c", 4, undefined);
  expect(outbox.get()).toEqual([]);
});

it("shows the masked words once the server has masked them", () => {
  const outbox = new Outbox();
  outbox.add(message("a", { text: "password: secret" }));
  outbox.acknowledged("a", 4, "password: ****");
  expect(outbox.get()[0]?.text).toBe("password: ****");
});

it("keeps a refused message with the reason, and sends it again under the same name", () => {
  const outbox = new Outbox();
  outbox.add(message("a"));
  outbox.refused("a", "too long");
  expect(outbox.get()[0]).toMatchObject({ state: "failed", reason: "too long" });
  expect(outbox.retried("a")).toMatchObject({ client_id: "a", state: "sending" });
});

it("survives a reload with what is not acknowledged, and only that", () => {
  const before = new Outbox();
  before.add(message("a"));
  before.add(message("b"));
  before.acknowledged("b", 5, null);
  expect(new Outbox().get().map(({ client_id }) => client_id)).toEqual(["a"]);
});

it("starts empty when what was kept cannot be read", () => {
  kept.set("mashang.outbox", "{");
  expect(new Outbox().get()).toEqual([]);
});
