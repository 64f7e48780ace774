/** Counts of one queue and period. `within` means: waited at most the threshold (boundary ≤). */
export interface WaitCounts {
  readonly answered: number;
  readonly answeredWithin: number;
  readonly abandoned: number;
  readonly abandonedWithin: number;
  /** Hung up within the short time: did not want to wait. */
  readonly shortAbandoned: number;
}

export type Formula = 'F1' | 'F2' | 'F3' | 'F4' | 'F5' | 'F6';

const FORMULAS: Readonly<Record<Formula, (c: WaitCounts) => readonly [part: number, whole: number]>> = {
  F1: (c) => [c.answeredWithin + c.abandonedWithin, c.answered + c.abandoned],
  F2: (c) => [c.answeredWithin, c.answered],
  F3: (c) => [c.answeredWithin, c.answered + c.abandoned],
  F4: (c) => [c.answeredWithin, c.answered + (c.abandoned - c.abandonedWithin)],
  F5: (c) => [c.answeredWithin + c.shortAbandoned, c.answered + c.abandoned],
  F6: (c) => [c.answeredWithin, c.answered + c.abandoned - c.shortAbandoned],
};

/** Share from 0 to 1, or null when nothing happened yet (domain.md, "Indicators"; vectors in facts/service-level.json). */
export function serviceLevel(formula: Formula, counts: WaitCounts): number | null {
  const [part, whole] = FORMULAS[formula](counts);
  return whole === 0 ? null : part / whole;
}

/** How one stay in a queue ended, with how long it lasted. */
export interface StayEnd {
  readonly outcome: 'answered' | 'abandoned';
  readonly waitMs: number;
}

export const NO_WAITS: WaitCounts = {
  answered: 0,
  answeredWithin: 0,
  abandoned: 0,
  abandonedWithin: 0,
  shortAbandoned: 0,
};

export function counted(
  counts: WaitCounts,
  stay: StayEnd,
  limits: { readonly thresholdMs: number; readonly shortAbandonMs: number },
): WaitCounts {
  const within = stay.waitMs <= limits.thresholdMs ? 1 : 0;
  if (stay.outcome === 'answered')
    return {
      ...counts,
      answered: counts.answered + 1,
      answeredWithin: counts.answeredWithin + within,
    };
  return {
    ...counts,
    abandoned: counts.abandoned + 1,
    abandonedWithin: counts.abandonedWithin + within,
    shortAbandoned: counts.shortAbandoned + (stay.waitMs <= limits.shortAbandonMs ? 1 : 0),
  };
}

/** Contacts of two kinds, each judged by the limits of its own. */
export const together = (a: WaitCounts, b: WaitCounts): WaitCounts => ({
  answered: a.answered + b.answered,
  answeredWithin: a.answeredWithin + b.answeredWithin,
  abandoned: a.abandoned + b.abandoned,
  abandonedWithin: a.abandonedWithin + b.abandonedWithin,
  shortAbandoned: a.shortAbandoned + b.shortAbandoned,
});

/** What was counted and is not true any more. */
export const without = (all: WaitCounts, part: WaitCounts): WaitCounts => ({
  answered: all.answered - part.answered,
  answeredWithin: all.answeredWithin - part.answeredWithin,
  abandoned: all.abandoned - part.abandoned,
  abandonedWithin: all.abandonedWithin - part.abandonedWithin,
  shortAbandoned: all.shortAbandoned - part.shortAbandoned,
});
