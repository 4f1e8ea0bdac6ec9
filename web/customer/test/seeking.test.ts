import type { HelpArticle, HelpFound } from "@mashang/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PAUSE_MS, Seeking } from "../src/model/seeking";

/** A server that answers when the test says so. */
function sought() {
  const answers: ((value: never) => void)[] = [];
  const later = () => new Promise<never>((resolve) => answers.push(resolve));
  const api = { searchHelp: vi.fn(later), readHelp: vi.fn(later) };
  const told = { found: vi.fn(), opened: vi.fn(), failed: vi.fn() };
  const answer = (at: number, value: unknown) => {
    answers[at]?.(value as never);
    return vi.advanceTimersByTimeAsync(0);
  };
  return { api, told, answer, seeking: new Seeking(api, told) };
}

const found = (id: string) => [{ id }] as HelpFound[];
const article = (id: string) => ({ id }) as HelpArticle;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("what is sent while one types is searched once", async () => {
  const { api, seeking } = sought();
  seeking.type("没到");
  seeking.type("没到账");
  seeking.send("没到账");
  await vi.advanceTimersByTimeAsync(PAUSE_MS * 2);
  expect(api.searchHelp.mock.calls).toEqual([["没到账", false]]);
});

test("of two searches the newer counts, whichever is answered last", async () => {
  const { told, answer, seeking } = sought();
  seeking.send("没到账");
  seeking.send("退款");
  await answer(1, found("refund"));
  await answer(0, found("late"));
  expect(told.found.mock.calls).toEqual([[found("refund")]]);
});

test("what was emptied finds nothing any more, even late", async () => {
  const { told, answer, seeking } = sought();
  seeking.send("没到账");
  seeking.type("");
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  await answer(0, found("late"));
  expect(told.found.mock.calls).toEqual([[null]]);
});

test("of two articles that were opened the later is read, whichever comes last", async () => {
  const { told, answer, seeking } = sought();
  seeking.open("slow");
  seeking.open("quick");
  await answer(1, article("quick"));
  await answer(0, article("slow"));
  expect(told.opened.mock.calls).toEqual([[article("quick")]]);
});

test("who went back is not taken to an article that comes late", async () => {
  const { told, answer, seeking } = sought();
  seeking.open("slow");
  seeking.leave();
  await answer(0, article("slow"));
  expect(told.opened).not.toHaveBeenCalled();
});
