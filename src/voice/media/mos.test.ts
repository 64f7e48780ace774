import { describe, expect, it } from 'vitest';
import { mos, rFactor } from './mos.ts';

describe('mos', () => {
  it.each([
    [0, 0, 4.409],
    [20, 0, 4.4],
    [150, 0, 4.329],
    [150, 0.01, 4.228],
    [20, 0.05, 3.903],
    [400, 0, 3.053],
  ])('%d ms and loss %d give %d', (delayMs, loss, golden) => {
    expect(mos({ delayMs, loss })).toBeCloseTo(golden, 3);
  });

  it('stays between 1 and 4.5', () => {
    expect(mos({ delayMs: 5_000, loss: 1 })).toBe(1);
    expect(mos({ delayMs: 0, loss: 0 })).toBeLessThan(4.5);
  });

  it('punishes bursts more than random loss', () => {
    expect(rFactor({ delayMs: 50, loss: 0.03, burstRatio: 2 })).toBeLessThan(
      rFactor({ delayMs: 50, loss: 0.03 }),
    );
  });
});
