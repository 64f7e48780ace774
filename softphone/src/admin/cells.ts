import type { Dictionary } from '../i18n/index.ts';
import { queueName, type Queue } from '../session/queues.ts';
import { phoneText } from '../ui/format.ts';
import { hoursText, weekdays, type Row } from './form.ts';
import type { Field } from './resources.ts';

/** What keys in a row are called. */
export interface CellNames {
  readonly queues: readonly Queue[];
  readonly calendars: readonly { readonly key: string; readonly name: string }[];
}

/** One value of a row as its column shows it: names in place of keys, words in place of codes. */
export function cellText(
  t: Dictionary,
  names: CellNames,
  name: string,
  kind: Field['kind'] | undefined,
  value: unknown,
): string {
  switch (kind) {
    case 'queues':
      return listed(value, (key) => queueName(names.queues, key));
    case 'queue':
      return typeof value === 'string' ? queueName(names.queues, value) : '—';
    case 'calendar':
      return calendarText(t, names, value);
    case 'choice':
      return t.admin.values[String(value)] ?? plain(value);
    case 'week':
      return weekText(t, value);
    default:
      return name.endsWith('Ms') && typeof value === 'number' ? `${String(value / 1000)} s` : plain(value);
  }
}

/** Without a calendar a queue is always open. A calendar that the list does not have is told by its key. */
function calendarText(t: Dictionary, { calendars }: CellNames, value: unknown): string {
  if (typeof value !== 'string' || value === '') return t.admin.always;
  return calendars.find(({ key }) => key === value)?.name ?? value;
}

/** "Seg–Sex 08:00-18:00 · Sáb 08:00-12:00": days that follow each other with the same hours are told once. */
function weekText(t: Dictionary, value: unknown): string {
  if (typeof value !== 'object' || value === null) return '—';
  const spans: { from: string; to: string; hours: string }[] = [];
  let open: (typeof spans)[number] | undefined;
  for (const day of weekdays) {
    const hours = hoursText((value as Row)[day]);
    const short = t.admin.days[day].slice(0, 3);
    if (hours !== '' && open?.hours === hours) open.to = short;
    else {
      open = hours === '' ? undefined : { from: short, to: short, hours };
      if (open !== undefined) spans.push(open);
    }
  }
  if (spans.length === 0) return t.admin.closed;
  return spans.map(({ from, to, hours }) => `${from === to ? from : `${from}–${to}`} ${hours}`).join(' · ');
}

const listed = (value: unknown, called: (one: string) => string): string =>
  Array.isArray(value) && value.length > 0 ? value.map((one) => called(String(one))).join(', ') : '—';

function plain(value: unknown): string {
  if (Array.isArray(value)) return listed(value, (one) => one);
  if (typeof value === 'string') return phoneText(value);
  return typeof value === 'number' ? String(value) : '—';
}

/** What the row itself is called: its name, or the number or address that stands for one. */
export function nameOfRow(row: Row): string {
  const [name] = [row['name'], row['number'], row['address'], row['key']].filter(
    (value) => typeof value === 'string' && value !== '',
  );
  return plain(name);
}
