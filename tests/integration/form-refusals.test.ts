import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resources, sections } from '../../softphone/src/admin/resources.ts';
import { filesOf } from '../support/files.ts';
import { PASSWORD, type Product, startProduct } from '../support/product.ts';

const src = join(import.meta.dirname, '../../src');
const WEEK = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, []]),
);
const key = { key: 'dobro', name: 'Dobro' };
const trunk = { name: 'Um', channels: 4, direction: 'both', peers: ['192.0.2.7'] };
const digest = { username: 'um', password: 'segredo do tronco' };
const user = { username: 'dobro', name: 'Dobro', role: 'operator', password: PASSWORD };
const company = { ...key, admin: { username: 'dona', name: 'Dona', password: PASSWORD } };

interface Refusal {
  readonly code: string;
  readonly path: string;
  readonly body: object;
  /** Inputs of the form that it stands at. */
  readonly at: readonly string[];
  /** Made before; `{ID}` in the path is its id. */
  readonly after?: { readonly path: string; readonly body: object };
}

const twice = (code: string, path: string, body: object, at: readonly string[]): Refusal => ({
  ...{ code, path, body, at },
  after: { path, body },
});

/** Each refusal of what was typed into a form of the administration. */
const REFUSALS: readonly Refusal[] = [
  twice('user.exists', 'users', user, ['username']),
  {
    code: 'queue.unknown',
    path: 'users',
    body: { ...user, username: 'x1', queues: ['nada'] },
    at: ['queues'],
  },
  {
    ...{ code: 'apiKey.scopeUnknown', path: 'api-keys', at: ['scopes'] },
    body: { name: 'Programa', role: 'admin', scopes: ['nada:read'] },
  },
  {
    ...{ code: 'password.weak', path: 'users', at: ['password'] },
    body: { ...user, username: 'x2', password: '1234567890' },
  },
  twice('queue.exists', 'queues', key, ['key']),
  {
    ...{ code: 'queue.nameTaken', path: 'queues', at: ['name'] },
    body: { key: 'cobranca-2', name: ' cobranca  NOVA' },
    after: { path: 'queues', body: { key: 'cobranca-1', name: 'Cobrança nova' } },
  },
  {
    ...{ code: 'queue.nameTaken', path: 'PATCH queues/cobranca-3', at: ['name'] },
    body: { name: 'SUPORTE' },
    after: { path: 'queues', body: { key: 'cobranca-3', name: 'Outra cobrança' } },
  },
  {
    code: 'queue.calendarUnknown',
    path: 'queues',
    body: { key: 'q1', name: 'Q', calendar: 'nada' },
    at: ['calendar'],
  },
  twice('did.exists', 'dids', { number: '+551140007001', flow: 'principal.yaml' }, ['number']),
  twice('calendar.exists', 'calendars', { ...key, weekly: WEEK }, ['key']),
  twice('mailbox.exists', 'mailboxes', { address: 'dobro@exemplo.test', queue: 'suporte' }, ['address']),
  {
    ...{ code: 'mailbox.queueUnknown', path: 'mailboxes', at: ['queue'] },
    body: { address: 'nada@exemplo.test', queue: 'nada' },
  },
  { ...twice('trunk.peerTaken', 'trunks', trunk, ['peers']) },
  twice('trunk.userTaken', 'trunks', { ...trunk, peers: [], digest }, ['digest.username']),
  {
    ...{ code: 'trunk.tlsUnsupported', path: 'trunks', at: ['outboundUri'] },
    body: { ...trunk, peers: ['192.0.2.8'], outboundUri: 'sips:192.0.2.8' },
  },
  {
    code: 'trunk.reserve',
    path: 'trunks',
    body: { ...trunk, peers: ['192.0.2.9'], reserve: 4 },
    at: ['reserve'],
  },
  {
    ...{ code: 'trunk.unreachable', path: 'PATCH trunks/{ID}', body: { peers: [] }, at: ['peers'] },
    after: { path: 'trunks', body: { ...trunk, peers: ['192.0.2.10'] } },
  },
  {
    ...{ code: 'trunk.password', path: 'PATCH trunks/{ID}', at: ['digest.password'] },
    body: { digest: { username: 'outro' } },
    after: { path: 'trunks', body: { ...trunk, peers: ['192.0.2.11'] } },
  },
  twice('company.exists', 'companies', company, ['key']),
  {
    ...{ code: 'user.exists', path: 'companies', at: ['admin.username'] },
    body: { ...company, key: 'outra', admin: { ...company.admin, username: 'ana' } },
  },
];

