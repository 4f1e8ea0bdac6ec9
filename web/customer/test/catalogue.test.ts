import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { unasked } from "../../protocol/test/said";

type Sentences = Record<string, string>;

const SOURCE = new URL("../src", import.meta.url).pathname;
const CATALOGUES = join(SOURCE, "catalogue");
const CHINESE = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;

/** Whatever lies there: a file for each language, or both in one. */
function catalogues(): Record<string, { en: Sentences; "zh-CN": Sentences }> {
  const read = (name: string) => JSON.parse(readFileSync(join(CATALOGUES, name), "utf8"));
  const files = readdirSync(CATALOGUES);
  const both = files
    .filter((name) => !/(^|\.)(en|zh-CN)\.json$/.test(name))
    .map((name) => [name, read(name)]);
  const apart = files
    .filter((name) => name.endsWith("zh-CN.json"))
    .map((name) => [name, { en: read(name.replace("zh-CN", "en")), "zh-CN": read(name) }]);
  return Object.fromEntries([...both, ...apart]);
}

function sources(folder = SOURCE): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((found) => {
    const path = join(folder, found.name);
    if (found.isDirectory()) return sources(path);
    return /\.(ts|tsx|css|html)$/.test(found.name) ? [path] : [];
  });
}

function slots(catalogue: Sentences): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(catalogue).map(([key, text]) => [key, (text.match(/\{\w+\}/g) ?? []).sort()]),
  );
}

describe.each(Object.entries(catalogues()))("the words of %s", (_, { en, "zh-CN": zh }) => {
  test("both languages say the same things", () => {
    expect(Object.keys(zh)).not.toEqual([]);
    expect(Object.keys(en)).toEqual(Object.keys(zh));
  });

  test("both languages fill the same slots", () => {
    expect(slots(en)).toEqual(slots(zh));
  });

  test("no sentence is empty, and the English ones are English", () => {
    const english = Object.entries(en).filter(([key]) => key !== "language.other");
    expect(Object.entries({ ...zh, ...en }).filter(([, text]) => text.trim() === "")).toEqual([]);
    expect(english.filter(([, text]) => CHINESE.test(text))).toEqual([]);
  });
});

describe("the words of the customer's pages", () => {
  test("no Chinese stands outside of the catalogues", () => {
    const offenders = sources().filter((path) => CHINESE.test(withoutEscapes(readFileSync(path, "utf8"))));
    expect(offenders).toEqual([]);
  });

  test("no page says anything in words of its own, nor a number or a time in no language", () => {
    const said = sources()
      .filter((path) => /\.tsx?$/.test(path))
      .flatMap((path) => unasked(path.slice(SOURCE.length + 1), readFileSync(path, "utf8"), ["GIF"]));
    expect(said).toEqual([]);
  });

  test("every sentence is used", () => {
    const code = sources()
      .map((path) => readFileSync(path, "utf8"))
      .join("\n");
    const beginnings = [...code.matchAll(/`([\w.]+)\$\{/g)].map(([, beginning = ""]) => beginning);
    const keys = Object.values(catalogues()).flatMap((one) => Object.keys(one["zh-CN"]));
    const told = (key: string) =>
      code.includes(`"${key}"`) || code.includes(`.${key}`) || beginnings.some((one) => key.startsWith(one));
    expect(keys.filter((key) => !told(key))).toEqual([]);
  });
});

function withoutEscapes(source: string): string {
  return source.replace(/\\u[0-9a-f]{4}/g, "");
}
