/**
 * Whether the search is open; its keys stand with all others (keys/shortcuts).
 */
import { Store, useStore } from "../../live/store";

export const searching = new Store(false);

export const useSearchOpen = () => useStore(searching);
