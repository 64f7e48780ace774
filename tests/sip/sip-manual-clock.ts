import type { Clock } from '../../src/shared/clock.ts';

/** Time that moves when the test says so. */
export function manualClock(): Clock & { advance(ms: number): void; pending(): number } {
  let now = 1_800_000_000_000;
  const timers = new Map<object, { at: number; fn: () => void }>();
  return {
    now: () => now,
    steady: () => now,
    after(delayMs, fn) {
      const key = {};
      timers.set(key, { at: now + Math.max(0, delayMs), fn });
      return { cancel: () => void timers.delete(key) };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = [...timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
        if (!next) break;
        timers.delete(next[0]);
        now = next[1].at;
        next[1].fn();
      }
      now = end;
    },
    pending: () => timers.size,
  };
}
