import type { Connection } from 'mongoose';
import { expect } from 'vitest';
import { createKeyCheck } from '../../src/access/key-check-store.ts';
import { createSecrets } from '../../src/access/secrets.ts';
import { createAccessStore } from '../../src/access/store.ts';
import { createAgentStore } from '../../src/agents/index.ts';
import { createMailStore } from '../../src/channels/email/store.ts';
import { createCompanyStore } from '../../src/company/store.ts';
import { createCustomerStore } from '../../src/customers/store.ts';
import { createInteractionStore, type ListFilter } from '../../src/interactions/index.ts';
import { createProtocolStore, type ProtocolFilter } from '../../src/protocols/index.ts';
import { createQueueStore } from '../../src/queue/index.ts';
import type { CompanyId } from '../../src/shared/ids.ts';

/** Every collection holds more than MOST documents that a query without its index would look at in vain. */
export const ROWS = 1_500;
export const MOST = 1_000;
export const C = 'c1' as CompanyId;
export const at = new Date('2026-11-26T12:00:00Z');

export const id = (n: number): string => `01K${String(n).padStart(23, '0')}`;
const common = (n: number) => ({ _id: id(n), companyId: C, at, status: 'received' });
export const DOCS: Readonly<Record<string, (n: number) => Record<string, unknown>>> = {
  interactions: (n) => ({
    ...common(n),
    idempotencyKey: id(n),
    channel: 'voice',
    direction: 'inbound',
    queue: 'a',
    protocol: id(n),
    contact: { address: 'anonymous' },
    customer: null,
    agent: { id: 'ana', name: 'Ana' },
    state: { name: 'closed' },
    timestamps: { arrivedAt: at, queuedAt: at, acceptedAt: null },
    lastQueuedAt: at,
    disposition: 'resolvido',
    thread: 'x',
    pending: false,
  }),
  messages: (n) => ({
    ...common(n),
    idempotencyKey: id(n),
    interactionId: id(n),
    undelivered: true,
    reach: ['queue:a'],
  }),
  journal: (n) => ({ ...common(n), interactionId: id(n) }),
  protocols: (n) => ({
    ...common(n),
    number: id(n),
    openKey: id(n),
    status: 'closed',
    phones: ['1'],
    document: '1',
    reach: ['queue:a'],
  }),
  customers: (n) => ({
    ...common(n),
    source: 's',
    externalId: id(n),
    document: id(n),
    emails: [],
    keys: [],
    phoneTails: [],
    phones: [],
    nameTokens: ['maria', 'silva', `w${n}`],
    nameWords: ['maria', 'silva', `w${n}`],
  }),
  users: (n) => ({ ...common(n), username: id(n), role: 'operator', active: true }),
  sessions: (n) => ({ ...common(n), userId: id(n), lastSeenAt: at }),
  apikeys: (n) => ({ ...common(n), fingerprint: id(n) }),
  audits: (n) => ({ ...common(n), action: 'a', kind: 'look', actor: { id: 'ana' }, target: { id: 't' } }),
  sipcredentials: (n) => ({ ...common(n), userId: id(n), username: 'ana', expiresAt: at }),
  mails: (n) => ({
    ...common(n),
    dedupKey: id(n),
    mailbox: 'm',
    sender: 's',
    senderKey: 's',
    subjectKey: 'k',
    direction: 'inbound',
    thread: 't',
    protocol: 'p',
    status: 'imported',
  }),
  outbox: (n) => ({ ...common(n), key: id(n), to: 'x', mailbox: 'm', status: 'sent' }),
  mailAttachments: (n) => ({ ...common(n), interactionId: 'i', uploadedBy: null, file: id(n) }),
  uploadCounts: (n) => ({ _id: id(n), files: 1, bytes: 1, at }),
  mailSweeps: (n) => ({ _id: id(n), folder: '01K00' }),
  mailboxes: (n) => ({ ...common(n), address: `${id(n)}@x.test`, active: true }),
  protocolCounters: (n) => ({ ...common(n), month: id(n), kind: 'regular', used: 1 }),
  agents: (n) => ({ ...common(n), version: 1 }),
  queues: (n) => ({ ...common(n), key: id(n), version: 1 }),
  companies: (n) => ({ ...common(n), key: id(n) }),
  dids: (n) => ({ ...common(n), number: id(n) }),
  trunks: common,
  calendars: (n) => ({ ...common(n), key: id(n) }),
  loginlocks: (n) => ({ ...common(n), name: 'n', attempts: [at], touchedAt: at }),
  knownaddresses: common,
  setuptokens: (n) => ({ ...common(n), createdAt: at }),
  keychecks: (n) => ({ ...common(n), sealed: 'x' }),
  jobs: (n) => ({
    _id: `other:${id(n)}`,
    name: 'other',
    key: id(n),
    payload: 'null',
    state: ['waiting', 'done', 'failed'][n % 3],
    at: new Date('2099-01-01'),
    attempt: 0,
    attempts: 5,
    backoffMs: 1_000,
  }),
};

