import type { Clock, Timer } from './clock.ts';

/** What has to happen when a stored deadline is reached. */
export interface Deadline {
  /** Names the deadline itself, e.g. the hold of an offer: the record may change often while its deadline stays. */
  readonly mark: string;
  /** From now on, by the steady clock. */
  readonly inMs: number;
  /** Carries it out. A failure is told to `onError`, and it is tried again until it succeeds or is moot. */
  readonly run: () => unknown;
}

/**
 * Deadlines by key, each carried out once and never early: their time runs on the steady clock from the moment in which they
 * are set, so that the wall clock may be set back or forward meanwhile (ADR 0019). Whoever makes them stops them.
 */
export interface Deadlines {
  /**
   * The deadline that stands under this key from now on; null: none. The one that is known by the same mark goes on as it is,
   * also when it was carried out already.
   */
  set(key: string, deadline: Deadline | null): void;
  /** What the key's deadline is called, reached or not. */
  mark(key: string): string | undefined;
  /** Whether the key has a deadline that is not reached yet. */
  ahead(key: string): boolean;
  /** How many are not reached yet. */
  readonly size: number;
  stop(): void;
}

interface Entry {
  readonly deadline: Deadline;
  ahead: boolean;
  timer?: Timer;
}

/** After a failure it is tried again after this. */
export const RETRY_MS = 1_000;

export function createDeadlines(
  clock: Pick<Clock, 'after'>,
  onError: (error: unknown, key: string) => void,
): Deadlines {
  const entries = new Map<string, Entry>();
  let stopped = false;

  const fire = (key: string, entry: Entry): void => {
    // A timer that rings twice, or after its deadline became moot, finds nothing to do.
    if (entries.get(key) !== entry || !entry.ahead) return;
    entry.ahead = false;
    // Not in a promise's turn: what is over at this instant must be known at this instant.
    try {
      Promise.resolve(entry.deadline.run()).catch((error: unknown) => again(key, entry, error));
    } catch (error) {
      again(key, entry, error);
    }
  };
  const again = (key: string, entry: Entry, error: unknown): void => {
    onError(error, key);
    if (!stopped && entries.get(key) === entry) arm(key, entry, RETRY_MS);
  };
  const arm = (key: string, entry: Entry, inMs: number): void => {
    entry.ahead = true;
    entry.timer = clock.after(inMs, () => fire(key, entry));
  };
  const drop = (key: string): void => {
    entries.get(key)?.timer?.cancel();
    entries.delete(key);
  };

  return {
    set(key, deadline) {
      if (deadline === null) {
        drop(key);
        return;
      }
      if (stopped || entries.get(key)?.deadline.mark === deadline.mark) return;
      drop(key);
      const entry: Entry = { deadline, ahead: false };
      entries.set(key, entry);
      arm(key, entry, deadline.inMs);
    },
    mark: (key) => entries.get(key)?.deadline.mark,
    ahead: (key) => entries.get(key)?.ahead === true,
    get size() {
      let count = 0;
      for (const { ahead } of entries.values()) if (ahead) count++;
      return count;
    },
    stop() {
      stopped = true;
      for (const key of [...entries.keys()]) drop(key);
    },
  };
}

/**
 * How long a deadline that an earlier process stored has still to go, in ms. The wall clock is all that both share; it may
 * have been set in between, so never more than the whole time that the deadline was given.
 */
export const remainingMs = (at: Date, nowMs: number, wholeMs: number): number =>
  Math.min(Math.max(0, at.getTime() - nowMs), wholeMs);
