import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { auditActs } from '../../src/contracts/audit.ts';
import { does, reads, type Route, route } from '../../src/platform/http/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import { type AccessServer, startAccessServer } from '../support/access-server.ts';

interface Entry {
  readonly action: string;
  readonly actor: { readonly name: string; readonly address?: string };
  readonly target: { readonly kind: string; readonly id: string };
  readonly data: Readonly<Record<string, unknown>>;
}

const common = { tag: 'test', auth: 'session', summary: 'test' } as const;
const seen = z.object({ ok: z.boolean() });
const answer = { status: 200, body: { ok: true } };

/** A room with a file that is read, a list that is searched, and something that is done or refused. */
const room = (): Route[] => [
  route({
    ...common,
    method: 'get',
    path: '/api/v1/files/{id}',
    params: z.object({ id: z.string() }),
    responses: { 200: seen },
    audit: reads('customer.read', 'customer'),
    handle: ({ params }) => {
      if (params.id === 'nobody') throw new AppError('customer.unknown', 404, 'No such customer.');
      return answer;
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/api/v1/files',
    query: z.object({ q: z.string(), limit: z.coerce.number().optional() }),
    responses: { 200: seen },
    audit: reads('customer.search', 'customer'),
    handle: () => answer,
  }),
  route({
    ...common,
    method: 'post',
    path: '/api/v1/deeds/{id}',
    params: z.object({ id: z.string() }),
    body: z.object({ to: z.string(), text: z.string().optional() }),
    responses: { 200: seen },
    audit: does('call.started', 'interaction', { act: 'call.refused', target: 'number', field: 'to' }),
    handle: ({ body }) => {
      if (body.to === '190') throw new AppError('call.notAllowed', 422, 'Not this number.');
      return { ...answer, audit: { data: { to: body.to } } };
    },
  }),
];

describe('the audit log of the API', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });
  async function serve(): Promise<{
    server: AccessServer;
    ana: string;
    lines: (act: string) => Promise<Entry[]>;
  }> {
    const server = await startAccessServer({ routes: room() });
    stops.push(() => server.stop());
    const [ana, admin] = [await server.login('ana'), await server.login('admin')];
    const lines = async (act: string): Promise<Entry[]> =>
      (await server.call('GET', `/api/v1/admin/audit?limit=200&action=${act}`, { token: admin })).json[
        'items'
      ] as Entry[];
    return { server, ana, lines };
  }

  it('has who read what from where; what was not there was not read', async () => {
    const { server, ana, lines } = await serve();
    await server.call('GET', '/api/v1/files/c1', { token: ana });
    expect((await server.call('GET', '/api/v1/files/nobody', { token: ana })).status).toBe(404);
    expect(await lines('customer.read')).toMatchObject([
      { actor: { name: 'Ana Lima', address: '127.0.0.1' }, target: { kind: 'customer', id: 'c1' }, data: {} },
    ]);
  });

  it('takes the same look of the same person within minutes for one, whoever asks at the same time', async () => {
    const { server, ana, lines } = await serve();
    const look = () => server.call('GET', '/api/v1/files/c1', { token: ana });
    await Promise.all([look(), look(), look()]);
    await look();
    expect(await lines('customer.read')).toHaveLength(1);
    await server.call('GET', '/api/v1/files/c2', { token: ana });
    await server.call('GET', '/api/v1/files/c1', { token: await server.login('bruno') });
    expect(await lines('customer.read')).toHaveLength(3);
    server.clock.advance(5 * 60_000);
    await look();
    expect(await lines('customer.read')).toHaveLength(4);
  });

  it('has what was searched, without the documents, phones and addresses in it', async () => {
    const { server, ana, lines } = await serve();
    for (const q of ['Maria Silva', '529.982.247-25', '(11) 98765-4321', 'maria.silva@exemplo.test'])
      await server.call('GET', `/api/v1/files?limit=5&q=${encodeURIComponent(q)}`, { token: ana });
    expect((await lines('customer.search')).map(({ data }) => data).reverse()).toEqual([
      { q: 'Maria Silva' },
      { q: '***.982.247-**' },
      { q: '+5511****4321' },
      { q: 'ma…@exemplo.test' },
    ]);
  });

  it('has each act, and each try that was turned down, with its code; never a text', async () => {
    const { server, ana, lines } = await serve();
    for (const to of ['+5511987654321', '+5511987654321', '190'])
      await server.call('POST', '/api/v1/deeds/i1', { token: ana, body: { to } });
    expect(await lines('call.started')).toMatchObject([
      { target: { kind: 'interaction', id: 'i1' }, data: { to: '+5511987654321' } },
      { target: { id: 'i1' } },
    ]);
    expect(await lines('call.refused')).toMatchObject([
      { target: { kind: 'number', id: '190' }, data: { to: '190', code: 'call.notAllowed' } },
    ]);
  });

  it('tells what was done apart from what was looked at, each with the name of what it is about', async () => {
    const { server, ana } = await serve();
    const admin = await server.login('admin');
    for (const id of ['c1', 'c2', 'c3']) await server.call('GET', `/api/v1/files/${id}`, { token: ana });
    await server.call('POST', '/api/v1/deeds/i1', { token: ana, body: { to: '+5511987654321' } });
    const asked = async (query: string) =>
      (await server.call('GET', `/api/v1/admin/audit?limit=200&${query}`, { token: admin })).json[
        'items'
      ] as (Entry & { kind: string })[];
    const [acts, looks] = [await asked('kind=act'), await asked('kind=look')];
    expect(acts.map(({ action }) => action)).toContain('call.started');
    expect(acts.some(({ action }) => action === 'customer.read')).toBe(false);
    expect(looks.filter(({ action }) => action === 'customer.read')).toHaveLength(3);
    expect([...new Set([...acts, ...looks].map(({ kind }) => kind))].sort()).toEqual(['act', 'look']);
    // A named act goes before its kind.
    expect(await asked('kind=act&action=customer.read')).toHaveLength(3);
    expect(await asked('kind=act&target=c1')).toEqual([]);
    expect((await server.call('GET', '/api/v1/admin/audit?kind=deed', { token: admin })).status).toBe(400);
  });

  it('has who knocked at a door that is not theirs, once in some minutes', async () => {
    const { server, ana, lines } = await serve();
    for (let i = 0; i < 3; i++) await server.call('GET', '/api/v1/admin/users', { token: ana });
    await server.call('POST', '/api/v1/admin/users', { token: ana, body: {} });
    expect((await lines('access.refused')).map(({ target, data }) => [target.id, data['code']])).toEqual([
      ['POST /api/v1/admin/users', 'auth.forbidden'],
      ['GET /api/v1/admin/users', 'auth.forbidden'],
    ]);
  });

  it('shows nothing whose reading could not be written down; what was done stays done', async () => {
    const { server, ana } = await serve();
    const full = () => Promise.reject(new Error('disk full'));
    Object.assign(server.access.audit, { once: full, record: full });
    expect((await server.call('GET', '/api/v1/files/c1', { token: ana })).status).toBe(500);
    expect((await server.call('POST', '/api/v1/deeds/i1', { token: ana, body: { to: '1' } })).status).toBe(
      200,
    );
    const refused = await server.call('POST', '/api/v1/deeds/i1', { token: ana, body: { to: '190' } });
    expect(refused.json['code']).toBe('call.notAllowed');
  });

  it('of every route of these rooms the document says the act, or why there is none', async () => {
    const { server } = await serve();
    const { json } = await server.call('GET', '/api/openapi.json');
    const operations = Object.values(json['paths'] as Record<string, Record<string, Record<string, unknown>>>)
      .flatMap((path) => Object.values(path))
      .map((operation) => operation['x-audit'] ?? operation['x-unaudited']);
    expect(operations.length).toBeGreaterThan(20);
    for (const said of operations)
      if (Array.isArray(said)) expect(auditActs).toEqual(expect.arrayContaining(said));
      else expect(said).toEqual(expect.any(String));
  });
});
