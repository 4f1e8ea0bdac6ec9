import type { FileAddresses } from "@mashang/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Addresses } from "../src/model/addresses";

const TEN_MINUTES = 10 * 60_000;
let asked: string[][] = [];

function addresses(): Addresses {
  return new Addresses(async (files): Promise<FileAddresses> => {
    asked.push(files);
    const good = { preview_url: null, expires_at: new Date(Date.now() + TEN_MINUTES).toISOString() };
    return { addresses: Object.fromEntries(files.map((file) => [file, { ...good, url: `/files/${file}` }])) };
  });
}

beforeEach(() => {
  asked = [];
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("a timeline of pictures asks once for all of them", async () => {
  const known = addresses();
  await Promise.all([known.of("a"), known.of("b"), known.of("a")]);
  expect(asked).toEqual([["a", "b"]]);
});

test("an address is used again until shortly before it expires", async () => {
  const known = addresses();
  await known.of("a");
  await known.of("a");
  expect(asked).toHaveLength(1);
  vi.advanceTimersByTime(TEN_MINUTES - 20_000);
  await known.of("a");
  expect(asked).toHaveLength(2);
});

test("an address that did not work is asked for again", async () => {
  const known = addresses();
  await known.of("a");
  known.forget("a");
  await known.of("a");
  expect(asked).toEqual([["a"], ["a"]]);
});

test("a file one may not see has no address", async () => {
  const known = new Addresses(async () => ({ addresses: {} }));
  await expect(known.of("hidden")).rejects.toThrow();
});
