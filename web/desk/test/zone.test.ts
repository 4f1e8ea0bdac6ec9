import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
const { clock, dayName, fullTime, sameDay } = await import("../src/words/telling");
const { tell } = await import("../src/words/words");
const { instantOf, isElsewhere, keepZone, ownZone, typedForm, typedInstant, wall } = await import(
  "../src/words/zone"
);

afterEach(() => keepZone(ownZone()));

it.each([
  ["Asia/Shanghai", "07:30", "Nov 22, 2026, 07:30"],
  ["America/New_York", "18:30", "Nov 21, 2026, 18:30"],
  ["Asia/Kathmandu", "05:15", "Nov 22, 2026, 05:15"],
])("tells times on the clock of %s", (zone, time, full) => {
  keepZone(zone);
  expect(clock("en", "2026-11-21T23:30:00Z")).toBe(time);
  expect(fullTime("en", "2026-11-21T23:30:00Z")).toBe(full);
});

it("turns the day at the shop's midnight", () => {
  const [late, early] = ["2026-11-21T15:59:00Z", "2026-11-21T16:01:00Z"];
  keepZone("Asia/Shanghai");
  const english = (key: Parameters<typeof tell>[1]) => tell("en", key);
  expect(sameDay(late, early)).toBe(false);
  expect(dayName("en", english, late, Date.parse(early))).toBe("Yesterday");
  keepZone("Europe/London");
  expect(sameDay(late, early)).toBe(true);
});

it("takes what is typed as the shop's time, also where clocks are set forward or back", () => {
  keepZone("Asia/Shanghai");
  expect(typedInstant("2026-11-22T09:00")?.toISOString()).toBe("2026-11-22T01:00:00.000Z");
  expect(typedForm("2026-11-22T01:00:00Z")).toBe("2026-11-22T09:00");
  expect(typedInstant("")).toBeUndefined();
  keepZone("Europe/Berlin");
  expect(typedInstant("2026-07-01T09:00")?.toISOString()).toBe("2026-07-01T07:00:00.000Z");
  expect(typedInstant("2026-03-29T03:00")?.toISOString()).toBe("2026-03-29T01:00:00.000Z");
  expect(typedInstant("2026-10-25T03:30")?.toISOString()).toBe("2026-10-25T02:30:00.000Z");
});

it("comes back to the same instant from whatever the wall shows, but in the hour that is there twice", () => {
  for (const zone of ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]) {
    keepZone(zone);
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 47_100_000) {
      const back = instantOf(wall(new Date(at)));
      expect(wall(back)).toEqual(wall(new Date(at)));
    }
  }
});

it("is elsewhere only where the clocks differ, and keeps its own clock for a zone it does not know", () => {
  expect(isElsewhere()).toBe(false);
  keepZone("Pacific/Nowhere");
  expect([isElsewhere(), clock("en", "2026-11-21T23:30:00Z")]).toEqual([
    false,
    clock("en", "2026-11-21T23:30:00Z", ownZone()),
  ]);
  keepZone("Pacific/Kiritimati");
  expect(isElsewhere()).toBe(true);
});

it("makes a time into text in one function, and reads the browser's clock nowhere", () => {
  const source = join(import.meta.dirname, "../src");
  const told = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => {
      const found = readFileSync(join(source, name), "utf8").match(
        /DateTimeFormat\(|toLocale\w*String|\.get(Hours|Minutes|Date|Day|Month|FullYear|TimezoneOffset)\(/g,
      );
      return found ? [`${name.replaceAll("\\", "/")}: ${found.join(" ")}`] : [];
    });
  expect(told.sort()).toEqual([
    "words/telling.ts: DateTimeFormat(",
    "words/zone.ts: DateTimeFormat( DateTimeFormat(",
  ]);
});
