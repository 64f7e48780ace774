import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessServer, startAccessServer } from '../support/access-server.ts';

const PATH = '/api/v1/admin/companies';
const PASSWORD = 'quatro cavalos verdes';
const wish = (key: string, username: string, password = PASSWORD) => ({
  key,
  name: `Empresa ${key}`,
  admin: { username, name: 'Dona da casa', password },
});

describe('companies of the server', () => {
  let server: AccessServer;
  let admin: string;
  let other: string;
  const login = async (username: string): Promise<string> =>
    (await server.call('POST', '/api/v1/auth/login', { body: { username, password: PASSWORD } })).json[
      'token'
    ] as string;
  beforeAll(async () => {
    server = await startAccessServer();
    admin = await server.login('admin');
    const made = await server.call('POST', PATH, { token: admin, body: wish('vizinha', 'dona') });
    expect(made).toMatchObject({ status: 201, json: { key: 'vizinha', timeZone: 'America/Sao_Paulo' } });
    other = await login('dona');
  });
  afterAll(() => server.stop());

  it('are made by an administrator of the first one only; GET /me says who that is', async () => {
    const supervisor = await server.login('supervisor');
    for (const token of [supervisor, other]) {
      expect((await server.call('GET', PATH, { token })).status).toBe(403);
      const refused = await server.call('POST', PATH, { token, body: wish('terceira', 'intruso') });
      expect(refused).toMatchObject({ status: 403, json: { code: 'auth.forbidden' } });
    }
    const installer = async (token: string) =>
      (await server.call('GET', '/api/v1/me', { token })).json['installer'];
    expect([await installer(admin), await installer(supervisor), await installer(other)]).toEqual([
      true,
      false,
      false,
    ]);
    const list = await server.call('GET', PATH, { token: admin });
    expect((list.json['items'] as { key: string }[]).map(({ key }) => key)).toEqual(['vizinha', 'exemplo']);
  });

  it('nothing is left of one whose administrator could not be made', async () => {
    for (const [username, password, code] of [
      ['ana', PASSWORD, 'user.exists'],
      ['novo', 'curta', 'password.weak'],
    ] as const) {
      const refused = await server.call('POST', PATH, {
        token: admin,
        body: wish('outra', username, password),
      });
      expect(refused.json['code']).toBe(code);
    }
    expect(
      (await server.call('POST', PATH, { token: admin, body: wish('vizinha', 'mais') })).json['code'],
    ).toBe('company.exists');
    expect((await server.call('GET', PATH, { token: admin })).json['items']).toHaveLength(2);
    const made = await server.call('POST', PATH, { token: admin, body: wish('outra', 'mais') });
    expect(made.status).toBe(201);
  });

  it('the trail of the first says who made it, that of the new one begins with its administrator', async () => {
    const trail = async (token: string) =>
      (await server.call('GET', '/api/v1/admin/audit?limit=200', { token })).json['items'] as {
        action: string;
        actor: { kind: string; name: string };
      }[];
    expect((await trail(admin)).map(({ action }) => action)).toContain('company.create');
    const theirs = await trail(other);
    expect(theirs.at(-1)).toMatchObject({ action: 'user.create', actor: { kind: 'system' } });
    expect(JSON.stringify(theirs)).not.toContain('Administrador');
  });

  it('two companies: the same queues, calendars and names; numbers, trunks and users tell one company only', async () => {
    const weekly = Object.fromEntries(
      ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, []]),
    );
    for (const token of [admin, other]) {
      const body = { key: 'comercial', name: 'Comercial', weekly };
      expect((await server.call('POST', '/api/v1/admin/calendars', { token, body })).status).toBe(201);
    }
    const trunk = { name: 'Operadora', channels: 2, direction: 'inbound' };
    const digest = { username: 'tronco-1', password: 'segredo do tronco' };
    const add = (token: string, path: string, body: object) =>
      server.call('POST', `/api/v1/admin/${path}`, { token, body });
    expect((await add(admin, 'trunks', { ...trunk, digest })).status).toBe(201);
    expect((await add(other, 'trunks', { ...trunk, digest })).json['code']).toBe('trunk.userTaken');
    const quiet = await add(other, 'trunks', { ...trunk, digest: { ...digest, username: 'tronco-2' } });
    const path = `trunks/${quiet.json['id'] as string}`;
    const patched = await server.call('PATCH', `/api/v1/admin/${path}`, {
      token: other,
      body: { digest: { username: 'tronco-1' } },
    });
    expect(patched.json['code']).toBe('trunk.userTaken');
    const did = { number: '+551130001000', flow: 'principal.yaml' };
    expect((await add(admin, 'dids', did)).status).toBe(201);
    expect((await add(other, 'dids', did)).json['code']).toBe('did.exists');
    const taken = { username: 'ana', name: 'Ana', role: 'operator', password: PASSWORD };
    expect((await add(other, 'users', taken)).json['code']).toBe('user.exists');
  });
});
