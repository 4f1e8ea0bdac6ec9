import { expect, it, vi } from "vitest";
import { contrast, ink } from "../src/admin/contrast";
import { randomPassword } from "../src/admin/password";
import { fileSize, gist, money, preview, span } from "../src/words/telling";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
const { tell } = await import("../src/words/words");
const english = (key: Parameters<typeof tell>[1], slots?: Parameters<typeof tell>[2]) =>
  tell("en", key, slots);

it.each([
  [0, "0 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [3_599_999, "59 min"],
  [3_660_000, "1 h 1 min"],
  [172_800_000, "2 d"],
  [-5_000, "0 s"],
])("tells a wait of %i ms as %s", (milliseconds, told) => {
  expect(span(english, milliseconds)).toBe(told);
});

it("tells the size of a file in the largest fitting unit", () => {
  expect([fileSize(69), fileSize(20_480), fileSize(3_500_000)]).toEqual(["69 B", "20 kB", "3.3 MB"]);
});

it("tells an amount with its currency, and what it cannot read as it came", () => {
  expect(money("zh-CN", "88.00", "CNY")).toBe("¥88.00");
  expect(money("en", "about ten", "CNY")).toBe("about ten CNY");
  expect(money("en", "5", "points")).toBe("5 points");
});

it("fills the slots of a sentence and leaves a slot nobody filled visible", () => {
  expect(english("tray.uploading", { n: 40 })).toBe("Uploading 40%");
  expect(english("tray.uploading")).toBe("Uploading {n}%");
});

it("tells a picture and a file from words in the list", () => {
  const last = (kind?: "text" | "picture" | "file", words = "a.png") =>
    preview(english, { at: "", author: "customer", preview: words, ...(kind ? { kind } : {}) });
  expect([last("picture"), last("file"), last("text"), last()]).toEqual([
    "[Picture] a.png",
    "[File] a.png",
    "a.png",
    "a.png",
  ]);
  expect(preview(english, null)).toBe("");
});

it("tells what somebody waits for, and of everybody else the last words", () => {
  const last = { at: "", author: "customer", preview: "no screenshot" };
  expect(gist(english, { status: "waiting", matter: "not arrived", last })).toBe("not arrived");
  expect(gist(english, { status: "waiting", last })).toBe("no screenshot");
  expect(gist(english, { status: "active", matter: "not arrived", last })).toBe("no screenshot");
});

it("keeps a name that turns the direction of writing from turning the sentence around it", () => {
  expect(english("preview.file", { name: "\u202egpj.exe" })).toBe("[File] \u2068\u202egpj.exe\u2069");
});

it("measures contrast as WCAG does", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});

it("writes white on dark colours and black on pale ones", () => {
  expect([ink("#1a56db"), ink("#ffd400")]).toEqual(["#ffffff", "#000000"]);
});

it("makes passwords that differ, are long enough, and cannot be misread", () => {
  const made = Array.from({ length: 50 }, randomPassword);
  expect(new Set(made).size).toBe(50);
  for (const password of made)
    expect(password).toMatch(/^([a-km-zA-HJ-NP-Z2-9]{4}-){3}[a-km-zA-HJ-NP-Z2-9]{4}$/);
});
