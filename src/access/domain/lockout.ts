/** Five failures of a name from one address in 15 minutes close the name there for 15 minutes (contract.md). */
export const LOCK = { failures: 5, windowMs: 15 * 60_000, lockMs: 15 * 60_000 } as const;

/**
 * A name that is guessed from many addresses: after `free` attempts in LOCK.windowMs each next one has to wait twice as long
 * as the one before it, from `firstMs` to `mostMs`. More are free than one address has before it is locked: alone it slows
 * nobody. `kept`: attempts that are remembered.
 */
export const SLOW = { free: 10, firstMs: 1_000, mostMs: 5 * 60_000, kept: 30 } as const;

export interface LockState {
  /** Instants of failures or of attempts that are being checked, oldest first; at most failures + 1 are kept. */
  readonly attempts: readonly number[];
  readonly lockedUntil: number;
}

export type LockVerdict =
  | { readonly kind: 'allowed'; readonly attemptsInWindow: number }
  | { readonly kind: 'locked'; readonly remainingMs: number };

/**
 * Judges an attempt that was already counted (so that parallel guesses cannot all pass before the first one fails).
 * A locked name answers the same for the right password and for a name that does not exist.
 */
export function judgeAttempt(state: LockState, now: number): LockVerdict {
  if (state.lockedUntil > now) return { kind: 'locked', remainingMs: state.lockedUntil - now };
  const attemptsInWindow = state.attempts.filter((at) => at > now - LOCK.windowMs).length;
  if (attemptsInWindow > LOCK.failures) return { kind: 'locked', remainingMs: LOCK.lockMs };
  return { kind: 'allowed', attemptsInWindow };
}

/** The failure that fills the window locks the name. */
export function locksNow(attemptsInWindow: number): boolean {
  return attemptsInWindow >= LOCK.failures;
}

/** How long the next attempt has to wait after these earlier ones from anywhere, ms; 0: not at all. */
export function slowMs(earlier: readonly number[], now: number): number {
  const recent = earlier.filter((at) => at > now - LOCK.windowMs);
  const last = recent.at(-1);
  if (last === undefined || recent.length < SLOW.free) return 0;
  const gapMs = Math.min(SLOW.mostMs, SLOW.firstMs * 2 ** (recent.length - SLOW.free));
  return Math.max(0, last + gapMs - now);
}
