import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exchanged, wordsBeside } from "../library";
import { arrowNamed, signNamed } from "../src/look/spoken";

const read = (id: string) => readFileSync(join(import.meta.dirname, "../../node_modules", id), "utf8");
const ICON = "@ant-design/icons/es/components/AntdIcon.js";
const CLEAR = "@rc-component/select/es/hooks/useAllowClear.js";
const ARROW = "@rc-component/input-number/es/StepHandler.js";

describe("what the library says to screen readers", () => {
  it("is said in the desk's words, in the versions that are installed", () => {
    const [icon, arrow, clear] = [ICON, ARROW, CLEAR].map((id) => exchanged(read(id), `/node_modules/${id}`));
    expect(icon).toContain("...signNamed(icon.name)");
    expect(icon).not.toContain('"aria-label": icon.name');
    expect(arrow).toContain('"aria-label": arrowNamed(isUpAction)');
    expect(arrow).not.toMatch(/crease Value/);
    expect(clear).toContain("label ?? clearNamed()");
  });

  it("fails the build when a new version says it differently, and leaves everything else alone", () => {
    expect(() => exchanged("new words", `/node_modules/${ICON}`)).toThrow("AntdIcon.js no longer says");
    expect(exchanged("anything", "/src/main.tsx")).toBeUndefined();
  });

  it("finds its words in a folder of any name", () => {
    expect(wordsBeside("file:///srv/%E7%A0%81%E4%B8%8A%20a/web/desk/library.ts")).toBe(
      "/srv/码上 a/web/desk/src/look/spoken.ts",
    );
  });

  it("names the signs that stand alone, in the language of the page, and hides ornaments", () => {
    expect(signNamed("close-circle")).toEqual({ "aria-label": "清除" });
    expect(signNamed("down")).toEqual({ "aria-hidden": true });
    expect([arrowNamed(true), arrowNamed(false)]).toEqual(["增加", "减少"]);
  });
});
