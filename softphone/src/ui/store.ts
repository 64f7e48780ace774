import { useRef, useSyncExternalStore } from 'react';

/** A value that tells its readers when it changes. Every store of the desk is one of these: no global, one owner each. */
export interface Store<S> {
  get: () => S;
  set: (next: S) => void;
  update: (change: (state: S) => S) => void;
  subscribe: (listener: () => void) => () => void;
}

export type ReadStore<S> = Pick<Store<S>, 'get' | 'subscribe'>;

export function createStore<S>(initial: S): Store<S> {
  let state = initial;
  const listeners = new Set<() => void>();
  const set = (next: S): void => {
    if (Object.is(next, state)) return;
    state = next;
    for (const listener of [...listeners]) listener();
  };
  return {
    get: () => state,
    set,
    update: (change) => set(change(state)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export function useStore<S>(store: ReadStore<S>): S {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** Reads a part; the last part is kept while `select` answers the same members, so that a list built anew does not loop. */
export function useSelect<S, T>(store: ReadStore<S>, select: (state: S) => T): T {
  const last = useRef<{ state: S; select: (state: S) => T; value: T } | null>(null);
  return useSyncExternalStore(store.subscribe, () => {
    const state = store.get();
    const before = last.current;
    if (before && before.state === state && before.select === select) return before.value;
    const value = select(state);
    const kept = before && sameMembers(before.value, value) ? before.value : value;
    last.current = { state, select, value: kept };
    return kept;
  });
}

export function sameMembers(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((item, index) => Object.is(item, b[index]));
}
