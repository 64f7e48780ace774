import type { Clock } from '../shared/clock.ts';
import type { KeysRead, ReadKeys } from './ports.ts';

/** Keys as they come, kept until someone reads them: a caller who knows the menu types ahead. */
export interface KeyBuffer {
  push(key: string): void;
  read(options: ReadKeys): Promise<KeysRead>;
  clear(): void;
  readonly size: number;
  readonly touched: boolean;
  /** Fires at once when keys wait, else with the next one. */
  onceKey(handler: () => void): () => void;
}

export function createKeyBuffer(clock: Clock, ended: AbortSignal): KeyBuffer {
  const keys: string[] = [];
  const listeners = new Set<() => void>();
  let touched = false;

  /** undefined: nothing within the time, or nobody there any more. */
  const next = (timeoutMs: number, signal: AbortSignal | undefined): Promise<string | undefined> => {
    const ready = keys.shift();
    if (ready !== undefined || ended.aborted || signal?.aborted === true) return Promise.resolve(ready);
    return new Promise((resolve) => {
      const finish = () => {
        listeners.delete(finish);
        timer.cancel();
        ended.removeEventListener('abort', finish);
        signal?.removeEventListener('abort', finish);
        resolve(keys.shift());
      };
      const timer = clock.after(timeoutMs, finish);
      listeners.add(finish);
      ended.addEventListener('abort', finish);
      signal?.addEventListener('abort', finish);
    });
  };

  return {
    push(key) {
      touched = true;
      keys.push(key);
      for (const listener of [...listeners]) listener();
    },
    async read({ max, timeoutMs, terminators = '', signal }) {
      let read = '';
      while (read.length < max) {
        const key = await next(timeoutMs, signal);
        if (key === undefined) return { keys: read, cause: ended.aborted ? 'ended' : 'timeout' };
        if (terminators.includes(key)) break;
        read += key;
      }
      return { keys: read, cause: 'complete' };
    },
    clear: () => void keys.splice(0),
    get size() {
      return keys.length;
    },
    get touched() {
      return touched;
    },
    onceKey(handler) {
      if (keys.length > 0) {
        handler();
        return () => {};
      }
      const once = () => {
        listeners.delete(once);
        handler();
      };
      listeners.add(once);
      return () => listeners.delete(once);
    },
  };
}
