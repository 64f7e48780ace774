import { createClock, type Clock, type Timer } from '../../src/shared/clock.ts';
import type { Random } from '../../src/shared/random.ts';

export interface ManualClock extends Clock {
  /** Moves to the next timer within `limitMs` and runs it; false when there is none. */
  next(limitMs: number): boolean;
  advance(ms: number): void;
  /** Somebody sets the wall clock forward, or back when `byMs` is negative; no steady time passes. */
  setWall(byMs: number): void;
  /** A clock of one process: its timers die with it, the time is shared. */
  fork(): Clock & { kill(): void };
  readonly pending: number;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * The product's clock over a source that the test turns. `rings`: when an alarm of so many ms really rings, in ms; more
 * than 0, and early is allowed, as it is to an operating system. Default: on time.
 */
export function createManualClock(
  startMs: number,
  rings: (delayMs: number) => number = (delayMs) => delayMs,
): ManualClock {
  let steadyMs = 0;
  let wallMs = startMs;
  let order = 0;
  const entries = new Set<Entry>();
  const alarm = (delayMs: number, run: () => void): Timer => {
    const entry: Entry = { atMs: steadyMs + (delayMs <= 0 ? 0 : rings(delayMs)), order: order++, run };
    entries.add(entry);
    return { cancel: () => void entries.delete(entry) };
  };
  const source = { wall: () => Math.floor(wallMs + steadyMs), steady: () => steadyMs };
  const clock = createClock({ ...source, alarm });
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
    if (entry === undefined || entry.atMs > steadyMs + limitMs) return false;
    entries.delete(entry);
    steadyMs = Math.max(steadyMs, entry.atMs);
    entry.run();
    return true;
  };
  return {
    ...clock,
    next,
    advance(ms) {
      const untilMs = steadyMs + ms;
      while (next(untilMs - steadyMs));
      steadyMs = untilMs;
    },
    setWall(byMs) {
      wallMs += byMs;
    },
    fork() {
      const own = new Set<Timer>();
      const forked = createClock({
        ...source,
        alarm(delayMs, run) {
          const timer = alarm(delayMs, () => {
            own.delete(timer);
            run();
          });
          own.add(timer);
          return timer;
        },
      });
      return {
        ...forked,
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

export type ClockFault = 'lost' | 'early' | 'doubled';
type Forked = ReturnType<ManualClock['fork']>;

/** A clock some of whose timers never ring, ring early, or ring twice. */
export function faulty(clock: Forked, dice: Dice, fault: ClockFault | undefined): Forked {
  if (fault === undefined) return clock;
  return {
    ...clock,
    after(delayMs, fn) {
      if (dice.chance(0.7)) return clock.after(delayMs, fn);
      if (fault === 'lost') return { cancel: () => undefined };
      if (fault === 'early') return clock.after(delayMs / 2, fn);
      const timers = [clock.after(delayMs, fn), clock.after(delayMs + 1, fn)];
      return {
        cancel() {
          for (const timer of timers) timer.cancel();
        },
      };
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
