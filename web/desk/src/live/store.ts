/**
 * A value that lives outside React and tells React when it changed.
 *
 * Used for what is not the server's state: what is being sent, who types, whether the line is up.
 */
import { useSyncExternalStore } from "react";

export class Store<T> {
  private readonly hearers = new Set<() => void>();

  constructor(private value: T) {}

  readonly get = (): T => this.value;

  set(next: T): void {
    if (Object.is(next, this.value)) return;
    this.value = next;
    for (const hear of this.hearers) hear();
  }

  change(how: (value: T) => T): void {
    this.set(how(this.value));
  }

  readonly subscribe = (hear: () => void): (() => void) => {
    this.hearers.add(hear);
    return () => this.hearers.delete(hear);
  };
}

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get);
