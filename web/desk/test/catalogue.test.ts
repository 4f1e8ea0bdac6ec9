import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { unasked } from "../../protocol/test/said";
import en from "../src/words/en.json";
import zh from "../src/words/zh-CN.json";

const SOURCE = join(import.meta.dirname, "../src");
const CHINESE = /[\u2e80-\u303f\u3400-\u9fff\uff00-\uffef]/;

const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(tsx?|css|html)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(SOURCE, name), "utf8") }));
const allText = files.map(({ text }) => text).join("\n");

const slots = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe("the catalogue", () => {
  it("has the same keys in Chinese and in English", () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh));
  });

  it("asks for the same facts in both languages", () => {
    const chinese = Object.entries(zh).map(([key, sentence]) => [key, slots(sentence)]);
    const english = Object.entries(en).map(([key, sentence]) => [key, slots(sentence)]);
    expect(english).toEqual(chinese);
  });

  it("leaves no sentence empty and no English one in Chinese", () => {
    const wrong = Object.entries(en).filter(
      ([key, text]) => CHINESE.test(text) && !key.startsWith("language."),
    );
    expect(wrong).toEqual([]);
    expect([...Object.values(zh), ...Object.values(en)].filter((text) => text.trim() === "")).toEqual([]);
  });

  it("is the only place with Chinese in it", () => {
    const lines = files.flatMap(({ name, text }) =>
      text
        .split("\n")
        .flatMap((line, at) => (CHINESE.test(line) ? [`${name}:${at + 1} ${line.trim()}`] : [])),
    );
    expect(lines).toEqual([]);
  });

  it("holds no sentence that nobody tells", () => {
    const literal = new Set([...allText.matchAll(/["'`]([a-z][\w.-]*)["'`]/gi)].map(([, text]) => text));
    const families = [
      ...[...allText.matchAll(/`([a-z_]+\.(?:[a-z_]+\.)*)\$\{/g)].map(([, prefix]) => prefix as string),
      ...[...allText.matchAll(/wordFor\("([a-z_.]+)"/g)].map(([, prefix]) => `${prefix}.`),
      ...[...allText.matchAll(/told\("([a-z_.]+)"/g)].map(([, prefix]) => `${prefix}.`),
    ];
    const untold = Object.keys(zh).filter(
      (key) => !literal.has(key) && !families.some((family) => key.startsWith(family)),
    );
    expect(untold).toEqual([]);
  });
});

describe("a component", () => {
  it("says nothing in words of its own, nor a number or a time in no language", () => {
    const said = files
      .filter(({ name }) => /\.tsx?$/.test(name))
      .flatMap(({ name, text }) => unasked(name, text, ["GIF"]));
    expect(said).toEqual([]);
  });
});
