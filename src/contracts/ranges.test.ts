import { describe, expect, it } from 'vitest';
import { DIALING_PREFIX, ranges, whole } from './ranges.ts';

describe('a setting that is a number', () => {
  it.each(Object.entries(ranges))('%s is a whole one, up to both ends of its range', (_name, range) => {
    const { min, max } = range;
    const takes = (value: unknown): boolean => whole(range).safeParse(value).success;
    for (const value of [min, min + 1, max - 1, max]) expect(takes(value)).toBe(true);
    for (const value of [min - 1, max + 1, min + 0.5, NaN, Infinity, String(min), null])
      expect(takes(value)).toBe(false);
  });
});

it('the beginning of an international number has 1 to 15 digits (E.164), the first no 0', () => {
  for (const one of ['+1', '+55', '+5511', `+${'9'.repeat(15)}`]) expect(DIALING_PREFIX.test(one)).toBe(true);
  for (const one of ['', '+', '55', '+0', '+055', `+${'9'.repeat(16)}`, '+55 11', '+55\n', 'x+55'])
    expect(DIALING_PREFIX.test(one)).toBe(false);
});
