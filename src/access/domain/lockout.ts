/** Five failures in 15 minutes close a name for 15 minutes (contract.md). */
export const LOCK = { failures: 5, windowMs: 15 * 60_000, lockMs: 15 * 60_000 } as const;

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
