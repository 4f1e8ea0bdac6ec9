/**
 * What one page of the shop leaves for the next: that a conversation goes on, and that the chat stood open.
 *
 * The first holds for a day in the whole browser, the second in this tab alone. Where storage is forbidden the next
 * page begins with a folded chat, and shows news only once it is opened.
 */
const GOES_ON_MS = 24 * 60 * 60_000;

export class Marks {
  private readonly conversation: string;
  private readonly window: string;

  constructor(site: string) {
    this.conversation = `mashang:${site}:goes-on`;
    this.window = `mashang:${site}:open`;
  }

  get goesOn(): boolean {
    return Number(read(() => localStorage, this.conversation)) > Date.now();
  }

  set goesOn(active: boolean) {
    write(() => localStorage, this.conversation, active ? String(Date.now() + GOES_ON_MS) : null);
  }

  get stoodOpen(): boolean {
    return read(() => sessionStorage, this.window) !== null;
  }

  set stoodOpen(open: boolean) {
    write(() => sessionStorage, this.window, open ? "1" : null);
  }
}

function read(storage: () => Storage, key: string): string | null {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

function write(storage: () => Storage, key: string, value: string | null): void {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, value);
  } catch {
    // Forbidden or full: see above.
  }
}
