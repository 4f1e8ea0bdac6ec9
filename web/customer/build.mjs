/**
 * Builds what browsers fetch: the loader for the shops' pages and what it fetches later, the framed chat page and the
 * full-screen page, with the worker that keeps the latter for the time without a network.
 *
 * The targets are old on purpose: WebViews inside Chinese apps are. A test reads the output with a parser of that age.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** `node build.mjs [FOLDER]`; customer/dist unless given. */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = ["chrome80", "safari14"];
const shared = {
  configFile: false,
  root: here("."),
  logLevel: "warn",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
};
const outDir = process.argv[2] ?? here("dist");
const output = { outDir, emptyOutDir: false, target, cssTarget: target, sourcemap: false };

/**
 * Whatever is needed before one can type is one file: fewer to ask for, and smaller together. Left to itself the
 * bundler cuts a piece out for every set of pages fetched later that share it.
 */
let needed;
function first(id, modules) {
  if (!needed) {
    needed = new Set([here("src/main.tsx")]);
    for (const one of needed)
      for (const each of modules.getModuleInfo(one)?.importedIds ?? []) needed.add(each);
  }
  return needed.has(id) ? "first" : null;
}

await rm(outDir, { recursive: true, force: true });

await build({
  ...shared,
  build: {
    ...output,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: [here("index.html"), here("chat.html")],
      output: { codeSplitting: { groups: [{ name: first, debugName: "first" }] } },
    },
  },
});

for (const [name, format] of [
  ["widget", "iife"],
  ["more", "es"],
])
  await build({
    ...shared,
    build: {
      ...output,
      lib: {
        entry: here(`src/loader/${name}.ts`),
        formats: [format],
        name: "MashangWidget",
        fileName: () => `${name}.js`,
      },
    },
  });

// What the full page needs to open in either language and size: what it names, and what it fetches before it draws.
const page = await readFile(`${outDir}/index.html`, "utf8");
const named = [...page.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path);
const fetched = (await readdir(`${outDir}/assets`)).filter((name) => /^(zh-CN|en|large_parts)-/.test(name));
const shell = [...new Set([...named, ...fetched.map((name) => `/assets/${name}`)])];

await build({
  ...shared,
  define: {
    BUILD: JSON.stringify(createHash("sha256").update(`${page}${shell}`).digest("hex").slice(0, 12)),
    SHELL: JSON.stringify(shell),
  },
  build: {
    ...output,
    lib: {
      entry: here("src/worker/worker.ts"),
      formats: ["iife"],
      name: "MashangWorker",
      fileName: () => "worker.js",
    },
  },
});
