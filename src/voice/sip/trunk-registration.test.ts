import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../tests/sip/sip-manual-clock.ts';
import type { TrunkConfig } from '../ports.ts';
import { parseCredentials } from './digest.ts';
import type { SrfLike, SrfRequest, SrfResponse } from './srf-types.ts';
import { createTrunkRegistrations } from './trunk-registration.ts';

interface Asked {
  readonly headers: Readonly<Record<string, string>>;
  readonly proxy: string | undefined;
  answer(status: number, headers?: Record<string, string>): void;
}

const TRUNK: TrunkConfig = {
  id: 't',
  peers: [],
  trustsAssertedIdentity: false,
  registration: { registrar: 'sip:carrier.example', username: '+551133334444', password: 'p', expiresS: 600 },
};

function rig() {
  const clock = manualClock();
  const asked: Asked[] = [];
  const learned: string[] = [];
  const srf = {
    request(
      _uri: string,
      options: { headers: Record<string, string>; proxy?: string },
      callback: (e: null, r: SrfRequest) => void,
    ) {
      const handlers: ((response: SrfResponse) => void)[] = [];
      callback(null, {
        ...{
          method: 'REGISTER',
          uri: '',
          protocol: 'udp',
          source_address: '10.0.0.5',
          source_port: 5060,
          body: '',
        },
        ...{ get: () => undefined, has: () => false, cancel: () => undefined },
        on: (_event: string, handler: never) => void handlers.push(handler),
      });
      asked.push({
        headers: options.headers,
        proxy: options.proxy,
        answer(status, headers = {}) {
          const get = (name: string): string | undefined => headers[name];
          for (const handler of handlers)
            handler({
              ...{ status, reason: 'Said', body: '', finalResponseSent: true },
              get,
              has: () => false,
              send: () => undefined,
            });
        },
      });
    },
  } as unknown as SrfLike;
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const registrations = createTrunkRegistrations({
    ...{ srf, clock, logger },
    random: { bytes: (n) => new Uint8Array(n).fill(255) },
    onRegistered: (id, address) => void learned.push(`${id} ${address}`),
  });
  /** The next REGISTER that was sent. */
  const next = async (): Promise<Asked> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
    const first = asked.shift();
    if (first === undefined) throw new Error('no REGISTER');
    return first;
  };
  const settled = async (): Promise<number> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
    return asked.length;
  };
  return { clock, registrations, next, settled, learned };
}
const CHALLENGE = { 'www-authenticate': 'Digest realm="carrier", nonce="n1", qop="auth"' };

