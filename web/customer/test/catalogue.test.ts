import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { unasked } from "../../protocol/test/said";
import firstInEnglish from "../src/catalogue/en.json";
import how from "../src/catalogue/how.json";
import large from "../src/catalogue/large.json";
import more from "../src/catalogue/more.json";
import proof from "../src/catalogue/proof.json";
import talkInEnglish from "../src/catalogue/talk.en.json";
import talkInChinese from "../src/catalogue/talk.zh-CN.json";
import voice from "../src/catalogue/voice.json";
import widget from "../src/catalogue/widget.json";
import firstInChinese from "../src/catalogue/zh-CN.json";

const en = { ...firstInEnglish, ...talkInEnglish };
const zh = { ...firstInChinese, ...talkInChinese };

const SOURCE = new URL("../src", import.meta.url).pathname;
const CHINESE = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;

function sources(folder = SOURCE): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((found) => {
    const path = join(folder, found.name);
    if (found.isDirectory()) return sources(path);
    return /\.(ts|tsx|css|html)$/.test(found.name) ? [path] : [];
  });
}

function slots(catalogue: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(catalogue).map(([key, text]) => [key, (text.match(/\{\w+\}/g) ?? []).sort()]),
  );
}

describe("the words of the customer's pages", () => {
  test("both languages say the same things", () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh));
    expect(Object.keys(proof.en)).toEqual(Object.keys(proof["zh-CN"]));
    expect(Object.keys(more.en)).toEqual(Object.keys(more["zh-CN"]));
    expect(Object.keys(how.en)).toEqual(Object.keys(how["zh-CN"]));
    expect(Object.keys(large.en)).toEqual(Object.keys(large["zh-CN"]));
    expect(Object.keys(widget.en)).toEqual(Object.keys(widget["zh-CN"]));
  });

  test("both languages fill the same slots", () => {
    expect(slots(en)).toEqual(slots(zh));
    expect(slots(proof.en)).toEqual(slots(proof["zh-CN"]));
    expect(slots(more.en)).toEqual(slots(more["zh-CN"]));
    expect(slots(voice.en)).toEqual(slots(voice["zh-CN"]));
  });

  test("no sentence is empty, and the English ones are English", () => {
    const english: Record<string, string> = {
      ...en,
      ...proof.en,
      ...more.en,
      ...voice.en,
      ...large.en,
      ...how.en,
      "language.other": "",
    };
    expect(Object.values(zh).filter((text) => text.trim() === "")).toEqual([]);
    expect(Object.values(english).filter((text) => CHINESE.test(text))).toEqual([]);
  });

  test("no Chinese stands outside of the catalogue", () => {
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
    const told = (key: string) => code.includes(`"${key}"`) || beginnings.some((one) => key.startsWith(one));
    expect(Object.keys({ ...zh, ...proof["zh-CN"], ...more["zh-CN"] }).filter((key) => !told(key))).toEqual(
      [],
    );
  });
});

function withoutEscapes(source: string): string {
  return source.replace(/\\u[0-9a-f]{4}/g, "");
}
