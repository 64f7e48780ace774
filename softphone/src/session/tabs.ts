import { createStore, type ReadStore } from '../ui/store.ts';

/**
 * Which tab owns the phone. One registration per operator: two tabs would both answer.
 *   waiting ──(lock free)──► owner ──(another tab takes it)──► waiting
 */
export interface PhoneTab {
  state: ReadStore<'waiting' | 'owner'>;
  start: () => void;
  /** "Use the phone here": the tab that holds it lets go. */
  take: () => void;
  stop: () => void;
}

/** The part of LockManager that is used; undefined where the browser has none, and then every tab is the owner. */
export type Locks = Pick<LockManager, 'request'>;

export function createPhoneTab(locks: Locks | undefined, name: string): PhoneTab {
  const state = createStore<'waiting' | 'owner'>('waiting');
  /** Grows with each request, so that the end of an older one is not taken for the end of this one. */
  let turn = 0;
  let running = false;
  let abort: AbortController | null = null;
  let release: (() => void) | null = null;

  const request = (steal: boolean): void => {
    if (!locks) {
      state.set('owner');
      return;
    }
    turn += 1;
    const mine = turn;
    const hold = (): Promise<void> | undefined => {
      if (mine !== turn) return undefined;
      state.set('owner');
      return new Promise((resolve) => {
        release = resolve;
      });
    };
    // `signal` and `steal` may not be asked for together (Web Locks, LockOptions).
    abort = steal ? null : new AbortController();
    const options: LockOptions = abort ? { signal: abort.signal } : { steal: true };
    locks.request(name, options, hold).catch(() => {
      if (mine !== turn || !running) return;
      release = null;
      state.set('waiting');
      request(false);
    });
  };

  return {
    state,
    start: () => {
      if (running) return;
      running = true;
      request(false);
    },
    take: () => {
      if (!running || state.get() === 'owner') return;
      const waiting = abort;
      request(true);
      waiting?.abort();
    },
    stop: () => {
      running = false;
      turn += 1;
      abort?.abort();
      release?.();
      release = null;
      state.set('waiting');
    },
  };
}
