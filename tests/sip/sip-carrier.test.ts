import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RegistrationStatus } from '../../src/voice/ports.ts';
import { embedded, type OpenedEdge } from '../contract/sip-edge-engines.ts';
import { SDP } from '../contract/sip-edge-peer.ts';
import { programs } from '../support/programs.ts';
import { ACCOUNT, type Carrier, type RegisterStep, sippCarrier } from '../support/sipp-carrier.ts';
import { manualClock } from './sip-manual-clock.ts';

const { sipp } = programs;
const CHALLENGE: RegisterStep = { says: 'challenge' };
const LEAVES: readonly RegisterStep[] = [
  { expires: 0, says: 'challenge' },
  { expires: 0, says: { grants: 0 } },
];

/** The uri of the last Proxy-Authorization, whose answer is that of our password (RFC 7616 §3.4.1): sipp reads only the other header. */
function passwordOf(trace: string): string | undefined {
  const value = [...trace.matchAll(/^Proxy-Authorization: Digest (.*)$/gim)].at(-1)?.[1] ?? '';
  const said = Object.fromEntries(
    [...value.matchAll(/(\w+)="?([^",\r]+)"?/g)].map(([, name = '', text = '']) => [name, text]),
  );
  const md5 = (...parts: readonly (string | undefined)[]): string =>
    createHash('md5').update(parts.join(':')).digest('hex');
  const secret = md5(ACCOUNT.username, 'carrier', ACCOUNT.password);
  const right = md5(secret, '9f2c1a', said['nc'], said['cnonce'], 'auth', md5('INVITE', said['uri']));
  return said['response'] === right ? said['uri'] : undefined;
}

