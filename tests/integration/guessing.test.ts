import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AccessServer, SEED_PASSWORD, startAccessServer } from '../support/access-server.ts';

const HOME = '198.51.100.7';
const PARTED_MS = 16 * 60_000;

describe('passwords that are guessed', () => {
  let server: AccessServer;
  beforeAll(async () => {
    server = await startAccessServer({ trustProxy: 'loopback' });
  });
  beforeEach(() => server.clock.advance(PARTED_MS));
  afterAll(() => server.stop());

  const login = (username: string, password: string, from: string) =>
    server.call('POST', '/api/v1/auth/login', {
      body: { username, password },
      headers: { 'x-forwarded-for': from },
    });
  const guess = async (username: string, from: string, times = 1): Promise<string> => {
    let code = '';
    for (let i = 0; i < times; i++) code = (await login(username, 'wrong', from)).json['code'] as string;
    return code;
  };
  const trail = async (action: string) => {
    const token = (await login('admin', SEED_PASSWORD, HOME)).json['token'] as string;
    const answer = await server.call('GET', `/api/v1/admin/audit?limit=200&action=${action}`, { token });
    return answer.json['items'] as { target: { id: string }; data: Record<string, unknown> }[];
  };

  it('lock the name where it was guessed, not where its owner is', async () => {
    expect(await guess('ana', '203.0.113.1', 6)).toBe('auth.locked');
    expect((await login('ana', SEED_PASSWORD, '203.0.113.1')).status).toBe(429);
    expect((await login('ana', SEED_PASSWORD, HOME)).status).toBe(200);
    // One customer of IPv6 has a whole /64 to guess from.
    for (let i = 1; i <= 5; i++) await guess('carla', `2001:db8:1:2::${i}`);
    expect(await guess('carla', '2001:db8:1:2:ffff::1')).toBe('auth.locked');
  });

  it.each(['bruno', 'a-name-that-nobody-has'])(
    'from many addresses slow %s down there, and never at a known address of its owner',
    async (name) => {
      await login(name, SEED_PASSWORD, HOME);
      server.clock.advance(PARTED_MS);
      for (let i = 11; i <= 20; i++) expect(await guess(name, `203.0.113.${i}`)).toBe('auth.refused');
      const slowed = await login(name, 'wrong', '203.0.113.6');
      expect(slowed).toMatchObject({ status: 429, json: { code: 'auth.slow' } });
      expect(slowed.headers.get('retry-after')).toBe('1');
      // Asking on does not lengthen it.
      await guess(name, '203.0.113.7', 3);
      expect((await login(name, SEED_PASSWORD, HOME)).status).toBe(name === 'bruno' ? 200 : 429);
      server.clock.advance(1_000);
      expect(await guess(name, '203.0.113.8')).toBe('auth.refused');
      expect((await login(name, 'wrong', '203.0.113.9')).headers.get('retry-after')).toBe('2');
    },
  );

  it('all at once from a hundred addresses: no more than the free ones are checked', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => guess('supervisor', `192.0.2.${i}`)),
    );
    expect(answers.filter((code) => code === 'auth.refused').length).toBeLessThanOrEqual(10);
  });

  it('are limited at the change of the password too', async () => {
    const token = (await login('carla', SEED_PASSWORD, HOME)).json['token'] as string;
    const change = async (current: string) =>
      (
        await server.call('POST', '/api/v1/auth/password', {
          token,
          body: { current, next: 'quatro cavalos verdes' },
          headers: { 'x-forwarded-for': HOME },
        })
      ).json['code'];
    for (let i = 0; i < 5; i++) expect(await change('wrong')).toBe('password.wrong');
    expect(await change(SEED_PASSWORD)).toBe('auth.locked');
  });

  it('an administrator opens the name again; that and unknown names are in the trail, masked', async () => {
    await guess('ana', HOME, 6);
    const admin = (await login('admin', SEED_PASSWORD, HOME)).json['token'] as string;
    const people = await server.call('GET', '/api/v1/admin/users', { token: admin });
    const { id = '' } =
      (people.json['items'] as { id: string; username: string }[]).find((p) => p.username === 'ana') ?? {};
    const unlock = `/api/v1/admin/users/${id}/unlock`;
    const locked = async (): Promise<string[]> => {
      const { json } = await server.call('GET', '/api/v1/admin/users', { token: admin });
      const all = json['items'] as { username: string; locked: boolean }[];
      return all.filter((one) => one.locked).map(({ username }) => username);
    };
    expect(await locked()).toEqual(['ana']);
    expect((await server.call('POST', unlock, { token: admin })).status).toBe(204);
    expect(await locked()).toEqual([]);
    expect((await login('ana', SEED_PASSWORD, HOME)).status).toBe(200);
    for (let i = 11; i <= 21; i++) await guess('bruno', `203.0.113.${i}`);
    // From many addresses: locked at none of them, slowed at all.
    expect(await locked()).toEqual(['bruno']);
    expect((await trail('user.unlock')).map(({ target }) => target.id)).toEqual([id]);
    await guess('minha-senha-secreta', HOME);
    const [unknown] = await trail('auth.unknown');
    expect(unknown?.data).toMatchObject({ name: 'mi…', length: 19, address: HOME });
  });

  it('a million unknown names do not fill the trail', async () => {
    const before = (await trail('auth.unknown')).length;
    server.clock.advance(3_600_000);
    for (let i = 0; i < 80; i++) await guess(`nobody-${i}`, HOME);
    expect((await trail('auth.unknown')).length - before).toBe(60);
  });
});
