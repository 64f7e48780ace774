import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emailRoutes } from '../../src/channels/email/index.ts';
import { createQueues, createQueueStore, queueRoutes, type Router } from '../../src/queue/index.ts';
import { openStore } from '../../src/platform/store/index.ts';
import type { Route } from '../../src/platform/http/index.ts';
import { type AccessServer, SEED_PASSWORD, startAccessServer } from '../support/access-server.ts';
import { endAll, ends, rig } from './email-rig.ts';

afterEach(endAll);

describe('optional texts are taken away by null or an empty text, and stay when they are not named', () => {
  let server: AccessServer;
  let token: string;
  beforeAll(async () => {
    server = await startAccessServer();
    token = await server.login('admin');
  });
  afterAll(() => server.stop());

  const call = (method: string, path: string, body?: unknown) =>
    server.call(method, `/api/v1/admin/${path}`, { token, ...(body === undefined ? {} : { body }) });
  const create = async (kind: string, body: object): Promise<string> => {
    const made = await call('POST', kind, body);
    expect(made.status).toBe(201);
    return `${kind}/${made.json['id'] as string}`;
  };
  const stored = async (path: string): Promise<Record<string, unknown> | undefined> => {
    const [kind, id] = path.split('/');
    const { json } = await call('GET', `${kind ?? ''}?limit=200`);
    return (json['items'] as Record<string, unknown>[]).find((item) => item['id'] === id);
  };

  it.each([null, ''])('the e-mail of a person: %j', async (nothing) => {
    const path = await create('users', {
      username: `p${nothing === null ? 1 : 2}`,
      name: 'Pessoa',
      role: 'operator',
      password: SEED_PASSWORD,
      email: 'pessoa@exemplo.test',
    });
    await call('PATCH', path, { name: 'Outra' });
    expect(await stored(path)).toMatchObject({ name: 'Outra', email: 'pessoa@exemplo.test' });
    expect((await call('PATCH', path, { email: nothing })).status).toBe(200);
    expect(await stored(path)).not.toHaveProperty('email');
    expect((await call('PATCH', path, { email: 'no address' })).status).toBe(400);
  });

  it.each([null, ''])('the description of a number: %j', async (nothing) => {
    const path = await create('dids', {
      number: `+55114000500${nothing === null ? 1 : 2}`,
      flow: 'principal.yaml',
      description: 'Comercial',
    });
    await call('PATCH', path, { flow: 'principal.yaml' });
    expect(await stored(path)).toMatchObject({ description: 'Comercial' });
    expect((await call('PATCH', path, { description: nothing })).status).toBe(200);
    expect(await stored(path)).toMatchObject({ description: '' });
  });

  it.each([null, ''])('caller id, outbound address and credentials of a trunk: %j', async (nothing) => {
    const peer = `10.0.0.${nothing === null ? 1 : 2}`;
    const path = await create('trunks', {
      name: 'Operadora',
      peers: [peer],
      channels: 10,
      direction: 'both',
      callerId: '+551140004000',
      outboundUri: 'sip:10.0.0.9',
      digest: { username: 'u', password: 'p' },
    });
    await call('PATCH', path, { channels: 20 });
    expect(await stored(path)).toMatchObject({ callerId: '+551140004000', digest: { username: 'u' } });
    const cleared = await call('PATCH', path, { callerId: nothing, outboundUri: nothing, digest: null });
    expect(cleared.status).toBe(200);
    const trunk = await stored(path);
    for (const name of ['callerId', 'outboundUri', 'digest']) expect(trunk).not.toHaveProperty(name);
    expect(server.company.directory.trunks().find(({ id }) => id === trunk?.['id'])).toMatchObject({
      peers: [peer],
    });
    // What the trunk is known by may change, not vanish.
    expect((await call('PATCH', path, { peers: [] })).json).toMatchObject({
      status: 422,
      code: 'trunk.unreachable',
    });
  });

  it('special days of a calendar, the state of the company; a name is no optional text', async () => {
    const day = [{ from: '08:00', to: '18:00' }];
    const weekly = Object.fromEntries(
      ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((d) => [d, day]),
    );
    const path = await create('calendars', {
      key: 'loja',
      name: 'Loja',
      weekly,
      specialDays: [{ date: '2026-12-24', name: 'Véspera', hours: [] }],
    });
    expect((await call('PATCH', path, { specialDays: [] })).status).toBe(200);
    expect(await stored(path)).toMatchObject({ specialDays: [], name: 'Loja' });
    expect((await call('PATCH', path, { name: '' })).status).toBe(400);
    expect((await call('PATCH', path, { name: null })).status).toBe(400);
    expect((await call('PATCH', 'company', { state: 'SP' })).json).toMatchObject({ state: 'SP' });
    expect((await call('PATCH', 'company', { state: null })).json).not.toHaveProperty('state');
  });
});

/** A server whose administrator may use these routes. */
async function withRoutes(
  routes: readonly Route[],
): Promise<(path: string, body: object) => Promise<unknown>> {
  const server = await startAccessServer({ routes });
  ends.push(() => server.stop());
  const token = await server.login('admin');
  return async (path, body) =>
    (await server.call(path.includes('/') ? 'PATCH' : 'POST', `/api/v1/admin/${path}`, { token, body })).json;
}

it('the calendar of a queue', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ramal-queues-'));
  ends.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const store = await openStore({ kind: 'embedded', dataDir });
  ends.push(() => store.stop());
  const queues = createQueues(createQueueStore(store.connection));
  await store.ensureIndexes();
  const router: Pick<Router, 'live'> = {
    live: () => {
      throw new Error('not asked');
    },
  };
  const call = await withRoutes(queueRoutes({ queues, router }));
  for (const [key, nothing] of [
    ['um', null],
    ['dois', ''],
  ] as const) {
    await call('queues', { key, name: key, calendar: 'comercial' });
    expect(await call(`queues/${key}`, { ringMs: 5_000 })).toMatchObject({ calendar: 'comercial' });
    expect(await call(`queues/${key}`, { calendar: nothing })).toMatchObject({
      calendar: null,
      ringMs: 5_000,
    });
  }
});

it('name and acknowledgement of a mailbox', async () => {
  const r = await rig({ port: 0 });
  const call = await withRoutes(emailRoutes({ email: r.email, simulator: false }));
  for (const [local, nothing] of [
    ['um', null],
    ['dois', ''],
  ] as const) {
    const words = { name: 'Vendas', acknowledgeText: 'Protocolo {protocol}.' };
    const made = (await call('mailboxes', {
      address: `${local}@exemplo.test`,
      queue: 'suporte',
      ...words,
    })) as {
      id: string;
    };
    expect(await call(`mailboxes/${made.id}`, { priority: 1 })).toMatchObject(words);
    expect(await call(`mailboxes/${made.id}`, { name: nothing, acknowledgeText: nothing })).toMatchObject({
      name: '',
      acknowledgeText: null,
    });
  }
});
