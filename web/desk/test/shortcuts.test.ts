import { describe, expect, it } from "vitest";
import { type Press, SHORTCUTS, shortcutOf } from "../src/keys/shortcuts";

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 0,
  ...more,
});

describe("the keys", () => {
  it("are each for one thing", () => {
    const keys = SHORTCUTS.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { id, key } of SHORTCUTS) expect(shortcutOf(press(key), false)?.id).toBe(id);
    expect(shortcutOf(press("J"), false)?.id).toBe("next");
  });

  it("do nothing while one writes, but for those with Ctrl", () => {
    for (const { key } of SHORTCUTS) expect(shortcutOf(press(key), true)).toBeUndefined();
    expect(shortcutOf(press("k", { ctrlKey: true }), true)?.id).toBe("search");
    expect(shortcutOf(press("k", { metaKey: true }), true)?.id).toBe("search");
  });

  it("do nothing while an input method composes, nor with keys of the browser", () => {
    expect(shortcutOf(press("j", { isComposing: true }), false)).toBeUndefined();
    expect(shortcutOf(press("j", { keyCode: 229 }), false)).toBeUndefined();
    expect(shortcutOf(press("k", { ctrlKey: true, isComposing: true }), true)).toBeUndefined();
    expect(shortcutOf(press("r", { ctrlKey: true }), false)).toBeUndefined();
    expect(shortcutOf(press("d", { altKey: true }), false)).toBeUndefined();
  });
});
