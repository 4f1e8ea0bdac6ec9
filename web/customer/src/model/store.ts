/**
 * The one value the pages are drawn from.
 *
 * The server holds the truth; this is a cache of it and redraws whoever looks at it when it changes.
 */
import { useEffect, useState } from "preact/hooks";

export class Store<S> {
  private listeners = new Set<() => void>();

  constructor(public state: S) {}

  patch(change: Partial<S>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export function useStore<S>(store: Store<S>): S {
  const [state, show] = useState(store.state);
  useEffect(() => {
    show(store.state);
    return store.subscribe(() => show(store.state));
  }, [store]);
  return state;
}
