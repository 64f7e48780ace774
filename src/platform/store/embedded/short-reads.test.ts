import { describe, expect, it } from 'vitest';
import { answerShortly, SHORT_READ, SHORT_READS } from './short-reads.ts';

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
    expect(most.slice(0, 3)).toEqual([SHORT_READ, SHORT_READ, SHORT_READ]);
    expect(most.reduce((sum, one) => sum + one + 1, 0)).toBeLessThan(3 * SHORT_READS);
  });

  it('by key are answered all, as many as wait', () => {
    expect(Math.min(...allowed(Array.from({ length: 4_000 }, () => 1)))).toBeGreaterThanOrEqual(1);
  });
});