/** These are about no field: something else stands in the way, or the list asks, not a form. */
const OF_NO_FIELD = ['queue.inUse', 'queue.conflict'];
/** Proved where the ground for them is. `user.lastAdmin` stands at the profile, `did.queueUnknown` at the flow. */
const ELSEWHERE = ['user.lastAdmin', 'did.queueUnknown', 'password.wrong'];

describe('a refusal of a form of the administration stands at its input', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ LOG_LEVEL: 'error' });
  }, 60_000);
  afterAll(() => product.end());

  const send = async (path: string, body: object) => {
    const [method, where] = path.includes(' ') ? path.split(' ') : ['POST', path];
    const answer = await fetch(`${product.url}/api/v1/admin/${where ?? ''}`, {
      method: method ?? '',
      headers: {
        authorization: `Bearer ${await product.token('admin')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as { id?: string; code?: string; fields?: string[] };
  };

  it.each(REFUSALS)('$code of $path: $at', async ({ code, path, body, at, after }) => {
    const made = after === undefined ? undefined : await send(after.path, after.body);
    const answer = await send(path.replace('{ID}', made?.id ?? ''), body);
    expect([answer.code, answer.fields]).toEqual([code, at]);
  });

  it('the last administrator stays one: at the profile', async () => {
    const { items } = await product.api<{ items: { id: string; username: string }[] }>(
      'admin',
      'GET',
      '/api/v1/admin/users?limit=200',
    );
    const admin = items.find(({ username }) => username === 'admin');
    const answer = await send(`PATCH users/${admin?.id ?? ''}`, { role: 'operator' });
    expect([answer.code, answer.fields]).toEqual(['user.lastAdmin', ['role']]);
  });

  it('a person who changes the own password reads which of both is wrong', async () => {
    const change = async (current: string, next: string) => {
      const answer = await fetch(`${product.url}/api/v1/auth/password`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await product.token('ana')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ current, next }),
      });
      const { code, fields } = (await answer.json()) as { code: string; fields: string[] };
      return [code, fields];
    };
    expect(await change('nunca foi esta', 'outra senha longa')).toEqual(['password.wrong', ['current']]);
    expect(await change(PASSWORD, 'aaaaaaaaaaaa')).toEqual(['password.weak', ['next']]);
  });

  it('each field that is named is one of the form', () => {
    const known = new Map(
      sections.map((one) => [resources[one].path, resources[one].fields.map(({ name }) => name)]),
    );
    for (const { path, at } of REFUSALS) {
      const fields = known.get(/(?:PATCH )?([\w-]+)/.exec(path)?.[1] ?? '');
      if (fields !== undefined) for (const name of at) expect(fields).toContain(name.split('.')[0]);
    }
    expect(known.size).toBe(sections.length);
  });

  it('no refusal of these rooms is left out', () => {
    const rooms =
      /^(access\/(store|users|admin-deps|api-keys\.http)|company\/|queue\/(http|queues|store)|channels\/email\/(http|mailboxes))/;
    const thrown = filesOf(src, /\.ts$/)
      .filter((file) => rooms.test(file) && !file.endsWith('.test.ts'))
      .flatMap((file) => [
        ...readFileSync(join(src, file), 'utf8').matchAll(
          /new AppError\(\s*'([a-zA-Z]+\.[a-zA-Z]+)',\s*(?:409|422)/g,
        ),
      ])
      .map(([, code]) => code);
    const told = new Set([...REFUSALS.map(({ code }) => code), ...OF_NO_FIELD, ...ELSEWHERE]);
    expect([...new Set(thrown)].filter((code) => !told.has(code ?? ''))).toEqual([]);
    expect(thrown.length).toBeGreaterThan(10);
  });
});
