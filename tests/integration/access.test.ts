import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestHa1 } from '../../src/access/index.ts';
import { type AccessServer, SEED_PASSWORD, startAccessServer } from '../support/access-server.ts';

describe('access over HTTP', () => {
  let server: AccessServer;
  beforeAll(async () => {
    server = await startAccessServer();
  });
  afterAll(() => server.stop());

  const login = (username: string, password: string) =>
    server.call('POST', '/api/v1/auth/login', { body: { username, password } });

  it('logs in, says who I am, logs out', async () => {
    const answer = await login(' Ana ', SEED_PASSWORD);
    expect(answer.status).toBe(200);
    expect(answer.json['user']).toMatchObject({
      username: 'ana',
      role: 'operator',
      language: 'pt-BR',
      active: true,
    });
    expect(answer.text).not.toMatch(/hash|argon/i);
    const token = answer.json['token'] as string;
    const me = await server.call('GET', '/api/v1/me', { token });
    expect(me.json).toMatchObject({
      name: 'Ana Lima',
      queues: ['suporte', 'financeiro', 'retencao', 'ouvidoria'],
    });
    expect((await server.call('POST', '/api/v1/auth/logout', { token })).status).toBe(204);
    const after = await server.call('GET', '/api/v1/me', { token });
    expect(after.status).toBe(401);
    expect(after.json['code']).toBe('auth.invalid');
  });

  it('answers the same to a wrong password and to a name that nobody has', async () => {
    const wrong = await login('bruno', 'not the password');
    const nobody = await login('nobody-here', 'not the password');
    expect(wrong.status).toBe(401);
    expect(nobody.text).toBe(wrong.text);
  });

  it.each(['carla', 'a-name-that-nobody-has'])(
    'locks %s after five failures for 15 minutes',
    async (name) => {
      for (let i = 0; i < 5; i++) expect((await login(name, 'wrong')).status).toBe(401);
      const locked = await login(name, SEED_PASSWORD);
      expect(locked.status).toBe(429);
      expect(locked.json['code']).toBe('auth.locked');
      expect(Number(locked.headers.get('retry-after'))).toBe(900);
      server.clock.advance(15 * 60_000 - 1000);
      expect((await login(name, SEED_PASSWORD)).status).toBe(429);
      server.clock.advance(1001);
      expect((await login(name, SEED_PASSWORD)).status).toBe(name === 'carla' ? 200 : 401);
    },
  );

  it('lets no more than five of many parallel guesses be checked', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => login('supervisor', 'guess')));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(15);
    server.clock.advance(16 * 60_000);
  });

  it('ends a session by idleness, and any session in the end', async () => {
    const idle = await server.login('ana');
    server.clock.advance(2 * 3_600_000 + 1);
    expect((await server.call('GET', '/api/v1/me', { token: idle })).status).toBe(401);
    const busy = await server.login('ana');
    let status = 200;
    for (let hour = 0; hour < 13 && status === 200; hour++) {
      server.clock.advance(3_600_000);
      status = (await server.call('GET', '/api/v1/me', { token: busy })).status;
    }
    expect(status).toBe(200);
    server.clock.advance(3_600_000);
    expect((await server.call('GET', '/api/v1/me', { token: busy })).status).toBe(401);
  });

  it('changes a password by policy and ends the other sessions', async () => {
    const [one, two] = [await server.login('bruno'), await server.login('bruno')];
    const change = (next: string, current = SEED_PASSWORD) =>
      server.call('POST', '/api/v1/auth/password', { token: one, body: { current, next } });
    expect((await change('Senha-123456')).json).toMatchObject({
      status: 422,
      code: 'password.weak',
      fault: 'common',
    });
    expect((await change('curta')).json['fault']).toBe('tooShort');
    // Not 401: the session is good, and a page that signs out on 401 would hang up on the customer.
    expect(await change('quatro cavalos verdes', 'wrong')).toMatchObject({
      status: 422,
      json: { code: 'password.wrong' },
    });
    expect((await change('quatro cavalos verdes')).status).toBe(204);
    expect((await server.call('GET', '/api/v1/me', { token: one })).status).toBe(200);
    expect((await server.call('GET', '/api/v1/me', { token: two })).status).toBe(401);
    expect((await login('bruno', 'quatro cavalos verdes')).status).toBe(200);
  });

  it('gives a SIP account of minutes whose password is kept as HA1 only', async () => {
    const token = await server.login('ana');
    const { json } = await server.call('GET', '/api/v1/me/softphone', { token });
    expect(json).toMatchObject({ sipUri: 'sip:ana@127.0.0.1:5060', username: 'ana', iceServers: [] });
    const expected = digestHa1('ana', 'ramal', json['password'] as string);
    expect(await server.access.softphones.ha1('ana', 'ramal')).toContain(expected);
    expect(await server.access.softphones.ha1('ana', 'other')).toEqual([]);
    expect(await server.access.softphones.ha1('nobody', 'ramal')).toEqual([]);
    server.clock.advance(11 * 60_000);
    expect(await server.access.softphones.ha1('ana', 'ramal')).toEqual([]);
  });

  it('closes administration to others', async () => {
    const token = await server.login('ana');
    const answer = await server.call('GET', '/api/v1/admin/users', { token });
    expect(answer.status).toBe(403);
    expect(answer.json['code']).toBe('auth.forbidden');
    expect((await server.call('GET', '/api/v1/admin/users')).json['code']).toBe('auth.required');
  });

  it('adds, changes and deactivates people, and tells it in the audit trail', async () => {
    const token = await server.login('admin');
    const wish = {
      username: 'Daniel',
      name: 'Daniel',
      role: 'operator',
      queues: ['suporte'],
      password: SEED_PASSWORD,
    };
    const made = await server.call('POST', '/api/v1/admin/users', { token, body: wish });
    expect(made.status).toBe(201);
    expect(made.json['username']).toBe('daniel');
    expect((await server.call('POST', '/api/v1/admin/users', { token, body: wish })).json['code']).toBe(
      'user.exists',
    );
    const his = await server.login('daniel');
    const path = `/api/v1/admin/users/${made.json['id'] as string}`;
    const ended: string[] = [];
    server.access.onSessionEnd((end) => ended.push(`${end.username} ${end.reason}`));
    const closed = await server.call('PATCH', path, { token, body: { active: false } });
    expect(closed.json['active']).toBe(false);
    expect(ended).toEqual(['daniel deactivated']);
    expect((await server.call('GET', '/api/v1/me', { token: his })).status).toBe(401);
    expect((await login('daniel', SEED_PASSWORD)).status).toBe(401);
    const trail = await server.call('GET', `/api/v1/admin/audit?target=${made.json['id'] as string}`, {
      token,
    });
    const actions = (trail.json['items'] as { action: string }[]).map((entry) => entry.action);
    // How the person came in, or not, is told between.
    expect(actions).toContain('auth.login');
    expect(actions.filter((action) => action.startsWith('user.'))).toEqual(['user.update', 'user.create']);
    expect(trail.text).not.toContain(SEED_PASSWORD);
  });

  it('keeps at least one administrator', async () => {
    const token = await server.login('admin');
    const { json } = await server.call('GET', '/api/v1/me', { token });
    const path = `/api/v1/admin/users/${json['id'] as string}`;
    const answer = await server.call('PATCH', path, { token, body: { role: 'operator' } });
    expect(answer.json['code']).toBe('user.lastAdmin');
  });

  it('pages a list newest first', async () => {
    const token = await server.login('admin');
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const { json } = await server.call('GET', `/api/v1/admin/users?limit=2${cursor}`, { token });
      const items = json['items'] as { username: string }[];
      expect(items.length).toBeLessThanOrEqual(2);
      seen.push(...items.map((user) => user.username));
      if (json['nextCursor'] === null) break;
      cursor = `&cursor=${json['nextCursor'] as string}`;
    }
    expect(seen).toEqual(['daniel', 'admin', 'supervisor', 'carla', 'bruno', 'ana']);
  });

  it('opens to an API key what its scopes and role allow', async () => {
    const token = await server.login('admin');
    const body = { name: 'BI', role: 'admin', scopes: ['users:read'] };
    const made = await server.call('POST', '/api/v1/admin/api-keys', { token, body });
    const key = made.json['key'] as string;
    expect(key).toMatch(/^rk_/);
    expect((await server.call('GET', '/api/v1/admin/users', { token: key })).status).toBe(200);
    expect((await server.call('GET', '/api/v1/admin/audit', { token: key })).json['code']).toBe('auth.scope');
    expect((await server.call('GET', '/api/v1/me', { token: key })).status).toBe(403);
    expect((await server.call('GET', '/api/v1/admin/api-keys', { token })).text).not.toContain(key);
    await server.call('PATCH', `/api/v1/admin/api-keys/${made.json['id'] as string}`, {
      token,
      body: { active: false },
    });
    expect((await server.call('GET', '/api/v1/admin/users', { token: key })).status).toBe(401);
  });
});

