import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestHa1 } from '../../src/access/index.ts';
import { createRegistrar } from '../../src/voice/sip/registrar.ts';
import {
  type AccessServer,
  manualClock,
  SEED_PASSWORD,
  startAccessServer,
} from '../support/access-server.ts';

const NEXT = 'quatro cavalos verdes';

/** A password lives with the session that asked for it (contract.md, `/me/softphone`). */
describe('a softphone password', () => {
  let server: AccessServer;
  let ended: (readonly string[])[];
  beforeEach(async () => {
    server = await startAccessServer();
    ended = [];
    server.access.onSessionEnd((end) => ended.push(end.softphones));
  });
  afterEach(() => server.stop());

  const post = (path: string, token: string, body?: object) =>
    server.call('POST', `/api/v1/${path}`, { token, ...(body === undefined ? {} : { body }) });
  async function phone(token: string): Promise<string> {
    const { json } = await server.call('GET', '/api/v1/me/softphone', { token });
    return digestHa1('ana', 'ramal', json['password'] as string);
  }
  const opens = () => server.access.softphones.ha1('ana', 'ramal');
  async function admin(path: string, body: object): Promise<void> {
    const token = await server.login('admin');
    const people = (await server.call('GET', '/api/v1/admin/users', { token })).json['items'];
    const ana = (people as { id: string; username: string }[]).find(({ username }) => username === 'ana');
    await server.call('PATCH', `/api/v1/admin/users/${ana?.id ?? ''}${path}`, { token, body });
  }

  it('dies with logout, and that of another session lives on', async () => {
    const [one, two] = [await server.login('ana'), await server.login('ana')];
    const [first, second] = [await phone(one), await phone(two)];
    await post('auth/logout', one);
    expect(await opens()).toEqual([second]);
    expect(ended).toEqual([[first]]);
  });

  it.each([
    ['a reset by the administrator', { password: NEXT }],
    ['a deactivation', { active: false }],
  ])('dies with %s', async (_what, body) => {
    const mine = await phone(await server.login('ana'));
    await admin('', body);
    expect(await opens()).toEqual([]);
    expect(ended).toEqual([[mine]]);
  });

  it('dies with the sessions that a new password ends, not with the one that changed it', async () => {
    const [one, two] = [await server.login('ana'), await server.login('ana')];
    const [first, second] = [await phone(one), await phone(two)];
    await post('auth/password', one, { current: SEED_PASSWORD, next: NEXT });
    expect(await opens()).toEqual([first]);
    expect(ended).toEqual([[second]]);
  });

  it('dies with a session that nobody asks with any more, and its registration with it', async () => {
    const mine = await phone(await server.login('ana'));
    server.clock.advance(2 * 3_600_000 - 60_000);
    // Asked for before, registered meanwhile: too old to open another, still known to be of this session.
    expect(await opens()).toEqual([]);
    server.clock.advance(2 * 60_000);
    await server.access.logins.sweep();
    expect(ended).toEqual([[mine]]);
  });
});

describe('a registration', () => {
  it('ends with the password that opened it; that of another session stays', () => {
    const registrar = createRegistrar(manualClock());
    const binding = (contact: string, ha1: string) => ({
      username: 'ana',
      contact: `sip:${contact}`,
      instance: undefined,
      peer: { transport: 'ws' as const, address: '127.0.0.1', port: contact.length },
      callId: contact,
      cseq: 1,
      userAgent: undefined,
      ha1,
      expiresAt: Number.MAX_SAFE_INTEGER,
    });
    registrar.put(binding('a', 'h1'));
    registrar.put(binding('bb', 'h2'));
    registrar.end('ana', ['h1', 'h3']);
    expect(registrar.of('ana').map(({ ha1 }) => ha1)).toEqual(['h2']);
    registrar.stop();
  });
});
