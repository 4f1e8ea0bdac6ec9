/**
 * Whether the search is open, and the two keys that open it: Ctrl K anywhere, / where one does not write.
 */
import { useEffect } from "react";
import { Store, useStore } from "../../live/store";

export const searching = new Store(false);

export const useSearchOpen = () => useStore(searching);

const WRITES = "input, textarea, select, [contenteditable]";

export function useSearchKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const control = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
      const writes = event.target instanceof Element && event.target.closest(WRITES);
      const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !writes;
      const busy = document.querySelector(".ant-modal-wrap, .ant-drawer-open") !== null && !searching.get();
      if ((!control && !slash) || busy) return;
      event.preventDefault();
      searching.set(true);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