describe('first start', () => {
  it('opens once with the link', async () => {
    const first = await startAccessServer({ seed: false });
    const token = await first.access.setup.firstStartToken();
    const body = { token, username: 'chefe', name: 'Chefe', password: 'uma senha bem longa' };
    const weak = await first.call('POST', '/api/v1/setup', { body: { ...body, password: 'chefe12345' } });
    expect(weak.status).toBe(422);
    const done = await first.call('POST', '/api/v1/setup', { body });
    expect(done.status).toBe(201);
    expect((await first.call('POST', '/api/v1/setup', { body: { ...body, username: 'outro' } })).status).toBe(
      403,
    );
    expect(await first.access.setup.firstStartToken()).toBeUndefined();
    const login = await first.call('POST', '/api/v1/auth/login', {
      body: { username: 'chefe', password: 'uma senha bem longa' },
    });
    expect(login.status).toBe(200);
    await first.stop();
  });

  it('keeps sessions over a restart, and a second seed changes nothing', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'ramal-restart-'));
    const before = await startAccessServer({ dataDir });
    const token = await before.login('ana');
    await before.stop();
    const after = await startAccessServer({ dataDir });
    expect((await after.call('GET', '/api/v1/me', { token })).json['username']).toBe('ana');
    expect(after.companyId).toBe(before.companyId);
    expect(await after.access.users.count()).toBe(5);
    expect(after.company.directory.trunks()).toHaveLength(1);
    expect(after.company.directory.did('551140004000')).toMatchObject({ flow: 'principal.yaml' });
    await after.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('refuses an old link', async () => {
    const server = await startAccessServer({ seed: false });
    const token = await server.access.setup.firstStartToken();
    server.clock.advance(24 * 3_600_000 + 1);
    const body = { token, username: 'chefe', name: 'Chefe', password: 'uma senha bem longa' };
    expect((await server.call('POST', '/api/v1/setup', { body })).json['code']).toBe('setup.token');
    await server.stop();
  });
});
