/**
 * The menu that belongs to what is being typed: which entry is pointed at, and the keys that choose.
 *
 * Keys of an input method that is still composing are never taken. Escape closes the menu for this sign; the text
 * stays, and another sign opens it again.
 */
import { type KeyboardEvent, useId, useState } from "react";
import { optionId, type Suggestion } from "./Suggestions";
import type { Typed } from "./typed";

export interface Menu {
  id: string;
  open: boolean;
  active: number;
  items: Suggestion[];
  point(at: number): void;
  close(): void;
  /** Whether the key was for the menu. */
  takes(event: KeyboardEvent): boolean;
  /** What the field tells screen readers. */
  aria: Record<string, string | undefined>;
}

export const composing = (event: KeyboardEvent): boolean =>
  event.nativeEvent.isComposing || event.keyCode === 229; // what older ones report

/** `found`: null when the sign means nothing here.  Without entries the menu only opens to say so. */
export function useMenu(typed: Typed | null, found: Suggestion[] | null): Menu {
  const items = found ?? [];
  const id = useId();
  const [closed, setClosed] = useState("");
  const [pointed, setPointed] = useState({ query: "", at: 0 });
  const place = typed ? `${typed.sign}${typed.from}` : "";
  if (!typed && closed) setClosed("");
  const some = items.length > 0 || typed?.query === "";
  const open = typed !== null && found !== null && some && closed !== place;
  const query = `${place} ${typed?.query ?? ""}`;
  const active = pointed.query === query ? Math.max(0, Math.min(pointed.at, items.length - 1)) : 0;
  const point = (at: number) => setPointed({ query, at });
  const close = () => setClosed(place);

  const takes = (event: KeyboardEvent): boolean => {
    if (!open || composing(event) || event.altKey || event.ctrlKey || event.metaKey) return false;
    if (items.length === 0 && event.key !== "Escape") return false;
    switch (event.key) {
      case "ArrowDown":
        point((active + 1) % items.length);
        break;
      case "ArrowUp":
        point((active + items.length - 1) % items.length);
        break;
      case "Enter":
      case "Tab":
        if (event.shiftKey) return false;
        items[active]?.choose();
        break;
      case "Escape":
        close();
        break;
      default:
        return false;
    }
    event.preventDefault();
    return true;
  };
  const aria = {
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    "aria-controls": open ? id : undefined,
    "aria-activedescendant": open && items.length > 0 ? optionId(id, active) : undefined,
  };
  return { id, open, active, items, point, close, takes, aria };
}
