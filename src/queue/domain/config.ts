import type { Strategy } from './types.ts';

/** Names of the service level formulas (facts/service-level.json, domain.md "Indicators"). */
export type FormulaName = 'F1' | 'F2' | 'F3' | 'F4' | 'F5' | 'F6';

export interface QueueConfig {
  readonly key: string;
  readonly companyId: string;
  readonly version: number;
  readonly name: string;
  readonly active: boolean;
  readonly strategy: Strategy;
  /** How long an offer lasts. */
  readonly ringMs: number;
  readonly wrapUpMs: number;
  readonly serviceLevelMs: number;
  readonly serviceLevelFormula: FormulaName;
  /** Who hangs up sooner did not want to wait. */
  readonly shortAbandonMs: number;
  /** How long the last operator or the owner of the portfolio is preferred; 0: not at all. */
  readonly stickyMs: number;
  /** How long an operator who declined an item is not asked for it again. */
  readonly rejectMs: number;
  /** Key of the calendar that says when it is open; null: always. */
  readonly calendar: string | null;
  /** Units of 100 that a conversation of this queue takes, where it differs from the company's. */
  readonly weights: Readonly<Record<string, number>>;
}

export const QUEUE_DEFAULTS = {
  version: 1,
  active: true,
  strategy: 'longestIdle',
  ringMs: 20_000,
  wrapUpMs: 30_000,
  serviceLevelMs: 20_000,
  serviceLevelFormula: 'F1',
  shortAbandonMs: 5_000,
  stickyMs: 0,
  rejectMs: 30_000,
  calendar: null,
  weights: {},
} as const satisfies Omit<QueueConfig, 'key' | 'companyId' | 'name'>;
