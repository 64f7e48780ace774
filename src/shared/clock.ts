/** A timer that its owner must cancel when the moment is moot. */
export interface Timer {
  cancel(): void;
}

/** Time as a port: the product uses the system's, tests turn a manual one by hand. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /** Runs `fn` once after `delayMs` milliseconds (at once when ≤ 0). */
  after(delayMs: number, fn: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, fn) {
    const handle = setTimeout(fn, Math.min(Math.max(0, delayMs), 2 ** 31 - 1));
    return { cancel: () => clearTimeout(handle) };
  },
};
