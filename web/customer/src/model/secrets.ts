/**
 * What this browser keeps for a site: the session, and what was written but not yet sent.
 *
 * The session stays in localStorage so that a reload keeps the place in the queue. Drafts and unsent messages stay in
 * sessionStorage: they belong to this tab and vanish with it. A browser that forbids storage keeps both in memory.
 *
 * One person's session never serves another: it is kept with the account (`sub`) it was made for.
 */
export interface RememberedSession {
  session: string;
  /** The shop's customer id, or null for a visitor. */
  sub: string | null;
}

export class Drawer {
  private memory = new Map<string, string>();

  constructor(private readonly storage: () => Storage) {}

  get(key: string): string | null {
    try {
      return this.storage().getItem(key) ?? this.memory.get(key) ?? null;
    } catch {
      return this.memory.get(key) ?? null;
    }
  }

  set(key: string, value: string): void {
    this.memory.set(key, value);
    try {
      this.storage().setItem(key, value);
    } catch {
      // Forbidden or full: memory keeps it while the page lives.
    }
  }

  remove(key: string): void {
    this.memory.delete(key);
    try {
      this.storage().removeItem(key);
    } catch {
      // Nothing was stored there.
    }
  }
}

export class Secrets {
  constructor(
    private readonly site: string,
    private readonly lasting = new Drawer(() => localStorage),
    private readonly passing = new Drawer(() => sessionStorage),
  ) {}

  session(): RememberedSession | null {
    return parse<RememberedSession>(this.lasting.get(this.key("session")));
  }

  keepSession(remembered: RememberedSession): void {
    this.lasting.set(this.key("session"), JSON.stringify(remembered));
  }

  /** Somebody was here, and not on the first page when they left: a conversation may go on. */
  get mayReturn(): boolean {
    return this.session() !== null && this.shown() !== null;
  }

  unsent<T>(): T[] {
    return parse<T[]>(this.passing.get(this.key("unsent"))) ?? [];
  }

  keepUnsent(messages: unknown[]): void {
    if (messages.length === 0) this.passing.remove(this.key("unsent"));
    else this.passing.set(this.key("unsent"), JSON.stringify(messages));
  }

  /** Which conversation was on screen; null: the start page; undefined: nothing yet. */
  shown(): string | null | undefined {
    return parse<{ shown: string | null }>(this.passing.get(this.key("shown")))?.shown;
  }

  keepShown(shown: string | null): void {
    this.passing.set(this.key("shown"), JSON.stringify({ shown }));
  }

  draft(conversation: string): string {
    return this.passing.get(this.key(`draft:${conversation}`)) ?? "";
  }

  keepDraft(conversation: string, text: string): void {
    const key = this.key(`draft:${conversation}`);
    this.passing.set(this.key("drafts"), JSON.stringify([...new Set([...this.drafts(), key])]));
    if (text === "") this.passing.remove(key);
    else this.passing.set(key, text);
  }

  /** Somebody else is here now. */
  forget(): void {
    this.lasting.remove(this.key("session"));
    const passing = ["drafts", "unsent", "shown"].map((name) => this.key(name));
    for (const key of [...this.drafts(), ...passing]) this.passing.remove(key);
  }

  private drafts(): string[] {
    return parse<string[]>(this.passing.get(this.key("drafts"))) ?? [];
  }

  private key(name: string): string {
    return `mashang:${this.site}:${name}`;
  }
}

function parse<T>(text: string | null): T | null {
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