/** Every combination of one or two of these. */
export function pairs<T extends object>(fields: T): Partial<T>[] {
  const names = Object.keys(fields) as (keyof T)[];
  const pick = (...chosen: (keyof T)[]): Partial<T> =>
    Object.fromEntries(chosen.map((name) => [name, fields[name]])) as Partial<T>;
  return [{}, ...names.flatMap((a, i) => [pick(a), ...names.slice(i + 1).map((b) => pick(a, b))])];
}

export const contactFilters = pairs<ListFilter>({
  states: ['queued'],
  channel: 'sms',
  queue: 'b',
  customerId: 'nobody',
  protocol: 'none',
  agentId: 'bruno',
  disposition: 'never',
  direction: 'outbound',
  from: new Date('2027-01-01'),
  to: new Date('2001-01-01'),
});
/** What there is much of, with what there is none of. */
export const crossed: ListFilter[] = [
  { queue: 'a', channel: 'sms' },
  { states: ['closed'], channel: 'email' },
  { agentId: 'ana', states: ['queued', 'missed'] },
  { agentId: 'ana', queue: 'b' },
  { disposition: 'resolvido', channel: 'sms' },
  { disposition: 'resolvido', queue: 'b' },
  { disposition: 'resolvido', agentId: 'bruno' },
  { disposition: 'resolvido', states: ['queued'] },
  { queue: 'a', direction: 'outbound', states: ['closed'] },
];
export const protocolFilters = pairs<ProtocolFilter>({
  number: 'none',
  document: '2',
  phone: '2',
  status: 'open',
  customerId: 'nobody',
});

/** Files of src that ask the store, and what stands here for them; a file that is not here fails the walk of the source. */
export const ASKING: Readonly<Record<string, readonly string[]>> = {
  'access/key-check-store.ts': ['keyCheck'],
  'access/store.ts': ['users', 'sessions', 'apiKeys', 'audit', 'sip', 'locks', 'known', 'setup'],
  'agents/store.ts': ['agents'],
  'channels/email/store.ts': ['mail'],
  // A part of that one.
  'channels/email/upload-store.ts': [],
  'company/store.ts': ['companies', 'dids', 'trunks', 'calendars'],
  'customers/store.ts': ['customers'],
  // Parts of the next one.
  'interactions/message-store.ts': [],
  'interactions/stays-store.ts': [],
  'interactions/store.ts': ['contacts'],
  // A class that asks by itself: started, run and stopped instead of asked.
  'platform/jobs/embedded.ts': [],
  'protocols/store.ts': ['protocols'],
  'queue/store.ts': ['queues'],
};

type Module = Readonly<Record<string, unknown>>;

export function createModules(connection: Connection): Readonly<Record<string, Module>> {
  const { companies, dids, trunks, calendars } = createCompanyStore(connection);
  return {
    ...createAccessStore(connection),
    companies,
    dids: { ...dids },
    trunks: { ...trunks },
    calendars: { ...calendars },
    keyCheck: { ...createKeyCheck(connection, createSecrets('k'.repeat(44))) },
    agents: { ...createAgentStore(connection) },
    contacts: { ...createInteractionStore(connection) },
    customers: createCustomerStore(connection),
    mail: createMailStore(connection),
    protocols: { ...createProtocolStore(connection) },
    queues: { ...createQueueStore(connection) },
  };
}

/** Makes one document of its own: it asks nothing. */
const MAKES = /^(insert|inOrder$)/;

/** Asks every function of a module; a missing one fails, and so does one that reads what it does not give. */
export async function walk(
  name: string,
  target: Module | undefined,
  calls: Readonly<Record<string, readonly (readonly unknown[])[]>>,
): Promise<void> {
  const asked = Object.keys(target ?? {}).filter((method) => !MAKES.test(method));
  expect(Object.keys(calls).sort(), `each question of ${name} is asked here`).toEqual(asked.sort());
  for (const [method, list] of Object.entries(calls))
    for (const args of list)
      await expect(
        (target?.[method] as (...args: readonly unknown[]) => Promise<unknown>)(...args),
        `${name}.${method} ${JSON.stringify(args)}`,
      ).resolves.not.toThrow();
}