/** Our registration at a carrier whose registrar is sipp. Time is turned by hand; the network is real. */
describe.skipIf(!sipp)('a carrier that we register with (needs the program sipp)', () => {
  let clock = manualClock();
  let opened: OpenedEdge;
  let carrier: Carrier | undefined;
  beforeEach(async () => {
    clock = manualClock();
    opened = await embedded.open({ clock });
  });
  afterEach(async () => {
    carrier?.stop();
    const stopped = opened.stop();
    clock.advance(1000);
    await stopped;
  });

  async function registers(
    steps: readonly RegisterStep[],
    more: { takesCall?: boolean; password?: string } = {},
  ): Promise<Carrier> {
    carrier = await sippCarrier(sipp ?? '', steps, more);
    opened.edge.setTrunks([
      {
        id: 'out',
        peers: [],
        trustsAssertedIdentity: false,
        // Nobody is there by this name: all goes by the proxy.
        proxy: `sip:127.0.0.1:${carrier.port}`,
        registration: {
          ...ACCOUNT,
          registrar: 'sip:carrier.invalid',
          expiresS: 60,
          ...(more.password === undefined ? {} : { password: more.password }),
        },
      },
    ]);
    return carrier;
  }
  /** sipp may not listen yet: the REGISTER is repeated as on any network (timer E). */
  const stands = (wanted: Partial<RegistrationStatus>): Promise<void> =>
    expect
      .poll(
        () => {
          clock.advance(10);
          return opened.edge.registrationOf('out');
        },
        { timeout: 10_000, interval: 20 },
      )
      .toMatchObject(wanted);
  const heard = ({ trace }: Carrier, what: RegExp, times: number): Promise<void> =>
    expect
      .poll(
        () => {
          clock.advance(10);
          return trace().match(what)?.length ?? 0;
        },
        { timeout: 10_000, interval: 20 },
      )
      .toBe(times);

  it('registers with its password, comes again before the time is over, and leaves when the trunk is removed', async () => {
    const registrar = await registers([
      CHALLENGE,
      { expires: 60, says: { grants: 4 } },
      CHALLENGE,
      { expires: 60, says: { grants: 4 } },
      ...LEAVES,
    ]);
    await stands({ state: 'registered' });
    const status = opened.edge.registrationOf('out');
    const expiresAt = status?.state === 'registered' ? status.expiresAt : new Date(0);
    clock.advance(expiresAt.getTime() - clock.now() - 1);
    await heard(registrar, /^SIP\/2\.0 200 OK/gm, 2);
    await stands({ state: 'registered' });
    opened.edge.setTrunks([]);
    expect(await registrar.ended).toBe(0);
    expect(opened.edge.registrationOf('out')).toBeUndefined();
  });

  it('leaves when the server stops', async () => {
    const registrar = await registers([CHALLENGE, { says: { grants: 600 } }, ...LEAVES]);
    await stands({ state: 'registered' });
    await opened.stop();
    expect(await registrar.ended).toBe(0);
  });

  it('asks for as long as the registrar wants at least (423)', async () => {
    const registrar = await registers([
      { expires: 60, says: { status: 423, reason: 'Interval Too Brief', header: 'Min-Expires: 90' } },
      { expires: 90, says: 'challenge' },
      { expires: 90, says: { grants: 90 } },
      ...LEAVES,
    ]);
    await stands({ state: 'registered' });
    opened.edge.setTrunks([]);
    expect(await registrar.ended).toBe(0);
  });

  it.each([
    ['an account that is closed', ACCOUNT.password, { status: 403, reason: 'Account Closed' }],
    ['a wrong password', 'something else', { status: 403, reason: 'Wrong Password' }],
    ['a binding that is not kept', ACCOUNT.password, { status: 200, reason: 'Not Bound' }],
  ])('tells of %s, and tries again later', async (_what, password, told) => {
    const last = told.reason === 'Account Closed' ? told : { grants: told.status === 200 ? 0 : 60 };
    const registrar = await registers([CHALLENGE, { cseq: 2, says: last }, { cseq: 3, says: 'nothing' }], {
      password,
    });
    await stands({ state: 'failed', ...told });
    const status = opened.edge.registrationOf('out');
    const retryAt = status?.state === 'failed' ? status.retryAt.getTime() : 0;
    expect(retryAt - clock.now()).toBeGreaterThan(14_000);
    clock.advance(retryAt - clock.now());
    expect(await registrar.ended).toBe(0);
  });

  it('tells of one that says nothing, and tries again after growing pauses', async () => {
    const registrar = await registers([
      { cseq: 1, says: 'nothing' },
      { cseq: 2, says: 'nothing' },
      { cseq: 3, says: 'nothing' },
    ]);
    await heard(registrar, /^REGISTER /gm, 1);
    const pauses: number[] = [];
    for (let round = 0; round < 2; round++) {
      clock.advance(32_000);
      await stands({ state: 'failed', status: 408 });
      const status = opened.edge.registrationOf('out');
      pauses.push(status?.state === 'failed' ? status.retryAt.getTime() - clock.now() : 0);
      clock.advance(pauses.at(-1) ?? 0);
      await expect
        .poll(() => registrar.trace(), { timeout: 10_000 })
        .toMatch(new RegExp(`CSeq: ${round + 2} `, 'i'));
    }
    expect(pauses[1]).toBeGreaterThanOrEqual(pauses[0] ?? Infinity);
    expect(await registrar.ended).toBe(0);
  });

  it('calls through it by the proxy, with the password that 407 asks for', async () => {
    const far = await registers([CHALLENGE, { says: { grants: 600 } }, ...LEAVES], { takesCall: true });
    await stands({ state: 'registered' });
    let rang = false;
    const dialog = await opened.edge.invite({
      to: { kind: 'trunk', trunkId: 'out', number: '+5511999990000' },
      callerUser: ACCOUNT.username,
      localSdp: SDP(5000),
      onRinging: () => void (rang = true),
    });
    expect([rang, dialog.remoteSdp.includes('m=audio 4000')]).toEqual([true, true]);
    await dialog.bye();
    await heard(far, /^BYE /gm, 1);
    opened.edge.setTrunks([]);
    expect(await far.ended).toBe(0);
    const uri = 'sip:+5511999990000@carrier.invalid';
    expect(far.trace()).toContain(`\nINVITE ${uri} SIP/2.0`);
    expect(passwordOf(far.trace())).toBe(uri);
  });
});
