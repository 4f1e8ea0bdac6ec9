import { describe, expect, it } from "vitest";
import { belongs, merged, type RowPages, rowsOf, shortened } from "../src/live/rows";
import type { ListName, Row } from "../src/server/shapes";

const ME = "me";
const LISTS: ListName[] = ["waiting", "mine", "snoozed", "open", "closed"];

function row(id: number, change: Partial<Row> = {}): Row {
  const opened = new Date(Date.UTC(2026, 10, 21, 8, 0, id)).toISOString();
  return {
    id: `c${id}`,
    status: "waiting",
    customer: { id: `u${id}`, name: "", proved: false, tier: "", label: `U${id}` },
    department: { id: "d", name: "D" },
    unread: 0,
    opened_at: opened,
    queued_at: opened,
    last: { at: opened, preview: "", author: "customer" },
    head: 1,
    ...change,
  };
}

const loaded = (rows: Row[], next: string | null = null): RowPages => ({
  pages: [{ rows, next }],
  pageParams: [""],
});
const ids = (data: RowPages) => rowsOf(data).map(({ id }) => id);
const taken = (id: number, at = 100 + id): Row =>
  row(id, {
    status: "active",
    agent: { id: ME, name: "M" },
    queued_at: null,
    last: { at: new Date(Date.UTC(2026, 10, 21, 9, 0, at)).toISOString(), preview: "", author: "agent" },
  });

describe("a changed row", () => {
  it("joins the queue behind those who came before it", () => {
    expect(ids(merged(loaded([row(1), row(3)]), "waiting", { rows: [row(2)], gone: [] }, ME))).toEqual([
      "c1",
      "c2",
      "c3",
    ]);
  });

  it("leaves mine while it is put aside, the soonest to come back first", () => {
    const until = (id: number, hour: number | null): Row => ({
      ...taken(id),
      snoozed: true,
      snoozed_until: hour === null ? null : new Date(Date.UTC(2026, 10, 21, hour)).toISOString(),
    });
    const change = { rows: [until(1, null), until(2, 12), until(3, 9)], gone: [] };
    expect(ids(merged(loaded([taken(1), taken(4)]), "mine", change, ME))).toEqual(["c4"]);
    expect(ids(merged(loaded([]), "snoozed", change, ME))).toEqual(["c3", "c2", "c1"]);
  });

  it("leaves the queue and joins mine when I take it", () => {
    const change = { rows: [taken(1)], gone: [] };
    expect(ids(merged(loaded([row(1), row(2)]), "waiting", change, ME))).toEqual(["c2"]);
    expect(ids(merged(loaded([taken(2, 1)]), "mine", change, ME))).toEqual(["c1", "c2"]);
  });

  it("goes to the top of mine when something new is said in it", () => {
    const before = loaded([taken(2, 50), taken(1, 10)]);
    expect(ids(merged(before, "mine", { rows: [taken(1, 60)], gone: [] }, ME))).toEqual(["c1", "c2"]);
  });

  it("is not shown at a place the loaded pages do not reach", () => {
    const before = loaded([row(9), row(8)], "more");
    expect(ids(merged(before, "open", { rows: [row(1)], gone: [] }, ME))).toEqual(["c9", "c8"]);
  });

  it("disappears when I may no longer see it", () => {
    expect(ids(merged(loaded([row(1), row(2)]), "open", { rows: [], gone: ["c1"] }, ME))).toEqual(["c2"]);
  });

  it("moves from the open ones to the closed ones when it ends", () => {
    const change = { rows: [{ ...taken(1), status: "closed" as const }], gone: [] };
    expect(ids(merged(loaded([taken(2), taken(1)]), "open", change, ME))).toEqual(["c2"]);
    expect(ids(merged(loaded([row(3, { status: "closed" })]), "closed", change, ME))).toEqual(["c3", "c1"]);
  });

  it("leaves a list it has nothing to do with untouched", () => {
    const before = loaded([row(1)]);
    expect(merged(before, "waiting", { rows: [taken(5)], gone: ["c9"] }, ME)).toBe(before);
  });

  it("keeps the pages and their cursors", () => {
    const before: RowPages = {
      pages: [
        { rows: [row(9)], next: "a" },
        { rows: [row(8)], next: "b" },
      ],
      pageParams: ["", "a"],
    };
    const after = merged(before, "open", { rows: [row(10)], gone: [] }, ME);
    expect(after.pages.map((page) => page.next)).toEqual(["a", "b"]);
    expect(ids(after)).toEqual(["c10", "c9", "c8"]);
  });
});

describe("many changes one after another", () => {
  /** Numbers that look random and are the same in every run. */
  function* numbers(seed: number): Generator<number, never> {
    let state = seed;
    for (;;) {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      yield state;
    }
  }

  function lived(seed: number) {
    const random = numbers(seed);
    const pick = (below: number) => random.next().value % below;
    const world = new Map<string, Row>();
    const lists = Object.fromEntries(LISTS.map((list) => [list, loaded([])])) as Record<ListName, RowPages>;
    for (let step = 0; step < 200; step++) {
      const id = pick(25);
      const kinds = [row(id), taken(id, step), { ...taken(id, step), status: "closed" as const }];
      const next = kinds[pick(3)] ?? row(id);
      const change = pick(10) === 0 ? { rows: [], gone: [next.id] } : { rows: [next], gone: [] };
      for (const gone of change.gone) world.delete(gone);
      for (const changed of change.rows) world.set(changed.id, changed);
      for (const list of LISTS) lists[list] = merged(lists[list], list, change, ME);
    }
    return { world: [...world.values()], lists };
  }

  it.each([1, 2, 3, 4, 5])("give the same lists as loading them afresh (seed %i)", (seed) => {
    const { world, lists } = lived(seed);
    for (const list of LISTS) {
      const fresh = merged(
        loaded([]),
        list,
        { rows: world.filter((one) => belongs(list, one, ME)), gone: [] },
        ME,
      );
      expect(rowsOf(lists[list]), list).toEqual(rowsOf(fresh));
    }
  });
});

describe("a list that is loaded again", () => {
  const long = (pages: number): RowPages => ({
    pages: Array.from({ length: pages }, (_, at) => ({ rows: [row(at)], next: `cursor${at}` })),
    pageParams: Array.from({ length: pages }, (_, at) => (at ? `cursor${at - 1}` : "")),
  });

  it("asks for its beginning only, however far somebody had scrolled", () => {
    const { pages, pageParams } = shortened(long(200)) as RowPages;
    expect(pages.length).toBe(pageParams.length);
    expect(pages.length).toBeLessThan(10);
    expect(ids({ pages, pageParams })).toEqual(ids(long(200)).slice(0, pages.length));
  });

  it("stays as it is when it is short", () => {
    const short = long(2);
    expect(shortened(short)).toBe(short);
  });
});