describe('registration at a trunk', () => {
  it('gives its password when asked, refreshes at half of what was granted, under one Call-ID', async () => {
    const { clock, registrations, next, settled, learned } = rig();
    registrations.set([TRUNK]);
    expect(registrations.status('t')).toMatchObject({ state: 'registering' });
    const first = await next();
    expect(first.headers).toMatchObject({
      From: '<sip:+551133334444@carrier.example>',
      To: '<sip:+551133334444@carrier.example>',
      Contact: '<sip:+551133334444@localhost>',
      Expires: '600',
      CSeq: '1 REGISTER',
    });
    first.answer(401, CHALLENGE);
    const second = await next();
    expect(parseCredentials(second.headers['Authorization'])).toMatchObject({
      username: '+551133334444',
      realm: 'carrier',
      uri: 'sip:carrier.example',
    });
    second.answer(200, {
      contact: '<sip:other@1.2.3.4>;expires=9, <sip:+551133334444@127.0.0.1>;expires=300',
    });
    await settled();
    expect(registrations.status('t')).toMatchObject({
      state: 'registered',
      expiresAt: new Date(clock.now() + 300_000),
    });
    expect(learned).toEqual(['t 10.0.0.5']);
    clock.advance(149_999);
    expect(await settled()).toBe(0);
    clock.advance(1);
    const refresh = await next();
    expect([refresh.headers['Call-ID'], refresh.headers['CSeq']]).toEqual([
      first.headers['Call-ID'],
      '3 REGISTER',
    ]);
    refresh.answer(200, { expires: '3600' });
    await settled();
    clock.advance(3_000_000 - 1);
    expect(await settled()).toBe(0);
    clock.advance(1);
    await next();
  });

  it.each([
    ['6', 3_000],
    ['1', 1_000],
  ])('refreshes in time what was granted for %s s only', async (expires, ms) => {
    const { clock, registrations, next, settled } = rig();
    registrations.set([TRUNK]);
    (await next()).answer(200, { expires });
    await settled();
    clock.advance(ms - 1);
    expect(await settled()).toBe(0);
    clock.advance(1);
    await next();
  });

  it('one that is granted for no time at all has failed, and is not taken back', async () => {
    const { clock, registrations, next, settled } = rig();
    registrations.set([TRUNK]);
    (await next()).answer(200, { contact: '<sip:+551133334444@127.0.0.1>;expires=0' });
    await settled();
    expect(registrations.status('t')).toMatchObject({
      ...{ state: 'failed', status: 200, reason: 'Not Bound' },
      retryAt: new Date(clock.now() + 30_000),
    });
    await registrations.stop();
    expect(await settled()).toBe(0);
  });

  it('a refused one is tried again with growing pauses, and says why', async () => {
    const { clock, registrations, next, settled } = rig();
    registrations.set([TRUNK]);
    (await next()).answer(401, CHALLENGE);
    (await next()).answer(401, CHALLENGE); // wrong password: not asked for ever
    expect(await settled()).toBe(0);
    const failedAt = clock.now();
    expect(registrations.status('t')).toMatchObject({
      state: 'failed',
      status: 401,
      retryAt: new Date(failedAt + 30_000),
    });
    for (const pause of [30_000, 60_000, 120_000]) {
      clock.advance(pause - 1);
      expect(await settled()).toBe(0);
      clock.advance(1);
      (await next()).answer(503);
      await settled();
    }
    expect(registrations.status('t')).toMatchObject({
      state: 'failed',
      status: 503,
      since: new Date(failedAt),
    });
    clock.advance(240_000);
    (await next()).answer(503, { 'retry-after': '900' });
    await settled();
    clock.advance(899_999);
    expect(await settled()).toBe(0);
    clock.advance(1);
    (await next()).answer(200);
    await settled();
    expect(registrations.status('t')).toMatchObject({ state: 'registered' });
  });

  it('a carrier that asks for a day is asked again after half an hour', async () => {
    const { clock, registrations, next, settled } = rig();
    registrations.set([TRUNK]);
    (await next()).answer(503, { 'retry-after': '86400' });
    await settled();
    expect(registrations.status('t')).toMatchObject({ retryAt: new Date(clock.now() + 1_800_000) });
    clock.advance(1_800_000);
    (await next()).answer(200);
    await settled();
    expect(registrations.status('t')).toMatchObject({ state: 'registered' });
  });

  it('an old nonce is answered once more, a longer time than asked for is taken', async () => {
    const { registrations, next, settled } = rig();
    registrations.set([TRUNK]);
    (await next()).answer(401, CHALLENGE);
    (await next()).answer(401, {
      'www-authenticate': 'Digest realm="carrier", nonce="n2", stale=true, qop="auth"',
    });
    const third = await next();
    expect(third.headers['Authorization']).toContain('nonce="n2"');
    third.answer(423, { 'min-expires': '1800' });
    const fourth = await next();
    expect(fourth.headers['Expires']).toBe('1800');
    fourth.answer(200);
    await settled();
    expect(registrations.status('t')).toMatchObject({ state: 'registered' });
  });

  it('is taken back when the trunk goes or the server stops, begins anew when it changes, and stays when nothing did', async () => {
    const { clock, registrations, next, settled } = rig();
    registrations.set([TRUNK]);
    (await next()).answer(200);
    await settled();
    registrations.set([{ ...TRUNK, trustsAssertedIdentity: true }]);
    expect(await settled()).toBe(0);
    registrations.set([{ ...TRUNK, proxy: 'sip:10.0.0.1' }]);
    const left = await next();
    expect(left.headers['Expires']).toBe('0');
    expect(registrations.status('t')).toMatchObject({ state: 'registering' });
    // A late copy of it would take the new binding away: nothing is sent before it was answered.
    expect(await settled()).toBe(0);
    left.answer(200);
    const moved = await next();
    expect(moved.proxy).toBe('sip:10.0.0.1');
    moved.answer(200);
    await settled();
    const stopped = registrations.stop();
    const last = await next();
    expect(last.headers['Expires']).toBe('0');
    last.answer(200);
    await stopped;
    expect([registrations.status('t'), clock.pending()]).toEqual([undefined, 0]);
  });

  it('an old registrar that says nothing is not waited for without end', async () => {
    const { clock, registrations, next, settled } = rig();
    registrations.set([TRUNK]);
    (await next()).answer(200);
    await settled();
    registrations.set([{ ...TRUNK, proxy: 'sip:10.0.0.1' }]);
    expect((await next()).headers['Expires']).toBe('0');
    registrations.set([{ ...TRUNK, proxy: 'sip:10.0.0.2' }]);
    clock.advance(32_000);
    expect(await settled()).toBe(0);
    clock.advance(1_000);
    await settled();
    expect((await next()).proxy).toBe('sip:10.0.0.2');
    expect(await settled()).toBe(0);
  });

  it('stopped while it registers: no password any more, and what was taken all the same is taken back', async () => {
    const asked = rig();
    asked.registrations.set([TRUNK]);
    const first = await asked.next();
    asked.registrations.set([]);
    first.answer(401, CHALLENGE);
    expect(await asked.settled()).toBe(0);
    const late = rig();
    late.registrations.set([TRUNK]);
    const one = await late.next();
    const stopped = late.registrations.stop();
    one.answer(200);
    const back = await late.next();
    expect([back.headers['Expires'], back.headers['Call-ID']]).toEqual(['0', one.headers['Call-ID']]);
    back.answer(401, CHALLENGE);
    (await late.next()).answer(200);
    await stopped;
    expect(late.clock.pending()).toBe(0);
  });

  it('nothing is sent in clear that asks for TLS', async () => {
    const { registrations, settled } = rig();
    registrations.set([
      { ...TRUNK, registration: { ...TRUNK.registration!, registrar: 'sips:carrier.example' } },
    ]);
    expect(await settled()).toBe(0);
    expect(registrations.status('t')).toMatchObject({ state: 'failed', reason: 'No TLS' });
  });
});
