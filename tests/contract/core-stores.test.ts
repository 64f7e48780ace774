import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgentStore, type AgentStore } from '../../src/agents/index.ts';
import {
  createInteractionStore,
  type Interaction,
  type InteractionStore,
  type OutboxEntry,
} from '../../src/interactions/index.ts';
import { openStore, type Store } from '../../src/platform/store/index.ts';
import { lastQueued } from '../../src/platform/store/migrations/last-queued.ts';
import { createQueueStore, QUEUE_DEFAULTS } from '../../src/queue/index.ts';
import { availableAgent } from '../support/available-agent.ts';
import { arrivingContact } from '../support/arriving.ts';
import type { AgentId, CompanyId, InteractionId } from '../../src/shared/ids.ts';

const AT = new Date('2026-11-23T12:00:00Z');
const COMPANY = 'exemplo' as CompanyId;
let store: Store;
let dataDir: string;
let agents: AgentStore;
let contacts: InteractionStore;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ramal-core-stores-'));
  store = await openStore({ kind: 'embedded', dataDir });
  agents = createAgentStore(store.connection);
  contacts = createInteractionStore(store.connection);
  await store.ensureIndexes();
});
afterAll(async () => {
  await store.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const agent = availableAgent(AT, { companyId: COMPANY, skills: { ingles: 2 } });
const contact = arrivingContact(AT, {
  companyId: COMPANY,
  channel: 'whatsapp',
  thread: 'whatsapp:+5511987654321',
});
const entry = (version: number): OutboxEntry => ({
  version,
  at: AT,
  line: { kind: 'x', actor: { kind: 'system' }, data: {} },
  effects: [],
});

describe('the names of queues', () => {
  it('are unique in a company, whatever their case, accents and spaces; what had no name of its own stays as it is', async () => {
    const queues = createQueueStore(store.connection);
    const queue = { ...QUEUE_DEFAULTS, companyId: COMPANY, key: 'a', name: 'Cobrança Nova', version: 1 };
    const earlier = ['x', 'y'].map((key) => ({ ...queue, _id: `antiga:${key}`, companyId: 'antiga', key }));
    for (const one of earlier) await store.connection.collection('queues').insertOne(one as never);
    await store.ensureIndexes();
    expect((await queues.all()).filter(({ companyId }) => companyId === 'antiga')).toHaveLength(2);
    expect(await queues.insert(queue)).toBe('inserted');
    expect(await queues.insert({ ...queue, key: 'b', name: 'cobranca  nova ' })).toBe('duplicate');
    expect(await queues.insert({ ...queue, companyId: 'outra', name: 'COBRANÇA NOVA' })).toBe('inserted');
    expect(await queues.insert({ ...queue, key: 'b', name: 'Vendas' })).toBe('inserted');
    const renamed = { ...queue, key: 'b', name: 'Cobranca nova', version: 2 };
    await expect(queues.replace(1, renamed, true)).rejects.toMatchObject({ code: 'queue.nameTaken' });
    expect(await queues.replace(1, renamed)).toBe(true);
    expect(await queues.replace(1, renamed)).toBe(false);
    expect((await queues.all()).find(({ key }) => key === 'b')).toEqual(renamed);
  });
});

describe("the compare-and-set of the operators' store", () => {
  it('writes over the version that was read, and over no other', async () => {
    expect(await agents.insert(agent)).toBe('inserted');
    expect(await agents.insert({ ...agent, name: 'Outra' })).toBe('duplicate');
    const first = { ...agent, version: 2, turn: 1, lostAt: AT, callReturnedAt: AT };
    const late = { ...agent, version: 2, turn: 9 };
    expect(await agents.replace(1, first)).toBe(true);
    expect(await agents.replace(1, late)).toBe(false);
    expect(await agents.load(COMPANY, agent.id)).toEqual(first);
    expect(await agents.replace(2, { ...first, id: 'nobody' as AgentId, version: 3 })).toBe(false);
    expect(await agents.load('another' as CompanyId, agent.id)).toBeNull();
  });

  it('lets one of two at the same moment win', async () => {
    const racer = { ...agent, id: 'bia' as AgentId };
    await agents.insert(racer);
    const won = await Promise.all([1, 2, 3].map((turn) => agents.replace(1, { ...racer, version: 2, turn })));
    expect(won.filter(Boolean)).toHaveLength(1);
  });
});

describe("the compare-and-set of the contacts' store", () => {
  it('writes the state, the entry of the outbox and the open thread together, over the version that was read', async () => {
    expect(await contacts.insert({ interaction: contact, idempotencyKey: 'k1', outbox: [] })).toBe(
      'inserted',
    );
    expect(await contacts.unsettled()).toEqual([]);
    const queued: Interaction = { ...contact, version: 2, queue: 'suporte', priority: 1 };
    expect(await contacts.replace(1, queued, entry(2))).toBe(true);
    expect(await contacts.replace(1, { ...queued, queue: 'vendas' }, entry(2))).toBe(false);
    expect(await contacts.load(COMPANY, contact.id)).toEqual({
      interaction: queued,
      idempotencyKey: 'k1',
      outbox: [entry(2)],
    });
    expect((await contacts.unsettled()).map(({ id }) => id)).toEqual([contact.id]);
    expect(await contacts.byOpenThread(COMPANY, 'whatsapp:+5511987654321')).toEqual(queued);
    expect(await contacts.settle(contact.id, 1, [])).toBe(false);
    expect(await contacts.settle(contact.id, 2, [])).toBe(true);
    expect(await contacts.unsettled()).toEqual([]);
    const closed: Interaction = {
      ...queued,
      version: 3,
      state: { name: 'closed', closedAt: AT, cause: null },
    };
    expect(await contacts.replace(2, { ...closed, id: 'nobody' as InteractionId }, entry(3))).toBe(false);
    expect(await contacts.replace(2, closed, entry(3))).toBe(true);
    expect(await contacts.byOpenThread(COMPANY, 'whatsapp:+5511987654321')).toBeNull();
    // The thread is free: the next message opens a contact of its own.
    const next = { ...contact, id: 'i2' as InteractionId };
    expect(await contacts.insert({ interaction: next, idempotencyKey: 'k2', outbox: [] })).toBe('inserted');
    const twin = { ...contact, id: 'i3' as InteractionId };
    expect(await contacts.insert({ interaction: twin, idempotencyKey: 'k3', outbox: [] })).toBe('duplicate');
  });

  it('lets one of several at the same moment win, with its entry only', async () => {
    const racer = { ...contact, id: 'i9' as InteractionId, thread: null };
    await contacts.insert({ interaction: racer, idempotencyKey: 'k9', outbox: [] });
    const won = await Promise.all(
      [1, 2, 3].map((priority) => contacts.replace(1, { ...racer, version: 2, priority }, entry(2))),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await contacts.load(COMPANY, racer.id))?.outbox).toHaveLength(1);
  });
});

describe('stays of a day, for the figures', () => {
  const NIGHT = new Date('2026-12-01T00:00:00Z');
  const minutes = (n: number): Date => new Date(NIGHT.getTime() + n * 60_000);
  const stays = (...at: Date[]): Interaction['segments'] =>
    at.map((queuedAt) => ({
      queue: 'suporte',
      queuedAt,
      offeredAt: null,
      talkAt: null,
      endedAt: null,
      outcome: null,
      agentId: null,
    }));
  const insert = (id: string, ...at: Date[]): Promise<unknown> =>
    contacts.insert({
      interaction: { ...contact, id: id as InteractionId, thread: null, segments: stays(...at) },
      idempotencyKey: id,
      outbox: [],
    });
  const ids = async (turn: Parameters<InteractionStore['staysSince']>[2]): Promise<string[]> =>
    (await contacts.staysSince(COMPANY, NIGHT, turn)).map(({ id }) => id);

  it('come by the begin of the last one, page by page, those of yesterday only if they came back today', async () => {
    await insert('d1', minutes(-30));
    await insert('d2', minutes(-20), minutes(5));
    await insert('d3', minutes(2));
    await insert('d4', minutes(2));
    await insert('d5');
    expect(await ids({ limit: 10 })).toEqual(['d3', 'd4', 'd2']);
    expect(await ids({ limit: 1 })).toEqual(['d3']);
    expect(await ids({ limit: 2, after: { lastQueuedAt: minutes(2), id: 'd3' } })).toEqual(['d4', 'd2']);
    expect(await ids({ limit: 2, after: { lastQueuedAt: minutes(5), id: 'd2' } })).toEqual([]);
  });

  it('move with the contact, and the field is no part of it', async () => {
    const stored = await contacts.load(COMPANY, 'd1' as InteractionId);
    expect(stored?.interaction).not.toHaveProperty('lastQueuedAt');
    const next = { ...stored!.interaction, version: 2, segments: stays(minutes(-30), minutes(9)) };
    expect(await contacts.replace(1, next, entry(2))).toBe(true);
    expect(await ids({ limit: 10 })).toEqual(['d3', 'd4', 'd2', 'd1']);
  });

  it('contacts of an earlier release learn it, and twice is the same', async () => {
    const collection = store.connection.collection<{ _id: string }>('interactions');
    await collection.updateMany({}, { $unset: { lastQueuedAt: '' } });
    expect(await ids({ limit: 10 })).toEqual([]);
    for (let turn = 0; turn < 2; turn++) {
      await lastQueued.up(store.connection);
      expect(await ids({ limit: 10 })).toEqual(['d3', 'd4', 'd2', 'd1']);
    }
  });
});
