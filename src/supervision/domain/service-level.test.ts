import { describe, expect, it } from 'vitest';
import { counted, NO_WAITS, serviceLevel, together, without } from './service-level.ts';
import { startOfDay, stayEnd } from './stays.ts';

describe('service level', () => {
  // Answered 1000, of which within 20 s 860. Abandoned 60: 20 within 20 s, 40 later; 10 within 5 s.
  const counts = {
    answered: 1000,
    answeredWithin: 860,
    abandoned: 60,
    abandonedWithin: 20,
    shortAbandoned: 10,
  };

  it.each([
    ['F1', 0.8302],
    ['F2', 0.86],
    ['F3', 0.8113],
    ['F4', 0.8269],
    ['F5', 0.8208],
    ['F6', 0.819],
  ] as const)('%s gives %f', (formula, expected) => {
    expect(serviceLevel(formula, counts)).toBeCloseTo(expected, 4);
  });

  it('is unknown before anything happened', () => {
    expect(serviceLevel('F1', NO_WAITS)).toBeNull();
  });

  it('counts the threshold itself as within', () => {
    const limits = { thresholdMs: 20_000, shortAbandonMs: 5_000 };
    const sum = [
      { outcome: 'answered', waitMs: 20_000 },
      { outcome: 'answered', waitMs: 20_001 },
      { outcome: 'abandoned', waitMs: 5_000 },
      { outcome: 'abandoned', waitMs: 20_000 },
    ] as const;
    expect(sum.reduce((all, stay) => counted(all, stay, limits), NO_WAITS)).toEqual({
      answered: 2,
      answeredWithin: 1,
      abandoned: 2,
      abandonedWithin: 2,
      shortAbandoned: 1,
    });
  });
  it('judges each by the limits of its own channel, and both together', () => {
    const call = counted(
      NO_WAITS,
      { outcome: 'answered', waitMs: 30_000 },
      { thresholdMs: 20_000, shortAbandonMs: 0 },
    );
    const mail = counted(
      NO_WAITS,
      { outcome: 'answered', waitMs: 3_600_000 },
      { thresholdMs: 14_400_000, shortAbandonMs: 0 },
    );
    expect([serviceLevel('F1', call), serviceLevel('F1', mail)]).toEqual([0, 1]);
    expect(serviceLevel('F1', together(call, mail))).toBe(0.5);
    expect(together(counts, NO_WAITS)).toEqual(counts);
    expect(without(together(counts, call), call)).toEqual(counts);
    expect(without(counts, counts)).toEqual(NO_WAITS);
  });
});

describe('stays', () => {
  const at = (ms: number): Date => new Date(ms);
  const base = { queue: 'suporte', queuedAt: at(0), talkAt: null, endedAt: null, outcome: null };

  it('end answered at the first word, abandoned by the customer, and otherwise not at all', () => {
    expect(stayEnd({ ...base, talkAt: at(7), endedAt: at(9), outcome: 'answered' })).toEqual({
      outcome: 'answered',
      waitMs: 7,
    });
    expect(stayEnd({ ...base, endedAt: at(9), outcome: 'abandoned' })).toEqual({
      outcome: 'abandoned',
      waitMs: 9,
    });
    expect(stayEnd({ ...base, endedAt: at(9), outcome: 'moved' })).toBeNull();
    expect(stayEnd(base)).toBeNull();
  });

  it('belong to the day of the company', () => {
    const midnight = startOfDay('America/Sao_Paulo', new Date('2026-11-23T02:59:59.500Z'));
    expect(midnight.toISOString()).toBe('2026-11-22T03:00:00.000Z');
  });
});
