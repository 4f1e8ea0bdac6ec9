import { beforeEach, expect, it, vi } from "vitest";
import { draftOf, draftsOf, keepDraft } from "../src/work/drafts";

/** As a browser's: what is kept are its own properties, so that they can be listed. */
class Kept {
  [key: string]: unknown;
}
Object.defineProperties(Kept.prototype, {
  getItem: {
    value(this: Kept, key: string) {
      return Object.hasOwn(this, key) ? this[key] : null;
    },
  },
  setItem: {
    value(this: Kept, key: string, value: string) {
      this[key] = value;
    },
  },
  removeItem: {
    value(this: Kept, key: string) {
      delete this[key];
    },
  },
  clear: {
    value(this: Kept) {
      for (const key of Object.keys(this)) delete this[key];
    },
  },
});

const opensTab = () => vi.stubGlobal("sessionStorage", new Kept());

beforeEach(() => {
  vi.stubGlobal("localStorage", new Kept());
  opensTab();
});

const written = { text: "稍等，我查一下", audience: "everyone" } as const;

it("whoever comes back after signing out finds what they had begun to write", () => {
  draftsOf("meimei");
  keepDraft("c", written);
  draftsOf("meimei");
  expect(draftOf("c")).toEqual(written);
});

it("whoever signs in after somebody else finds nothing of theirs", () => {
  draftsOf("meimei");
  keepDraft("c", written);
  sessionStorage.setItem("mashang.outbox", "[unsent]");
  localStorage.setItem("mashang.look", "dark");
  draftsOf("aqiang");
  expect(draftOf("c").text).toBe("");
  expect(sessionStorage.getItem("mashang.outbox")).toBeNull();
  expect(localStorage.getItem("mashang.look")).toBe("dark");
});

it("a tab that somebody else had open sends nothing of theirs, although another tab was told first", () => {
  draftsOf("meimei");
  sessionStorage.setItem("mashang.outbox", "[unsent]");
  const former = sessionStorage;
  opensTab();
  draftsOf("aqiang");
  vi.stubGlobal("sessionStorage", former);
  draftsOf("aqiang");
  expect(sessionStorage.getItem("mashang.outbox")).toBeNull();
});
