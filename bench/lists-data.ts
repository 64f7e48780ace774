import { parsePhone } from '../src/shared/br/phone.ts';
import { nameTokens } from '../src/shared/br/text.ts';
import type { Store } from '../src/platform/store/index.ts';
import { ulid } from '../src/shared/ids.ts';

/** How much a bench's house holds. */
export interface HouseSize {
  readonly customers: number;
  readonly contacts: number;
  /** Of the contacts, those that wait in a queue, all of them text: a call does not outlive the process that holds it. The others have ended. */
  readonly waiting: number;
}

type Doc = Record<string, unknown>;

const FIRST =
  'Maria José Ana João Antônio Francisca Carlos Paulo Adriana Lúcia Luiz Marcos Cláudia Fábio Inês'.split(
    ' ',
  );
const LAST =
  'Souza Silva Conceição Araújo Pereira Gonçalves Lima Ribeiro Brandão Assunção Teixeira Moura Leão Bragança'.split(
    ' ',
  );
const STREET = 'Flores Palmeiras Araújo Ipê Independência Rosário'.split(' ');
export const QUEUES = ['suporte', 'financeiro', 'retencao', 'ouvidoria'] as const;
const CHANNELS = ['voice', 'email', 'whatsapp', 'voice'] as const;
const TEXT = ['email', 'whatsapp', 'sms'] as const;
const ENDED = ['closed', 'closed', 'closed', 'closed', 'abandoned', 'missed'] as const;
const DISPOSITIONS = ['resolvido', 'sem contato', 'encaminhado'] as const;
const BATCH = 2_000;
const DAY_MS = 24 * 3_600_000;

const of = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/** The same `n` is the same person, so that a search knows what it must find. */
export function customer(n: number) {
  const document = `${String(100_000_000 + n).padStart(9, '0')}00`;
  const phone = `+55119${String(60_000_000 + n)}`;
  return {
    externalId: `E${n}`,
    name: `${of(FIRST, n)} ${of(LAST, Math.floor(n / 15))} ${of(LAST, Math.floor(n / 210))} N${n}`,
    document,
    phone,
    email: `cliente${n}@provedor.test`,
    login: `login${n}`,
    contract: `C${String(n).padStart(7, '0')}`,
  };
}

const idAt = (atMs: number, n: number): string => {
  const tail = Buffer.alloc(10);
  tail.writeUInt32BE(n, 6);
  return ulid(atMs, tail);
};
/** Spread over 60 days, the newest first in number: a quarter of them came today. */
const arrival = (n: number, count: number, nowMs: number): number =>
  n < count / 4 ? nowMs - n * 100 : nowMs - DAY_MS - Math.floor(((n - count / 4) / count) * 60 * DAY_MS);

export const customerId = (n: number): string => idAt(1_700_000_000_000, n);

function customerDoc(companyId: string, n: number): Doc {
  const { externalId, name, document, phone, email, login, contract } = customer(n);
  const address = `Rua ${of(STREET, n)}, ${n % 900}`;
  return {
    _id: customerId(n),
    companyId,
    source: 'sample',
    externalId,
    name,
    document,
    personType: 'PF',
    phones: [phone],
    phoneTails: [parsePhone(phone)?.tail],
    emails: [email],
    keys: [login, contract.toLowerCase()],
    nameTokens: nameTokens(name, 'Centro', address),
    nameWords: nameTokens(name),
    address,
    district: 'Centro',
    updatedAt: new Date(),
  };
}

export const protocolNumber = (n: number): string => `202611${String(n).padStart(10, '0')}`;

function stateOf(n: number, waiting: number, queue: string, at: Date): Doc {
  if (n < waiting)
    return {
      name: 'queued',
      waiting: { queue, priority: 0, skills: [], queuedAt: at, since: at, sticky: null, avoid: [] },
    };
  const name = of(ENDED, n);
  if (name === 'closed') return { name, closedAt: at, cause: null };
  return name === 'abandoned' ? { name, abandonedAt: at } : { name, missedAt: at, cause: 'serverLost' };
}

interface Place {
  readonly companyId: string;
  readonly agents: readonly string[];
  readonly size: HouseSize;
  readonly nowMs: number;
}

