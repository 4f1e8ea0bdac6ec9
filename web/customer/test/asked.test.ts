import type { CustomerConversation } from "@mashang/protocol";
import { beforeEach, expect, test, vi } from "vitest";
import type { App } from "../src/model/app";
import { carry } from "../src/model/asked";
import { atFirst, type State } from "../src/model/state";
import { Store } from "../src/model/store";

vi.mock("../src/view/more_words", () => ({ more: (_: string, { words }: { words: string }) => words }));

const talk = (id: string, status: CustomerConversation["status"]) => ({ id, status }) as CustomerConversation;

function come(hash: string, conversations: CustomerConversation[] = []) {
  vi.stubGlobal("location", { hash, pathname: "/", search: "" });
  const store = new Store<State>({ ...atFirst("zh-CN"), phase: "ready", conversations });
  const outbox = { sendText: vi.fn() };
  carry({ store, outbox } as unknown as App);
  return { store, outbox };
}

beforeEach(() => {
  vi.stubGlobal("history", { state: null, replaceState: vi.fn() });
});

test("the words wait for what is begun, and are announced", () => {
  const { store, outbox } = come("#ask=%E6%B2%A1%E5%88%B0%E8%B4%A6");
  expect(store.state.carried).toBe("没到账");
  expect(store.state.notice?.text).toBe("没到账");
  expect(outbox.sendText).not.toHaveBeenCalled();
});

test("what is begun begins with them, and they are said no second time", () => {
  const { store, outbox } = come("#ask=hello");
  store.patch({ carried: null }); // as `App.open` does when they were the first message
  store.patch({ conversations: [talk("new", "waiting")], shown: "new" });
  expect(outbox.sendText).not.toHaveBeenCalled();
});

test("in an open conversation they are said once", () => {
  const { store, outbox } = come("#ask=hello", [talk("a", "active"), talk("b", "waiting")]);
  store.patch({ shown: "a" });
  store.patch({ shown: null });
  store.patch({ shown: "b" });
  expect(outbox.sendText.mock.calls).toEqual([["a", "hello"]]);
  expect(store.state.carried).toBeNull();
});

test("who reads an ended conversation says nothing there", () => {
  const { store, outbox } = come("#ask=hello", [talk("old", "closed")]);
  store.patch({ shown: "old" });
  expect(outbox.sendText).not.toHaveBeenCalled();
  expect(store.state.carried).toBe("hello");
});

test("nothing was searched, nothing is carried", () => {
  const { store, outbox } = come("#ask=%20%20", [talk("a", "active")]);
  store.patch({ shown: "a" });
  expect(store.state.carried).toBeNull();
  expect(store.state.notice).toBeNull();
  expect(outbox.sendText).not.toHaveBeenCalled();
});
