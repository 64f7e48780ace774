/** A timer that its owner must cancel when the moment is moot. */
export interface Timer {
  cancel(): void;
}

/** Time as a port: the product uses the system's, tests turn a manual one by hand (ADR 0019). */
export interface Clock {
  /**
   * Milliseconds since the epoch, UTC, by the wall clock: for what is stored and told. Somebody may set it back or forward
   * at any moment, so its differences decide nothing.
   */
  now(): number;
  /** Milliseconds since some start; never goes back, however the wall clock is set. For what is measured. */
  steady(): number;
  /**
   * Runs `fn` once, when `delayMs` milliseconds of steady time have passed and never sooner (at once when ≤ 0). Any length
   * is allowed.
   */
  after(delayMs: number, fn: () => void): Timer;
}

/** What an operating system offers: alarms that may ring a little early, and not far ahead. */
export interface TimeSource {
  wall(): number;
  steady(): number;
  /** `delayMs`: a whole number from 0 to `LONGEST_ALARM_MS`. */
  alarm(delayMs: number, ring: () => void): Timer;
}

/** A longer `setTimeout` overflows its 32 bits and rings at once. */
export const LONGEST_ALARM_MS = 2 ** 31 - 1;

/** A clock that keeps the promises of the port over alarms that do not: early ones are set again, long ones in parts. */
export function createClock(source: TimeSource): Clock {
  return {
    now: () => source.wall(),
    steady: () => source.steady(),
    after(delayMs, fn) {
      const dueMs = source.steady() + Math.max(0, delayMs);
      let over = false;
      const arm = (): Timer => {
        const leftMs = Math.ceil(dueMs - source.steady());
        return source.alarm(Math.min(Math.max(0, leftMs), LONGEST_ALARM_MS), ring);
      };
      const ring = (): void => {
        if (over) return;
        if (source.steady() < dueMs) {
          alarm = arm();
          return;
        }
        over = true;
        fn();
      };
      let alarm = arm();
      return {
        cancel() {
          over = true;
          alarm.cancel();
        },
      };
    },
  };
}

/** The one place of the program that touches the system's time and timers; a lint rule keeps it so. */
export const systemClock: Clock = createClock({
  wall: () => Date.now(),
  steady: () => performance.now(),
  alarm(delayMs, ring) {
    const handle = setTimeout(ring, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
});
