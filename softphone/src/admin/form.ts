import type { Field } from './resources.ts';

/** A form holds text and ticks; records hold what the API takes. These two functions are the whole bridge. */
export type FormValue = string | boolean | string[] | Record<string, string>;
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
  return Object.fromEntries(fields.map((field) => [field.name, valueOf(field, row?.[field.name], days)]));
}

function valueOf(field: Field, value: unknown, days: readonly string[]): FormValue {
  switch (field.kind) {
    case 'text':
    case 'queue':
    case 'calendar':
      return textOf(value);
    case 'digest':
      return digestForm(value as Row | undefined);
    case 'secret':
      return '';
    case 'seconds':
      return String(numberOf(value, field.fallback) / 1000);
    case 'number':
      return String(numberOf(value, field.fallback));
    case 'list':
      return textsOf(value).join(', ');
    case 'queues':
      return textsOf(value);
    case 'choice':
      return textOf(value) || String(field.values[0]);
    case 'flag':
      return typeof value === 'boolean' ? value : field.fallback;
    case 'week':
      return Object.fromEntries(
        days.map((day, index) => [
          day,
          value === undefined ? officeHours(index) : hoursText((value as Row)[day]),
        ]),
      );
  }
}

function digestForm(digest: Row | undefined): Record<string, string> {
  const username = textOf(digest?.['username']);
  return { username, stored: username, password: '' };
}

const digestWire = ({ username = '', password = '' }: Record<string, string>): Row => ({
  username: username.trim(),
  password,
});

/** What a new calendar starts with: from Monday to Friday. */
const officeHours = (weekday: number): string => (weekday < 5 ? '08:00-18:00' : '');

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
      const [from = '', to = ''] = part.split(/\s*[-–]\s*/);
      return { from: from.padStart(5, '0'), to: to.padStart(5, '0') };
    });
}

/** The body of POST or PATCH; an optional text that is empty is left out of a new record, and taken away (null) from an old one. */
export function toBody(fields: readonly Field[], values: FormValues, creating: boolean): Row {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.name];
    if ('createOnly' in field && field.createOnly && !creating) continue;
    if (field.kind === 'secret' && value === '') continue;
    if (isCleared(field, value)) {
      if (!creating) body[field.name] = null;
      continue;
    }
    // Without a password the stored pair stays: the server never tells it.
    if (field.kind === 'digest' && (value as Row)['password'] === '') continue;
    if (value !== undefined) body[field.name] = wireOf(field, value);
  }
  return body;
}

/** An optional text without words, or credentials of which the name was taken out. */
function isCleared(field: Field, value: FormValue | undefined): boolean {
  if (field.kind === 'text') return field.optional === true && textOf(value).trim() === '';
  if (field.kind !== 'digest') return false;
  const pair = value as Row;
  return textOf(pair['stored']) !== '' && textOf(pair['username']).trim() === '';
}

function wireOf(field: Field, value: FormValue): unknown {
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
    case 'digest':
      return digestWire(value as Record<string, string>);
    case 'secret':
    case 'queue':
    case 'queues':
    case 'choice':
    case 'flag':
      return value;
  }
}
