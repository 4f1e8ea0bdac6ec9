import { expect, it, vi } from "vitest";

let held: string | null = null;
vi.stubGlobal("localStorage", {
  getItem: () => held,
  setItem: (_: string, value: string) => {
    held = value;
  },
});

const again = async () => {
  vi.resetModules();
  return await import("../src/work/context/folds");
};

it("keeps what was folded for the next time, and nothing is folded that nobody touched", async () => {
  const { fold, folds } = await again();
  expect(folds.get()).toEqual({});
  fold("order", false);
  fold("promotions", true);
  expect((await again()).folds.get()).toEqual({ order: false, promotions: true });
});

it("begins anew where what is kept cannot be read", async () => {
  for (const broken of ["{", "null", "7"]) {
    held = broken;
    expect((await again()).folds.get()).toEqual({});
  }
});
