import { describe, expect, it } from 'vitest';
import {
  ALWAYS,
  type CalendarRules,
  hoursFault,
  instantOf,
  isOpen,
  nextOpening,
  WEEKDAYS,
} from './calendar.ts';
import { matchDid } from './did.ts';

const SAO_PAULO = 'America/Sao_Paulo';
const business: CalendarRules = {
  weekly: {
    ...(Object.fromEntries(
      WEEKDAYS.map((day) => [
        day,
        [
          { from: '08:00', to: '12:00' },
          { from: '13:00', to: '18:00' },
        ],
      ]),
    ) as unknown as CalendarRules['weekly']),
    saturday: [{ from: '08:00', to: '12:00' }],
    sunday: [],
  },
  specialDays: [
    { date: '2026-12-24', name: 'Véspera', hours: [{ from: '08:00', to: '11:00' }] },
    { date: '2026-12-31', name: 'Fechado', hours: [] },
  ],
  closedOnHolidays: true,
};
const holiday = (date: string): boolean => date === '2026-12-25' || date === '2027-01-01';
const local = (text: string): number => Date.parse(`${text}:00-03:00`);

describe('calendar', () => {
  it.each([
    ['2026-11-23T07:59', false],
    ['2026-11-23T08:00', true],
    ['2026-11-23T11:59', true],
    ['2026-11-23T12:00', false],
    ['2026-11-23T17:59', true],
    ['2026-11-23T18:00', false],
    ['2026-11-28T11:00', true],
    ['2026-11-28T13:00', false],
    ['2026-11-29T10:00', false],
    ['2026-12-24T10:59', true],
    ['2026-12-24T11:00', false],
    ['2026-12-25T10:00', false],
    ['2026-12-31T10:00', false],
  ])('on Mondays to Fridays 8 to 18 with a lunch break: %s is open: %s', (at, open) => {
    expect(isOpen(business, local(at), SAO_PAULO, holiday)).toBe(open);
  });

  it('is open at every minute when it is always open', () => {
    for (let i = 0; i < 2000; i++)
      expect(isOpen(ALWAYS, local('2026-12-24T00:00') + i * 7_777_777, SAO_PAULO, holiday)).toBe(true);
  });

  it.each([
    ['2026-11-23T07:00', '2026-11-23T08:00'],
    ['2026-11-23T09:00', '2026-11-23T13:00'],
    ['2026-11-27T19:00', '2026-11-28T08:00'],
    ['2026-11-28T12:00', '2026-11-30T08:00'],
    ['2026-12-24T12:00', '2026-12-26T08:00'],
    ['2026-12-30T20:00', '2027-01-02T08:00'],
  ])('after %s it opens at %s', (at, next) => {
    expect(nextOpening(business, local(at), SAO_PAULO, holiday)).toBe(local(next));
  });

  it('never opens when it has no hours', () => {
    const never = {
      ...ALWAYS,
      weekly: Object.fromEntries(WEEKDAYS.map((day) => [day, []])) as unknown as CalendarRules['weekly'],
    };
    expect(nextOpening(never, local('2026-11-23T07:00'), SAO_PAULO, holiday)).toBeUndefined();
  });

  it('knows wall clocks around a change of summer time', () => {
    const newYork = 'America/New_York';
    // 2026-03-08 02:30 does not exist there, 2026-11-01 01:30 exists twice.
    expect(new Date(instantOf('2026-03-08', 150, newYork)).toISOString()).toBe('2026-03-08T07:30:00.000Z');
    expect(new Date(instantOf('2026-03-08', 240, newYork)).toISOString()).toBe('2026-03-08T08:00:00.000Z');
    expect(new Date(instantOf('2026-11-01', 480, newYork)).toISOString()).toBe('2026-11-01T13:00:00.000Z');
  });

  it('names bad hours', () => {
    expect(hoursFault([{ from: '08:00', to: '12:00' }])).toBeUndefined();
    expect(hoursFault([{ from: '8:00', to: '12:00' }])).toBe('time');
    expect(hoursFault([{ from: '12:00', to: '08:00' }])).toBe('order');
    expect(
      hoursFault([
        { from: '08:00', to: '12:00' },
        { from: '11:00', to: '13:00' },
      ]),
    ).toBe('overlap');
  });
});

describe('called number', () => {
  const dids = [
    { number: '+551140004000' },
    { number: '+551140004001' },
    { number: '+552140004001' },
    { number: '+5511987650000' },
    { number: '08001234567' },
    { number: '40031234' },
  ];
  it.each([
    ['+551140004000', '+551140004000'],
    ['551140004000', '+551140004000'],
    ['01140004000', '+551140004000'],
    ['1140004000', '+551140004000'],
    ['40004000', '+551140004000'],
    ['40004001', undefined],
    ['1140004001', '+551140004001'],
    ['0151140004000', '+551140004000'],
    ['0 15 11 4000-4000', '+551140004000'],
    ['0215511 40004000', '+551140004000'],
    ['21551140004000', '+551140004000'],
    ['00551140004000', '+551140004000'],
    ['+55 (011) 4000-4000', '+551140004000'],
    ['01521987650000', undefined],
    ['0151187650000', '+5511987650000'], // without the ninth digit
    ['08001234567', '08001234567'],
    ['8001234567', '08001234567'],
    ['+558001234567', '08001234567'],
    ['40031234', '40031234'],
    ['1140031234', '40031234'],
    ['4000', undefined],
    ['abc', undefined],
    ['5511400040009', undefined],
  ])('%s is %s', (called, number) => {
    expect(matchDid(dids, called)?.number).toBe(number);
  });
});
