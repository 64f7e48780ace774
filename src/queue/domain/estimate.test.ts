import { describe, expect, it } from 'vitest';
import { QUEUE_DEFAULTS } from './config.ts';
import { estimatedWaitMs, smoothed, UNKNOWN_HANDLE_MS } from './estimate.ts';

describe('estimated wait', () => {
  it('is unknown when nobody is there, nothing when somebody is free, else the places ahead', () => {
    expect(estimatedWaitMs(0, 0, 0, 60_000)).toBeNull();
    expect(estimatedWaitMs(0, 2, 1, 60_000)).toBe(0);
    expect(estimatedWaitMs(1, 2, 1, 60_000)).toBe(30_000);
    expect(estimatedWaitMs(3, 2, 1, 60_000)).toBe(90_000);
    expect(estimatedWaitMs(0, 1, 0, 60_000)).toBe(60_000);
    expect(estimatedWaitMs(0, 7, 0, 60_000)).toBe(8_571);
  });

  it('takes three minutes a contact until some were handled', () => {
    expect(UNKNOWN_HANDLE_MS).toBe(180_000);
    expect(estimatedWaitMs(0, 1, 0, undefined)).toBe(180_000);
  });

  it('lets each new contact count a tenth', () => {
    expect(smoothed(undefined, 40_000)).toBe(40_000);
    expect(smoothed(40_000, 50_000)).toBe(41_000);
  });
});

describe('a queue that nobody configured', () => {
  it('rings 20 s, leaves 30 s of wrap-up, and keeps a declined contact away for 30 s', () => {
    expect(QUEUE_DEFAULTS).toMatchObject({
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
    });
  });
});
