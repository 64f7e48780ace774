import Holidays from 'date-holidays';
import type { HolidayLookup } from './domain/calendar.ts';

/** National public holidays of Brazil and, with `state` (e.g. SP), of that state; each year is computed once. */
export function brazilHolidays(state?: string): HolidayLookup {
  const source = state === undefined ? new Holidays('BR') : new Holidays('BR', state);
  const years = new Map<number, ReadonlySet<string>>();
  return (date) => {
    const year = Number(date.slice(0, 4));
    let days = years.get(year);
    if (days === undefined) {
      days = new Set(
        source
          .getHolidays(year)
          .filter((holiday) => holiday.type === 'public')
          .map((holiday) => holiday.date.slice(0, 10)),
      );
      years.set(year, days);
    }
    return days.has(date);
  };
}
