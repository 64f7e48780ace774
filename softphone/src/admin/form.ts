import { type CompoundField, isCompound, readCompound, textsIn, writeCompound } from './compound.ts';
import type { Field } from './resources.ts';

/** A form holds text and ticks; records hold what the API takes. These two functions are the whole bridge. */
export type FormRows = Record<string, string>[];
export type FormValue = string | boolean | string[] | Record<string, string> | FormRows;
export type FormValues = Readonly<Record<string, FormValue>>;
export type Row = Readonly<Record<string, unknown>>;

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(textOf) : []);

const numberOf = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback);

export function toForm(fields: readonly Field[], row: Row | null, days: readonly string[]): FormValues {
  return Object.fromEntries(
    fields.map((field) => {
      const value = row?.[field.name];
      const shown =
        field.kind === 'levels'
          ? minutesForm(value as Row | undefined, field.fallback)
          : isCompound(field)
            ? readCompound(field, value)
            : valueOf(field, value, days);
      return [field.name, shown];
    }),
  );
}

function valueOf(
  field: Exclude<Field, CompoundField | { kind: 'levels' }>,
  value: unknown,
  days: readonly string[],
): FormValue {
  switch (field.kind) {
    case 'text':
    case 'queue':
    case 'flow':
    case 'calendar':
      return textOf(value);
    case 'secret':
      return '';
    case 'seconds':
      return secondsText(numberOf(value, field.fallback));
    case 'number':
      return field.optional === true ? textOf(value) : String(numberOf(value, field.fallback));
    case 'list':
      return textsOf(value).join(', ');
    case 'skills':
      return skillsText(value);
    case 'queues':
      return textsOf(value);
    case 'choice':
      return firstOf(textOf(value), String(field.values[0]));
    case 'flag':
      return flagOf(value, field.fallback);
    case 'week':
      return Object.fromEntries(days.map((day, index) => [day, weekText(value, day, index)]));
  }
}

const MINUTE_MS = 60_000;
const minutesForm = (
  value: Row | undefined,
  fallback: Readonly<Record<string, number>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fallback).map(([name, ms]) => [name, String(numberOf(value?.[name], ms) / MINUTE_MS)]),
  );
const minutesWire = (minutes: Record<string, string>): Row =>
  Object.fromEntries(
    Object.entries(minutes).map(([name, text]) => [name, Math.round(Number(text) * MINUTE_MS)]),
  );

const secondsText = (ms: number): string => String(ms / 1000);
const flagOf = (value: unknown, fallback: boolean): boolean =>
  typeof value === 'boolean' ? value : fallback;
const firstOf = (text: string, fallback: string): string => (text === '' ? fallback : text);
const weekText = (value: unknown, day: string, weekday: number): string =>
  value === undefined ? officeHours(weekday) : hoursText((value as Row)[day]);

/** What a new calendar starts with: from Monday to Friday. */
const officeHours = (weekday: number): string => (weekday < 5 ? '08:00-18:00' : '');

/** `[{name:"ingles",level:4}]` ↔ "ingles 4, fibra 2". */
export function skillsText(value: unknown): string {
  if (!Array.isArray(value)) return '';
  return (value as Row[]).map((skill) => `${textOf(skill['name'])} ${textOf(skill['level'])}`).join(', ');
}

/** Without a level it is 3. */
export function skillsOf(text: string): { name: string; level: number }[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [level = ''] = /(?<!\d)\d+$/.exec(part) ?? [];
      const before = part.slice(0, part.length - level.length);
      // One mark or space parts the level from the name; without it the number is part of the name.
      const name = level !== '' && /[\s:]$/.test(before) ? before.slice(0, -1).trimEnd() : '';
      return name === '' ? { name: nameOf(part), level: 3 } : { name: nameOf(name), level: Number(level) };
    });
}

const nameOf = (text: string): string => text.toLowerCase().replace(/:$/, '');

/** `[{from:"08:00",to:"12:00"}]` ↔ "08:00-12:00". */
export function hoursText(value: unknown): string {
  if (!Array.isArray(value)) return '';
  return (value as Row[]).map((span) => `${textOf(span['from'])}-${textOf(span['to'])}`).join(', ');
}

export function hoursOf(text: string): { from: string; to: string }[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [from = '', to = ''] = part.split(/[-–]/).map((time) => time.trim());
      return { from: from.padStart(5, '0'), to: to.padStart(5, '0') };
    });
}

/** The body of POST or PATCH; what is optional and empty is left out of a new record, and taken away (null) from an old one. */
export function toBody(fields: readonly Field[], values: FormValues, creating: boolean): Row {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.name];
    if ('createOnly' in field && field.createOnly && !creating) continue;
    if (value === undefined || (field.kind === 'secret' && value === '')) continue;
    const sent = isCleared(field, value) ? null : toWire(field, value);
    if (sent === undefined || (creating && sent === null && field.kind !== 'calendar')) continue;
    body[field.name] = sent;
  }
  return body;
}

/** Of a whole body what differs from the record as it was opened: nobody else's change is undone, and the trail names what was changed. */
export function changedOf(fields: readonly Field[], before: FormValues, after: FormValues): Row {
  const was = toBody(fields, before, false);
  return Object.fromEntries(
    Object.entries(toBody(fields, after, false)).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name]),
    ),
  );
}

const isCleared = (field: Field, value: FormValue): boolean =>
  'optional' in field && field.optional && textOf(value).trim() === '';

function toWire(field: Field, value: FormValue): unknown {
  if (field.kind === 'skills') return skillsOf(textOf(value));
  if (field.kind === 'levels') return minutesWire(value as Record<string, string>);
  if (isCompound(field)) return writeCompound(field, value);
  return wireOf(field, value);
}

function wireOf(
  field: Exclude<Field, CompoundField | { kind: 'skills' | 'levels' }>,
  value: FormValue,
): unknown {
  switch (field.kind) {
    case 'seconds':
      return Math.round(Number(value) * 1000);
    case 'number':
      return Number(value);
    case 'list':
      return textOf(value)
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
    case 'week':
      return Object.fromEntries(
        Object.entries(value as Record<string, string>).map(([day, text]) => [day, hoursOf(text)]),
      );
    case 'text':
      return textOf(value).trim();
    case 'calendar':
      return value === '' ? null : value;
    case 'secret':
    case 'queue':
    case 'flow':
    case 'choice':
    case 'flag':
      return value;
    case 'queues':
      return textsIn(value);
  }
}
