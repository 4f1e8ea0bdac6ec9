/**
 * The keys of the desk: the one list from which both the sheet and the handlers are made.
 *
 * A letter acts only where nobody writes and no dialog is open, and never while an input method composes. What a key
 * does is known to the part of the page that does it (`useShortcut`); where no such part is there, the key does
 * nothing.
 *
 * Does not: handle keys that belong to one field (Enter in the composer, arrows in a list).
 */
import { useEffect, useRef } from "react";
import type { WordKey } from "../words/words";

export type ShortcutId =
  | "next"
  | "previous"
  | "accept"
  | "decline"
  | "reply"
  | "note"
  | "transfer"
  | "close"
  | "keep"
  | "left"
  | "right"
  | "put_away"
  | "search"
  | "presence"
  | "work"
  | "board"
  | "sheet";

export interface Shortcut {
  id: ShortcutId;
  /** As `event.key` says it. */
  key: string;
  word: WordKey;
  /** With Ctrl or ⌘ it also acts while one writes. */
  control?: string;
  /** Only for those who watch. */
  watches?: true;
}

export const SHORTCUTS: Shortcut[] = [
  { id: "next", key: "j", word: "keys.next" },
  { id: "previous", key: "k", word: "keys.previous" },
  { id: "accept", key: "a", word: "keys.accept" },
  { id: "decline", key: "d", word: "keys.decline" },
  { id: "reply", key: "r", word: "keys.reply" },
  { id: "note", key: "n", word: "keys.note" },
  { id: "transfer", key: "t", word: "keys.transfer" },
  { id: "close", key: "e", word: "keys.close" },
  { id: "keep", key: "s", word: "keys.keep" },
  { id: "left", key: "[", word: "keys.left", control: "[" },
  { id: "right", key: "]", word: "keys.right", control: "]" },
  { id: "put_away", key: "x", word: "keys.put_away" },
  { id: "search", key: "/", word: "keys.search", control: "k" },
  { id: "presence", key: "p", word: "keys.presence" },
  { id: "work", key: "w", word: "keys.work" },
  { id: "board", key: "b", word: "keys.board", watches: true },
  { id: "sheet", key: "?", word: "keys.sheet" },
];

export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

/** Which shortcut a press is; `writes`: the focus is where one writes. */
export function shortcutOf(press: Press, writes: boolean): Shortcut | undefined {
  if (press.isComposing || press.keyCode === 229 || press.altKey) return undefined;
  const key = press.key.toLowerCase();
  if (press.ctrlKey || press.metaKey) return SHORTCUTS.find(({ control }) => control === key);
  return writes ? undefined : SHORTCUTS.find((shortcut) => shortcut.key === key);
}

const WRITES = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
/** What takes the keys while it is seen; a dialog on its way out takes none any more. */
const ASKS = ".ant-modal:not(.ant-zoom-leave), .ant-drawer-open, .ant-dropdown:not(.ant-dropdown-hidden)";

const handlers = new Map<ShortcutId, () => void>();

/** What a key does as long as this part of the page is there and `when` holds. */
export function useShortcut(id: ShortcutId, act: () => void, when = true): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (!when) return;
    const handler = () => latest.current();
    handlers.set(id, handler);
    return () => {
      if (handlers.get(id) === handler) handlers.delete(id);
    };
  }, [id, when]);
}

/** Hears the keys for as long as the desk is open. */
export function useKeys(): void {
  useEffect(() => {
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, []);
}

function hear(event: KeyboardEvent): void {
  const writes = event.target instanceof Element && event.target.closest(WRITES) !== null;
  const shortcut = shortcutOf(event, writes);
  const act = shortcut && handlers.get(shortcut.id);
  if (!act || event.defaultPrevented || event.repeat || isAsking()) return;
  event.preventDefault();
  act();
}

function isAsking(): boolean {
  return Array.from(document.querySelectorAll(ASKS)).some((at) => at.getClientRects().length > 0);
}
