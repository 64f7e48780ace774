import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../softphone/src/i18n/en/index.ts';
import { pt } from '../../softphone/src/i18n/pt/index.ts';
import { type Product, startProduct } from '../support/product.ts';

const root = join(import.meta.dirname, '../..');
const KEYS = '/api/v1/admin/api-keys';
/** Doors that are in no document: the document itself, and the sockets. */
const BESIDE = ['docs:read', 'events:read'];

interface Door {
  readonly method: string;
  readonly path: string;
  readonly scope: string | undefined;
  readonly open: boolean;
}

describe('scopes of API keys', () => {
  let product: Product;
  let doors: readonly Door[];
  let scopes: readonly string[];
  beforeAll(async () => {
    product = await startProduct();
    const { paths } = await product.api<{
      paths: Record<string, Record<string, { 'x-scope'?: string; security?: unknown }>>;
    }>('admin', 'GET', '/api/openapi.json');
    doors = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        scope: operation['x-scope'],
        open: operation.security === undefined,
      })),
    );
    scopes = (await product.api<{ items: string[] }>('admin', 'GET', `${KEYS}/scopes`)).items;
  }, 90_000);
  afterAll(() => product.end());

  const make = (wanted: readonly string[], role = 'admin') =>
    product.api<{ id: string; key: string }>('admin', 'POST', KEYS, {
      name: 'Programa',
      role,
      scopes: wanted,
    });
  const ask = async (key: string, { method, path }: Pick<Door, 'method' | 'path'>, body?: unknown) => {
    const answer = await fetch(product.url + path.replace(/\{\w+\}/g, 'none'), {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    // Lines of the audit log carry codes, too: only a problem's own is meant.
    const [, code = ''] = answer.ok ? [] : (/"code":"([\w.]+)"/.exec(text) ?? []);
    return { status: answer.status, code, text };
  };

  it('are those that the routes name, no more and no less, each with words in both languages', () => {
    const named = doors.flatMap(({ scope }) => scope ?? []);
    expect(named.length).toBeGreaterThan(30);
    expect(scopes).toEqual([...new Set([...named, ...BESIDE])].sort());
    for (const { apiKeys } of [pt, en]) expect(Object.keys(apiKeys.words).sort()).toEqual(scopes);
    expect(scopes).toEqual(expect.arrayContaining(['admin', 'admin:mailboxes', 'admin:read']));
  });

  it('each opens the routes that name it and no other', async () => {
    const wrong: string[] = [];
    for (const granted of scopes) {
      const { key } = await make([granted]);
      for (const door of doors.filter(({ open }) => !open)) {
        const { status, code } = await ask(key, door);
        const passes = door.scope === granted;
        if ((code === 'auth.scope') === passes || status >= 500)
          wrong.push(`${granted}: ${door.method} ${door.path} ${status} ${code}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('that no route names are refused, when a key is made and when it is changed', async () => {
    const { id } = await make(['users:read']);
    for (const scope of [
      'everything:write',
      'users:delete',
      'Admin',
      'toString',
      '__proto__',
      '',
      'admin ',
    ]) {
      const body = { name: 'Programa', role: 'admin', scopes: ['users:read', scope] };
      for (const [method, path] of [
        ['POST', KEYS],
        ['PATCH', `${KEYS}/${id}`],
      ] as const) {
        const token = await product.token('admin');
        const sent = method === 'POST' ? body : { scopes: body.scopes };
        expect(await ask(token, { method, path }, sent)).toMatchObject({
          status: 422,
          code: 'apiKey.scopeUnknown',
        });
      }
    }
  });

  it('a refusal says which scope is missing', async () => {
    const { key } = await make(['users:read']);
    const { text } = await ask(key, { method: 'GET', path: '/api/v1/admin/audit' });
    expect(JSON.parse(text)).toMatchObject({ code: 'auth.scope', scope: 'audit:read' });
  });

  it('sockets ask for one as well: to hear, and for each command', async () => {
    const connect = (key: string) =>
      new Promise<ReturnType<typeof io> | string>((resolve) => {
        const socket = io(product.url, { auth: { token: key }, reconnection: false, forceNew: true });
        socket.once('connect', () => resolve(socket));
        socket.once('connect_error', (error) => resolve(error.message));
      });
    expect(await connect((await make(['interactions:write', 'board:read'])).key)).toBe('auth.scope');
    const socket = await connect((await make(['events:read', 'board:read'])).key);
    if (typeof socket === 'string') throw new Error(socket);
    const command = (name: string, payload: object) =>
      socket.emitWithAck(name, payload) as Promise<Record<string, unknown>>;
    expect(await command('board:watch', { on: true })).toMatchObject({ ok: true });
    for (const name of ['offer:accept', 'call:hangup'])
      expect(await command(name, { interactionId: 'none' })).toMatchObject({ error: { code: 'auth.scope' } });
    // A presence is a person's.
    expect(await command('presence:set', { state: 'paused' })).toMatchObject({
      error: { code: 'auth.scope' },
    });
    socket.disconnect();
  });

  it('golive runs with a key of the scopes that its help names, and says which one another key lacks', async () => {
    const golive = (key: string, ...args: string[]) =>
      new Promise<string>((resolve) => {
        const child = spawn(process.execPath, [join(root, 'dist/voice/golive.cli.js'), ...args], {
          env: { PATH: process.env['PATH'] ?? '', GOLIVE_TOKEN: key, PUBLIC_URL: product.url },
        });
        let out = '';
        child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
        child.once('exit', () => resolve(out));
      });
    const help = await golive('', '--help');
    const named = scopes.filter((scope) => new RegExp(`[ ,]${scope}(,|\\n|$)`, 'm').test(help));
    expect(named.length).toBeGreaterThan(4);
    const whole = await golive((await make(named)).key);
    // From the company's settings, not from the environment alone.
    for (const line of ['tronco: 1 de entrada', 'filas: 4 ativas', 'caixas de e-mail: 1 ativas'])
      expect(whole).toContain(line);
    expect(whole).not.toMatch(/auth\.|golive\.refused/);
    for (const scope of named) {
      const less = await golive((await make(named.filter((one) => one !== scope))).key);
      expect(less).toContain(`falta o escopo ${scope}`);
    }
  }, 60_000);
});
