import type { PresenceChange } from './agent.ts';

/** Legal budget of a working day of 6 h (NR-17 annex II): two breaks of 10 minutes, 20 minutes to eat, toilet free. */
export const BREAK_BUDGET = {
  break: { times: 2, eachMs: 10 * 60_000 },
  meal: { times: 1, eachMs: 20 * 60_000 },
} as const;

export interface BreakUse {
  readonly reason: string;
  readonly times: number;
  readonly usedMs: number;
  /** null: no limit. */
  readonly budgetMs: number | null;
  readonly leftMs: number | null;
}

/** Pauses by type between two instants, open to the worker; the one that lasts counts up to `to`. */
export function breaksUsed(log: readonly PresenceChange[], from: Date, to: Date): readonly BreakUse[] {
  const sums = new Map<string, { times: number; usedMs: number }>();
  log.forEach((change, i) => {
    if (change.state !== 'paused') return;
    const begin = Math.max(change.at.getTime(), from.getTime());
    const end = Math.min(log[i + 1]?.at.getTime() ?? to.getTime(), to.getTime());
    if (end <= begin) return;
    const reason = change.reason ?? 'break';
    const sum = sums.get(reason) ?? { times: 0, usedMs: 0 };
    sums.set(reason, { times: sum.times + 1, usedMs: sum.usedMs + (end - begin) });
  });
  const budgets: Readonly<Record<string, { times: number; eachMs: number }>> = BREAK_BUDGET;
  return [...new Set([...Object.keys(budgets), ...sums.keys()])].map((reason) => {
    const { times, usedMs } = sums.get(reason) ?? { times: 0, usedMs: 0 };
    const budget = budgets[reason];
    const budgetMs = budget === undefined ? null : budget.times * budget.eachMs;
    return {
      reason,
      times,
      usedMs,
      budgetMs,
      leftMs: budgetMs === null ? null : Math.max(0, budgetMs - usedMs),
    };
  });
}
