import type { Clock, Timer } from '../../src/shared/clock.ts';
import type { Random } from '../../src/shared/random.ts';

export interface ManualClock extends Clock {
  /** Moves to the next timer within `limitMs` and runs it; false when there is none. */
  next(limitMs: number): boolean;
  advance(ms: number): void;
  /** A clock of one process: its timers die with it, the time is shared. */
  fork(): Clock & { kill(): void };
  readonly pending: number;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  let order = 0;
  const entries = new Set<Entry>();
  const after = (delayMs: number, run: () => void): Timer => {
    const entry: Entry = { atMs: nowMs + Math.max(0, delayMs), order: order++, run };
    entries.add(entry);
    return { cancel: () => void entries.delete(entry) };
  };
  const first = (): Entry | undefined => {
    let best: Entry | undefined;
    for (const entry of entries)
      if (
        best === undefined ||
        entry.atMs < best.atMs ||
        (entry.atMs === best.atMs && entry.order < best.order)
      )
        best = entry;
    return best;
  };
  const next = (limitMs: number): boolean => {
    const entry = first();
    if (entry === undefined || entry.atMs > nowMs + limitMs) return false;
    entries.delete(entry);
    nowMs = Math.max(nowMs, entry.atMs);
    entry.run();
    return true;
  };
  return {
    now: () => nowMs,
    after,
    next,
    advance(ms) {
      const untilMs = nowMs + ms;
      while (next(untilMs - nowMs));
      nowMs = untilMs;
    },
    fork() {
      const own = new Set<Timer>();
      return {
        now: () => nowMs,
        after(delayMs, run) {
          const timer = after(delayMs, () => {
            own.delete(timer);
            run();
          });
          own.add(timer);
          return timer;
        },
        kill() {
          for (const timer of own) timer.cancel();
        },
      };
    },
    get pending() {
      return entries.size;
    },
  };
}

/** Deterministic randomness (mulberry32). */
export interface Dice extends Random {
  /** From 0 inclusive to 1 exclusive. */
  roll(): number;
  /** From 0 to n - 1. */
  below(n: number): number;
  pick<T>(items: readonly T[]): T;
  chance(share: number): boolean;
}

export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(roll() * n);
  return {
    roll,
    below,
    bytes: (n) => Uint8Array.from({ length: n }, () => below(256)),
    pick: <T>(items: readonly T[]): T => items[below(items.length)] as T,
    chance: (share) => roll() < share,
  };
}
