/** A login ends after this much silence, and after this much in all (OWASP ASVS 5 §7.3). A living desk is not silent. */
export const SESSION = { idleMs: 2 * 3_600_000, absoluteMs: 14 * 3_600_000, touchEveryMs: 60_000 } as const;

export interface SessionTimes {
  readonly createdAt: number;
  readonly lastSeenAt: number;
}

export function sessionAlive(times: SessionTimes, now: number): boolean {
  return now - times.createdAt < SESSION.absoluteMs && now - times.lastSeenAt < SESSION.idleMs;
}
