/**
 * The columns as the page uses them: where the address leads, the keys that go from one to the other, and the focus.
 */
import { useEffect } from "react";
import { useLocation } from "wouter";
import { useShortcut } from "../keys/shortcuts";
import { useStore } from "../live/store";
import { useRoom } from "../look/useWidth";
import {
  type Columns,
  closed,
  columns,
  idsOf,
  inSight,
  keepOrFree,
  opened,
  toggled,
  withoutFree,
} from "./sideBySide";

export function useColumns(id: string | undefined): { columns: Columns; shown: string[] } {
  const held = useStore(columns);
  const now = id ? opened(held, id) : withoutFree(held);
  const shown = inSight(now, useRoom());
  useEffect(() => columns.set(now), [now]);
  useColumnKeys(now, id ?? "");
  return { columns: now, shown };
}

function useColumnKeys(now: Columns, id: string): void {
  const [, go] = useLocation();
  const close = useClose();
  const all = idsOf(now);
  const step = (by: number) => {
    const to = all[(all.indexOf(id) + by + all.length) % all.length];
    if (!to) return;
    const writes = document.activeElement?.matches("textarea") ?? false;
    go(`/c/${to}`, { replace: true });
    focusOn(to, writes);
  };
  const several = id !== "" && all.length > 1;
  useShortcut("keep", () => keepOrFree(id), toggled(now, id) !== now);
  useShortcut("put_away", () => close(id), several);
  useShortcut("left", () => step(-1), several);
  useShortcut("right", () => step(1), several);
}

/** Takes a conversation off the desk; who had the keyboard there has it in the next one, or in the list. */
export function useClose(): (id: string) => void {
  const [path, go] = useLocation();
  return (id) => {
    const rest = closed(columns.get(), id);
    columns.set(rest);
    if (path.startsWith(`/c/${id}`)) go(rest.at ? `/c/${rest.at}` : "/", { replace: Boolean(rest.at) });
    focusOn(rest.at, false);
  };
}

/** The conversation itself, or where one writes in it; without one, the list. */
function focusOn(id: string | undefined, writes: boolean): void {
  requestAnimationFrame(() => {
    const pane = id ? document.querySelector(`[data-column="${id}"] [data-pane]`) : null;
    const target = pane
      ? (writes && pane.querySelector("textarea")) || pane
      : document.querySelector("[data-at][tabindex='0']");
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  });
}
