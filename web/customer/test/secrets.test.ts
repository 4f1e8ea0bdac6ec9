import { describe, expect, test } from "vitest";
import { Drawer, Secrets } from "../src/model/secrets";
import { freshKey, subjectOf } from "../src/model/token";

class MemoryStorage {
  readonly held = new Map<string, string>();
  getItem = (key: string) => this.held.get(key) ?? null;
  setItem = (key: string, value: string) => void this.held.set(key, value);
  removeItem = (key: string) => void this.held.delete(key);
}

function drawer(storage: MemoryStorage): Drawer {
  return new Drawer(() => storage as unknown as Storage);
}

function forbidden(): Drawer {
  return new Drawer(() => {
    throw new DOMException("denied", "SecurityError");
  });
}

function token(payload: object): string {
  return `e30.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.sig`;
}

describe("what a browser keeps", () => {
  test("the session lasts, drafts and unsent messages stay with the tab", () => {
    const [lasting, passing] = [new MemoryStorage(), new MemoryStorage()];
    const secrets = new Secrets("site", drawer(lasting), drawer(passing));
    secrets.keepSession({ session: "s", sub: null });
    secrets.keepDraft("c1", "写了一半");
    secrets.keepUnsent([{ client_id: "k" }]);
    expect([...lasting.held.keys()]).toEqual(["mashang:site:session"]);
    const reloaded = new Secrets("site", drawer(lasting), drawer(passing));
    expect(reloaded.session()).toEqual({ session: "s", sub: null });
    expect(reloaded.draft("c1")).toBe("写了一半");
    expect(reloaded.unsent()).toEqual([{ client_id: "k" }]);
  });

  test("forgetting leaves nothing behind", () => {
    const [lasting, passing] = [new MemoryStorage(), new MemoryStorage()];
    const secrets = new Secrets("site", drawer(lasting), drawer(passing));
    secrets.keepSession({ session: "s", sub: "u1" });
    secrets.keepDraft("c1", "a");
    secrets.keepDraft("c2", "b");
    secrets.keepUnsent([1]);
    secrets.forget();
    expect(lasting.held.size + passing.held.size).toBe(0);
    expect(secrets.session()).toBeNull();
  });

  test("one site does not see another's session", () => {
    const storage = new MemoryStorage();
    new Secrets("one", drawer(storage), drawer(storage)).keepSession({ session: "s", sub: null });
    expect(new Secrets("two", drawer(storage), drawer(storage)).session()).toBeNull();
  });

  test("a browser that forbids storage still serves, from memory", () => {
    const secrets = new Secrets("site", forbidden(), forbidden());
    secrets.keepSession({ session: "s", sub: null });
    secrets.keepDraft("c1", "a");
    expect(secrets.session()?.session).toBe("s");
    expect(secrets.draft("c1")).toBe("a");
    secrets.forget();
    expect(secrets.session()).toBeNull();
  });

  test("something else under our name is no session", () => {
    const storage = new MemoryStorage();
    storage.setItem("mashang:site:session", "{broken");
    expect(new Secrets("site", drawer(storage), drawer(storage)).session()).toBeNull();
  });
});

describe("whose token it is", () => {
  test("is read from its payload, in any script", () => {
    expect(subjectOf(token({ sub: "用户-42" }))).toBe("用户-42");
  });

  test.each(["", "a", "a.b.c", "..", token({}), token({ sub: 7 })])("%j is nobody's", (bad) => {
    expect(subjectOf(bad)).toBeNull();
  });

  test("a fresh key is long, plain and new", () => {
    expect(freshKey()).toMatch(/^[0-9a-f]{32}$/);
    expect(freshKey()).not.toBe(freshKey());
  });
});
