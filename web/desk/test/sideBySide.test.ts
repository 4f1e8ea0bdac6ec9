import { beforeEach, describe, expect, it, vi } from "vitest";

const storage = () => {
  const kept = new Map<string, string>();
  return Object.assign(Object.create({ clear: () => kept.clear() }), {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
};
vi.stubGlobal("localStorage", storage());
vi.stubGlobal("sessionStorage", storage());

const { closed, columns, idsOf, inSight, opened, restoreColumns, toggled, withoutFree } = await import(
  "../src/work/sideBySide"
);

const EMPTY = { kept: [] as string[] };
/** a and b are kept, c is the free one and has the keyboard. */
const three = opened(toggled(opened(toggled(opened(EMPTY, "a"), "a"), "b"), "b"), "c");

beforeEach(() => sessionStorage.clear());

describe("conversations side by side", () => {
  it("open in the one free column and stay once they are kept", () => {
    expect(idsOf(opened(opened(EMPTY, "a"), "b"))).toEqual(["b"]);
    expect(idsOf(three)).toEqual(["a", "b", "c"]);
    expect(idsOf(opened(three, "d"))).toEqual(["a", "b", "d"]);
  });

  it("do not move when one goes from one to the other", () => {
    const at = opened(three, "a");
    expect(idsOf(at)).toEqual(["a", "b", "c"]);
    expect(at.at).toBe("a");
    expect(opened(at, "a")).toBe(at);
  });

  it("leave one column free for whatever is opened next", () => {
    expect(toggled(three, "c")).toBe(three);
    expect(toggled(three, "a")).toBe(three);
  });

  it("give the keyboard to the neighbour when one is put away, and to nobody else", () => {
    expect(closed(three, "c")).toMatchObject({ kept: ["a", "b"], at: "b" });
    expect(closed(opened(three, "a"), "a")).toMatchObject({ kept: ["b"], free: "c", at: "b" });
    expect(closed(three, "a")).toMatchObject({ kept: ["b"], free: "c", at: "c" });
    expect(closed(opened(EMPTY, "a"), "a").at).toBeUndefined();
  });

  it("are shown as many as there is room for, always the one with the keyboard", () => {
    expect(inSight(three, 3)).toEqual(["a", "b", "c"]);
    expect(inSight(three, 2)).toEqual(["b", "c"]);
    expect(inSight(opened(three, "a"), 2)).toEqual(["a", "b"]);
    expect(inSight(opened(three, "b"), 1)).toEqual(["b"]);
  });

  it("keep what is kept when nothing is asked for", () => {
    expect(withoutFree(three)).toEqual({ kept: ["a", "b"], at: "a" });
    expect(withoutFree(opened(EMPTY, "a")).at).toBeUndefined();
    const still = withoutFree(three);
    expect(withoutFree(still)).toBe(still);
  });

  it("can be let go again", () => {
    const kept = toggled(opened(EMPTY, "a"), "a");
    expect(toggled(kept, "a")).toEqual({ kept: [], free: "a", at: "a" });
  });

  it("come back with a reload of this tab", () => {
    columns.set(three);
    columns.set({ ...three, at: "b" });
    restoreColumns();
    expect(columns.get()).toEqual({ ...three, at: "b" });
  });
});
