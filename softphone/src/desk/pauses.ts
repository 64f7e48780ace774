import type { z } from 'zod';
import type { pauseReason } from '../../../src/contracts/realtime.ts';

export type PauseReason = z.infer<typeof pauseReason>;

/** What an operator may choose; noAnswer and forced are set by the server and by supervisors. */
export const chosenPauses = [
  'break',
  'meal',
  'toilet',
  'training',
  'abusiveCall',
  'admin',
] as const satisfies PauseReason[];

const minute = 60_000;
/** NR-17 annex II: two breaks of 10 min and a meal of 20 min in a day of 6 h; toilet is free and has none. */
const budgets: Partial<Record<string, number>> = { break: 10 * minute, meal: 20 * minute };

export function pauseBudgetMs(reason: string | undefined): number | null {
  return (reason === undefined ? undefined : budgets[reason]) ?? null;
}

/** How long of a pause with a budget is left; null where none applies, negative when it is over. */
export function pauseLeftMs(reason: string | undefined, sinceMs: number, now: number): number | null {
  const budget = pauseBudgetMs(reason);
  return budget === null ? null : budget - (now - sinceMs);
}