function contactDocs({ companyId, agents, size, nowMs }: Place, n: number) {
  const at = new Date(arrival(n, size.contacts, nowMs));
  const who = customer(n % size.customers);
  const channel = n < size.waiting ? of(TEXT, n) : of(CHANNELS, n);
  const queue = of(QUEUES, Math.floor(n / 7));
  const state = stateOf(n, size.waiting, queue, at);
  const served = state['name'] === 'closed';
  const id = idAt(at.getTime(), n);
  const protocol = protocolNumber(n);
  const owner = { id: customerId(n % size.customers), name: who.name };
  const agent = served ? { id: of(agents, Math.floor(n / 3)), name: 'Operador' } : null;
  const address = channel === 'email' ? who.email : who.phone;
  const contact: Doc = {
    _id: id,
    companyId,
    version: 2,
    channel,
    direction: n % 9 === 0 ? 'outbound' : 'inbound',
    contact: { address },
    to: null,
    subject: null,
    thread: channel === 'voice' ? null : `${channel}:${n}`,
    customer: owner,
    identity: 'confirmed',
    protocol,
    protocolType: 'request',
    preferredAgent: null,
    state,
    queue,
    priority: 0,
    agent,
    segments: [
      {
        queue,
        queuedAt: at,
        offeredAt: served ? at : null,
        talkAt: served ? at : null,
        endedAt: served ? at : null,
        outcome: served ? 'answered' : null,
        agentId: agent?.id ?? null,
      },
    ],
    timestamps: {
      arrivedAt: at,
      queuedAt: at,
      offeredAt: served ? at : null,
      acceptedAt: served ? at : null,
      closedAt: served ? at : null,
    },
    disposition: served ? of(DISPOSITIONS, n) : null,
    recording: false,
    holdMs: 0,
    heldSince: null,
    voided: [],
    idempotencyKey: `bench-${n}`,
    ...(n < size.waiting ? { openThread: `${channel}:${n}` } : {}),
    lastQueuedAt: at,
    outbox: [],
    pending: false,
  };
  const demand: Doc = {
    _id: `${companyId}:${protocol}`,
    number: protocol,
    companyId,
    version: 1,
    kind: 'regular',
    template: 1,
    openKey: `bench-${n}`,
    customer: owner,
    document: who.document,
    phones: [who.phone],
    type: 'request',
    subject: null,
    status: served ? 'closed' : 'open',
    openedAt: at,
    deadline: new Date(at.getTime() + 10 * DAY_MS),
    lastTouchedAt: at,
    concludedAt: served ? at : null,
    interactions: 1,
    history: [],
    reach: [`queue:${queue}`],
  };
  const message: Doc = {
    _id: id,
    companyId,
    interactionId: id,
    idempotencyKey: `bench-${n}`,
    channel,
    protocol,
    direction: 'inbound',
    author: { kind: 'customer' },
    from: address,
    to: ['suporte@exemplo.test'],
    text: 'Sem sinal desde ontem.',
    attachments: [],
    status: 'received',
    at,
  };
  const audit: Doc = {
    _id: id,
    companyId,
    at,
    actor: { kind: 'user', id: of(agents, n), name: 'Operador' },
    action: n % 2 === 0 ? 'protocol.read' : 'recording.read',
    target: { kind: 'protocol', id: protocol },
    data: {},
  };
  return { interactions: contact, protocols: demand, messages: message, audits: audit };
}

function push(parts: Map<string, Doc[]>, name: string, doc: Doc): void {
  const list = parts.get(name);
  if (list === undefined) parts.set(name, [doc]);
  else list.push(doc);
}

async function fill(
  { connection }: Store,
  count: number,
  make: (n: number) => Readonly<Record<string, Doc>>,
): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    const parts = new Map<string, Doc[]>();
    for (let n = from; n < Math.min(count, from + BATCH); n++)
      for (const [name, doc] of Object.entries(make(n))) push(parts, name, doc);
    for (const [name, docs] of parts) await connection.collection(name).insertMany(docs);
  }
}

/** Fills the store of a demo house that was started once: its company and its people are there. */
export async function fillHouse(store: Store, size: HouseSize): Promise<void> {
  const company = await store.connection.collection('companies').findOne({});
  const users = await store.connection.collection('users').find({ role: 'operator' }).toArray();
  const companyId = String(company?._id);
  const place = { companyId, agents: users.map((user) => String(user._id)), size, nowMs: Date.now() };
  await fill(store, size.customers, (n) => ({ customers: customerDoc(companyId, n) }));
  await fill(store, size.contacts, (n) => contactDocs(place, n));
}
