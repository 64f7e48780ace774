/** Opening hours of one calendar, in the company's time zone. */
export interface OpenInterval {
  /** HH:MM, 00:00 to 23:59. */
  readonly from: string;
  /** HH:MM, later than `from`; 24:00 is the end of the day. */
  readonly to: string;
}

export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface SpecialDay {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly name: string;
  /** Hours of this day; empty: closed. Wins over weekday and holiday. */
  readonly hours: readonly OpenInterval[];
}

export interface CalendarRules {
  readonly weekly: Readonly<Record<Weekday, readonly OpenInterval[]>>;
  readonly specialDays: readonly SpecialDay[];
  /** Closed on public holidays, as the caller's lookup knows them. */
  readonly closedOnHolidays: boolean;
}

/** Is this local date (YYYY-MM-DD) a public holiday? */
export type HolidayLookup = (date: string) => boolean;

export const ALWAYS: CalendarRules = {
  weekly: Object.fromEntries(
    WEEKDAYS.map((day) => [day, [{ from: '00:00', to: '24:00' }]]),
  ) as unknown as Record<Weekday, readonly OpenInterval[]>,
  specialDays: [],
  closedOnHolidays: false,
};

interface LocalTime {
  readonly date: string;
  readonly minutes: number;
}

/** Wall clock of an instant (ms since the epoch) in an IANA time zone. */
export function localTime(instant: number, timeZone: string): LocalTime {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(instant);
  const part = (type: string): string => parts.find((p) => p.type === type)?.value ?? '0';
  return {
    date: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

/** The instant of a wall clock time; a time that summer time skips is taken an hour later, a doubled one first. */
export function instantOf(date: string, minutes: number, timeZone: string): number {
  const wanted = Date.parse(`${date}T00:00:00Z`) + minutes * 60_000;
  // The offset of the guess is right except near a change of it; the second look settles that.
  const first = wanted - offsetMs(wanted, timeZone);
  const second = wanted - offsetMs(first, timeZone);
  return second + offsetMs(second, timeZone) === wanted ? second : Math.max(first, second);
}

function offsetMs(instant: number, timeZone: string): number {
  const local = localTime(instant, timeZone);
  const whole = Math.floor(instant / 60_000) * 60_000;
  return Date.parse(`${local.date}T00:00:00Z`) + local.minutes * 60_000 - whole;
}

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** Open intervals of one local date. */
export function hoursOn(rules: CalendarRules, date: string, holiday: HolidayLookup): readonly OpenInterval[] {
  const special = rules.specialDays.find((day) => day.date === date);
  if (special !== undefined) return special.hours;
  if (rules.closedOnHolidays && holiday(date)) return [];
  const weekday = WEEKDAYS[new Date(`${date}T12:00:00Z`).getUTCDay()] ?? 'sunday';
  return rules.weekly[weekday];
}

/** Bounds: open at `from`, closed at `to`. */
export function isOpen(
  rules: CalendarRules,
  instant: number,
  timeZone: string,
  holiday: HolidayLookup,
): boolean {
  const { date, minutes } = localTime(instant, timeZone);
  return hoursOn(rules, date, holiday).some(
    (interval) => minutesOf(interval.from) <= minutes && minutes < minutesOf(interval.to),
  );
}

/** The next instant at which the calendar opens (strictly later), or undefined when it stays closed for a year. */
export function nextOpening(
  rules: CalendarRules,
  instant: number,
  timeZone: string,
  holiday: HolidayLookup,
): number | undefined {
  const start = localTime(instant, timeZone).date;
  for (let day = 0; day <= 366; day++) {
    const date = addDays(start, day);
    const openings = hoursOn(rules, date, holiday)
      .map((interval) => instantOf(date, minutesOf(interval.from), timeZone))
      .filter((at) => at > instant)
      .sort((a, b) => a - b);
    if (openings[0] !== undefined) return openings[0];
  }
  return undefined;
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export type CalendarFault = 'time' | 'order' | 'overlap' | 'date';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Why hours are refused: a bad time, an end before its start, or two that overlap. */
export function hoursFault(hours: readonly OpenInterval[]): CalendarFault | undefined {
  let end = -1;
  for (const interval of [...hours].sort((a, b) => a.from.localeCompare(b.from))) {
    if (!TIME.test(interval.from) || !(TIME.test(interval.to) || interval.to === '24:00')) return 'time';
    if (minutesOf(interval.from) >= minutesOf(interval.to)) return 'order';
    if (minutesOf(interval.from) < end) return 'overlap';
    end = minutesOf(interval.to);
  }
  return undefined;
}
