import { expect, it } from 'vitest';
import { retryAfterS } from './retry-after.ts';

// RFC 3261 §20.33 and its grammar (§25.1).
it.each([
  ['120', 120],
  [' 18000;duration=3600', 18_000],
  ['120 (I am in a meeting)', 120],
  ['0', 0],
  ['', undefined],
  ['soon', undefined],
  ['12x', undefined],
  ['-5', undefined],
  ['Fri, 27 Nov 2026 12:00:00 GMT', undefined],
  [undefined, undefined],
])('Retry-After %j is %j', (value, seconds) => {
  expect(retryAfterS(value)).toBe(seconds);
});
