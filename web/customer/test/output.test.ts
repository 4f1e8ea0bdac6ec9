import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parse } from "acorn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const BUILD = new URL("../build.mjs", import.meta.url).pathname;
const KB = 1000;
let folder = "";
let files: Record<string, string> = {};

function matching(pattern: RegExp): string[] {
  return Object.keys(files).filter((name) => pattern.test(name));
}

function weight(...names: string[]): number {
  return names.reduce((sum, name) => sum + gzipSync(files[name] ?? "", { level: 9 }).length, 0);
}

/** The assets that a file names, and those that these import before they run. */
function reached(naming: RegExp, file: string, found = new Set<string>()): Set<string> {
  for (const [, script, style] of (files[file] ?? "").matchAll(naming)) {
    const name = `assets/${script ?? style}`;
    if (found.has(name)) continue;
    found.add(name);
    reached(/(?:from|import)\s*["']\.\/([^"']+)["']/g, name, found);
  }
  return found;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mashang-customer-"));
  // As it is shipped: under the test runner's own NODE_ENV parts for development come along.
  execFileSync(process.execPath, [BUILD, folder], {
    stdio: "pipe",
    env: { ...process.env, NODE_ENV: "production" },
  });
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((found) =>
    found.isFile(),
  );
  files = Object.fromEntries(
    names.map((found) => {
      const path = join(found.parentPath, found.name);
      return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
    }),
  );
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the built pages", () => {
  test("are the loader, the framed page and the full page, with hashed assets", () => {
    const loose = ["chat.html", "index.html", "more.js", "widget.js", "worker.js"];
    expect(matching(/^[^/]+$/).sort()).toEqual(loose);
    expect(matching(/^assets\//).filter((name) => !/-[\w-]{8}\.(js|css|svg)$/.test(name))).toEqual([]);
  });

  test("speak no language younger than Chromium 80 and Safari 14", () => {
    for (const name of matching(/\.js$/)) {
      const sourceType = /^(widget|worker)/.test(name) ? "script" : "module";
      expect(() => parse(files[name] ?? "", { ecmaVersion: 2020, sourceType }), name).not.toThrow();
    }
  });

  test("call nothing that those browsers lack", () => {
    const young = [
      /\.(at|findLast|findLastIndex|replaceAll|toSorted|toReversed|toSpliced|with|hasOwn|groupBy|canParse)\(/,
      /structuredClone|randomUUID|AbortSignal\.|Promise\.(any|try)|withResolvers|WeakRef|FinalizationRegistry/,
      /Intl\.(Segmenter|DisplayNames|DurationFormat)|dateStyle|timeStyle|formatRange|\.supportedValuesOf/,
      /\.(checkVisibility|showModal|showPopover|startViewTransition|setHTML|getInnerHTML)\(|\.inert\b|scrollend/,
      /navigator\.(userAgentData|locks|scheduling|virtualKeyboard)|\bscheduler\.|BroadcastChannel/,
      /\(\?<[=!]/, // Safari read no look-behind before 16.4, and the whole script with it
    ];
    const found = matching(/\.js$/).flatMap((name) => young.map((one) => one.exec(files[name] ?? "")?.[0]));
    expect(found.filter(Boolean)).toEqual([]);
  });

  test("need no style those browsers lack to stand", () => {
    const young = [
      /(^|[;{])(inset|gap|aspect-ratio|row-gap|column-gap|translate|scale|rotate|content-visibility):/,
      /(^|[;{])(inset|margin|padding|border)-(inline|block)/,
      /color-mix\(|light-dark\(|oklch\(|[0-9][dsl]v[hw]\b|:is\(|:where\(|:has\(|@layer|@container|@scope|[;{}]&/,
    ];
    const styles = [...matching(/\.css$/), "widget.js", "more.js"];
    const found = styles.flatMap((name) => young.map((one) => one.exec(files[name] ?? "")?.[0]));
    expect(found.filter(Boolean)).toEqual([]);
  });

  test("show where the keyboard is also to browsers that know no :focus-visible", () => {
    const alone = /(^|[},])[^{}:]*:focus-visible[^{}]*\{/;
    const found = [...matching(/\.css$/), "widget.js", "more.js"].map(
      (name) => alone.exec(files[name] ?? "")?.[0],
    );
    expect(found.filter(Boolean)).toEqual([]);
  });

  test("load nothing from another host and hold no inline script or style", () => {
    const pages = matching(/\.html$/).map((name) => files[name] ?? "");
    expect(pages.filter((page) => /<style|<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=/.test(page))).toEqual([]);
    const addresses = Object.values(files).flatMap(
      (text) => text.match(/(https?:)?\/\/[\w.-]+\.[a-z]{2,}/g) ?? [],
    );
    expect(addresses.filter((address) => !address.includes("www.w3.org"))).toEqual([]);
  });

  test("the button costs at most 6.7 kB, and one can type after 45 kB", () => {
    expect(weight("widget.js")).toBeLessThanOrEqual(6.7 * KB);
    // What is fetched before somebody can type; the page of a conversation and what is opened now and then come later.
    const first = reached(/src="\/assets\/([^"]+)"|href="\/assets\/([^"]+\.css)"/g, "chat.html");
    expect([...first].filter((name) => /ConversationPage|_parts/.test(name))).toEqual([]);
    for (const language of ["en", "zh-CN"]) {
      const words = matching(new RegExp(`^assets/${language}-`));
      expect(words).toHaveLength(1);
      expect(weight("widget.js", "chat.html", ...first, ...words)).toBeLessThanOrEqual(45 * KB);
    }
  });
});
