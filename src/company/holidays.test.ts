import { expect, it } from 'vitest';
import { brazilHolidays } from './holidays.ts';

it('knows the national holidays of Brazil, the movable ones too, and those of a state', () => {
  const national = brazilHolidays();
  for (const day of ['2026-01-01', '2026-04-03', '2026-04-21', '2026-09-07', '2026-11-20', '2026-12-25'])
    expect([day, national(day)]).toEqual([day, true]);
  expect(national('2026-11-23')).toBe(false);
  expect(national('2026-07-09')).toBe(false);
  expect(brazilHolidays('SP')('2026-07-09')).toBe(true);
});
