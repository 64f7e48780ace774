import { describe, expect, it } from 'vitest';
import { answerShortly, BY_KEY, SHORT_READ, SHORT_READS } from './short-reads.ts';

/** Reads that want to look at so many documents each; what they were allowed. */
function allowed(wanted: readonly number[]): number[] {
  let looked = 0;
  return answerShortly(
    wanted,
    (want, most) => {
      looked = Math.min(want, most + 1);
      return most;
    },
    () => looked,
  );
}

describe('reads before the writes that wait', () => {
  it('look at no more together than one long read may, however many they are', () => {
    const most = allowed(Array.from({ length: 256 }, () => 100_000));
    expect(most[0]).toBe(SHORT_READ);
    // Behind the share of all, each may still be one by key.
    const longer = most.filter((one) => one > BY_KEY);
    expect(longer.reduce((sum, one) => sum + one + 1, 0)).toBeLessThanOrEqual(SHORT_READS + longer.length);
    expect(most.slice(longer.length)).toEqual(Array(256 - longer.length).fill(BY_KEY));
  });

  it('by key are answered all, as many as wait', () => {
    expect(Math.min(...allowed(Array.from({ length: 4_000 }, () => 1)))).toBeGreaterThanOrEqual(1);
  });
});
