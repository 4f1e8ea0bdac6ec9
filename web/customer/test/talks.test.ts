import type { CustomerConversation, OpenConversation } from "@mashang/protocol";
import { expect, test, vi } from "vitest";
import { type Api, Refused } from "../src/model/api";
import type { Outbox } from "../src/model/outbox";
import { atFirst, type State } from "../src/model/state";
import { Store } from "../src/model/store";
import { Talks } from "../src/model/talks";

const one = (id: string) =>
  ({ id, head: 1, status: "waiting", opened_at: "2026-11-21T08:00:00Z" }) as CustomerConversation;
const opening = { opening_key: "k", entrance: "person" } as OpenConversation;

function opened(code: string) {
  const store = new Store<State>({ ...atFirst("zh-CN"), conversations: [one("known")] });
  const api = {
    open: () => Promise.reject(new Refused(409, { code, message: "请继续其中一个", facts: {} })),
    conversations: vi.fn(() => Promise.resolve([one("elsewhere"), one("known")])),
    entriesBefore: () => Promise.resolve({ entries: [], more: false }),
  };
  const live = { watch: () => undefined, watches: () => false };
  const talks = new Talks(store, api as unknown as Api, live as never, {} as Outbox);
  return { store, api, attempt: talks.open(opening) };
}

test("whoever has too many open conversations is shown those, also the ones opened elsewhere", async () => {
  const { store, attempt } = opened("too_many_open");
  await expect(attempt).rejects.toThrow("请继续其中一个");
  expect(store.state.conversations.map(({ id }) => id)).toEqual(["elsewhere", "known"]);
});

test("another refusal asks for nothing more", async () => {
  const { store, api, attempt } = opened("code_unknown");
  await expect(attempt).rejects.toThrow();
  expect(api.conversations).not.toHaveBeenCalled();
  expect(store.state.conversations.map(({ id }) => id)).toEqual(["known"]);
});
