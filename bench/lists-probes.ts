import { customer, customerId, protocolNumber, QUEUES } from './lists-data.ts';

interface Asked {
  get(path: string): Promise<{ readonly items?: readonly unknown[] }>;
}

/** Values of every filter of every list, by parameter; a filter without any here stops the run. */
const now = Date.now();
const iso = (daysAgo: number): string => new Date(now - daysAgo * 24 * 3_600_000).toISOString();
const FILTERS: Readonly<Record<string, (n: number) => string>> = {
  state: (n) => ['queued', 'closed', 'abandoned', 'missed', 'queued,offered,active', 'inFlow'][n % 6] ?? '',
  channel: (n) => ['voice', 'email', 'whatsapp', 'sms'][n % 4] ?? '',
  queue: (n) => QUEUES[n % 4] ?? '',
  customer: (n) => customerId(n * 977),
  protocol: (n) => protocolNumber(n * 977),
  number: (n) => protocolNumber(n * 977),
  document: (n) => customer(n * 977).document,
  phone: (n) => customer(n * 977).phone,
  status: (n) => ['open', 'closed', 'answered', 'cancelled'][n % 4] ?? '',
  direction: (n) => (n % 2 === 0 ? 'inbound' : 'outbound'),
  disposition: (n) => ['resolvido', 'sem contato', 'nunca usada'][n % 3] ?? '',
  from: (n) => iso(1 + (n % 20)),
  to: (n) => iso(n % 20),
  action: (n) => ['protocol.read', 'recording.read', 'nunca.feita'][n % 3] ?? '',
  kind: (n) => (n % 2 === 0 ? 'act' : 'look'),
  actor: () => 'nobody',
  target: (n) => protocolNumber(n * 977),
  role: () => 'operator',
  order: (n) => (n % 2 === 0 ? 'newest' : 'oldest'),
};
/** Not filters: pages; or what another row measures. */
const PASSED = new Set(['limit', 'cursor', 'q', 'day', 'waitMs']);
const APART = new Set(['/api/v1/customers', '/api/v1/simulator/mailbox']);

export interface Probe {
  readonly name: string;
  readonly path: (n: number) => string;
}

/** Filters of lists that have no value here: rows 16 to 19 would not be measured. */
export function filtersWithoutValue(paths: ListPaths): string[] {
  return Object.entries(paths).flatMap(([path, { get }]) =>
    get === undefined || !isList(path)
      ? []
      : filtersOf(get)
          .filter((name) => name !== 'agent' && FILTERS[name] === undefined)
          .map((name) => `${name} of ${path}`),
  );
}

const isList = (path: string): boolean =>
  path.startsWith('/api/v1') && !path.includes('{') && !APART.has(path);

const filtersOf = ({ parameters = [] }: Operation): string[] =>
  parameters.filter((p) => p.in === 'query' && !PASSED.has(p.name)).map(({ name }) => name);

type ListPaths = Readonly<Record<string, { readonly get?: Operation }>>;

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

export async function listProbes(house: Asked): Promise<Probe[]> {
  const document = (await house.get('/api/openapi.json')) as unknown as {
    paths: ListPaths;
  };
  const agents = (await house.get('/api/v1/agents')).items as { id: string }[] | undefined;
  const values = { ...FILTERS, agent: (n: number) => agents?.[n % agents.length]?.id ?? 'nobody' };
  return Object.entries(document.paths).flatMap(([path, { get }]) =>
    get === undefined || !isList(path) ? [] : probesOf(path, get, values),
  );
}

function probesOf(path: string, get: Operation, values: typeof FILTERS): Probe[] {
  const filters = filtersOf(get);
  const make = (names: readonly string[]): Probe => ({
    name: `${path.replace('/api/v1', '')}${names.length > 0 ? `?${names.join('&')}` : ''}`,
    path: (n) =>
      `${path}?${names
        .map((name, i) => {
          const value = values[name];
          if (value === undefined) throw new Error(`no value for the filter ${name} of ${path}`);
          // The second filter changes more slowly, so that all pairs of values come.
          return `${name}=${encodeURIComponent(value(i === 0 ? n : Math.floor(n / 3)))}`;
        })
        .join('&')}`,
  });
  const pairs = filters.flatMap((a, i) => filters.slice(i + 1).map((b) => make([a, b])));
  return [make([]), ...filters.map((name) => make([name])), ...pairs];
}

const search = (name: string, text: (n: number) => string): Probe => ({
  name: `/customers?q= ${name}`,
  path: (n) => `/api/v1/customers?q=${encodeURIComponent(text(n))}`,
});
const some = (n: number) => customer((n * 9_973) % 199_000);
const spaced = (phone: string): string => phone.replace(/^\+55(..)(.....)(....)$/, '($1) $2-$3');
export const SEARCHES: readonly Probe[] = [
  search('phone +55…', (n) => some(n).phone),
  search('phone (11) 9…', (n) => spaced(some(n).phone)),
  search('phone 11…', (n) => some(n).phone.slice(3)),
  search('mail', (n) => some(n).email),
  search('login', (n) => some(n).login),
  search('contract', (n) => some(n).contract),
  search('code', (n) => some(n).externalId),
  search('document', (n) => some(n).document),
  search('document 1.2.3-4', (n) => some(n).document.replace(/(...)(...)(...)(..)/, '$1.$2.$3-$4')),
  search('name, one word', (n) => some(n).name.split(' ')[0] ?? ''),
  search('name, folded', (n) => some(n).name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()),
  search('name, two words', (n) => some(n).name.split(' ').slice(0, 2).join(' ')),
  search('name, with accents', (n) => some(n).name),
  search('two words that never meet', () => 'maria joao'),
  search('beginnings', (n) =>
    some(n)
      .name.split(' ')
      .slice(0, 2)
      .map((w) => w.slice(0, 3))
      .join(' '),
  ),
  search('beginning of a phone', (n) => some(n).phone.slice(3, 11)),
  search('beginning of a mail', (n) => some(n).email.slice(0, 9)),
  search('beginning of a login', (n) => some(n).login.slice(0, 7)),
  search('name and street', (n) => `${some(n).name.split(' ')[0] ?? ''} rosario`),
  search('nobody', (n) => `zzz${n}@nada.test`),
  search('street', () => 'rosario'),
];
