import { fold } from '../../../src/shared/br/text.ts';
import type { Dictionary } from '../i18n/index.ts';
import { queueName, type Queue } from '../session/queues.ts';

/** What ids in a line of the audit log are called. */
export interface Names {
  readonly queues: readonly Queue[];
  readonly people: Readonly<Record<string, { readonly name: string }>>;
}

const QUEUES: ReadonlySet<string> = new Set(['queue', 'queues', 'instead']);
const PEOPLE: ReadonlySet<string> = new Set(['agent', 'agentId', 'administrator']);

/** The facts of a line in words: names of people, queues and fields in place of their ids and keys; the rest as it stands. */
export function auditDetails(t: Dictionary, names: Names, data: Readonly<Record<string, unknown>>): string {
  return Object.entries(data)
    .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${t.audit.data[name] ?? name}: ${wordsOf(t, names, name, value)}`)
    .join(' · ');
}

function wordsOf(t: Dictionary, names: Names, name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => wordsOf(t, names, name, one)).join(', ');
  if (typeof value === 'boolean') return value ? t.audit.yes : t.audit.no;
  if (name === 'to' && isTarget(value))
    return wordsOf(t, names, value.type === 'queue' ? 'queue' : 'agent', value.id);
  return typeof value === 'string' ? called(t, names, name, value) : JSON.stringify(value);
}

/** What people call the thing with this id or key. */
function called(t: Dictionary, names: Names, name: string, value: string): string {
  if (QUEUES.has(name)) return queueName(names.queues, value);
  if (PEOPLE.has(name)) return names.people[value]?.name ?? value;
  return wordsFor(t, name)?.[value] ?? (name === 'disposition' ? t.finish.disposition(value) : value);
}

/** What values of a fact are called; undefined: they stand as they are. */
function wordsFor(t: Dictionary, name: string): Readonly<Record<string, string>> | undefined {
  switch (name) {
    case 'fields':
      return t.admin.fields;
    case 'role':
      return t.admin.values;
    case 'mode':
      return t.audit.modes;
    case 'kind':
      return t.audit.kinds;
    case 'code':
      return t.errors.byCode;
    case 'scopes':
      return t.apiKeys.words;
    case 'channel':
      return t.channels;
    case 'state':
      return { ...t.states, ...t.audit.presences };
    default:
      return undefined;
  }
}

const isTarget = (value: unknown): value is { readonly type: string; readonly id: string } =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  typeof value.type === 'string' &&
  'id' in value &&
  typeof value.id === 'string';

/** What the log is searched for: the id of the queue or person of this name, whatever its case and accents; else what was typed. */
export function targetOf({ queues, people }: Names, typed: string): string {
  const wanted = fold(typed.trim());
  const named = [
    ...queues.map(({ key, name }) => ({ id: key, name })),
    ...Object.entries(people).map(([id, { name }]) => ({ id, name })),
  ];
  return named.find(({ name }) => fold(name) === wanted)?.id ?? typed.trim();
}
