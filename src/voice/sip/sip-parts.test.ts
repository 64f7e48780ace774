import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../tests/sip/sip-manual-clock.ts';
import type { RegistrationChange } from '../ports.ts';
import { createBans, OFFENCE } from './admission.ts';
import { prefersFlow, routeOf } from './embedded/dialogs.ts';
import type { Flow } from './embedded/flow.ts';
import { expiryDelayMs, parseSessionExpires } from './embedded/sessions.ts';
import { parseSip } from './embedded/sip-message.ts';
import { parseNameAddress, parseUri, parseVia, splitList, tagOf, userOf } from './embedded/sip-values.ts';
import { FramingError, StreamFraming } from './embedded/stream-framing.ts';
import { type Binding, createRegistrar } from './registrar.ts';
import { answerSession } from './session-offer.ts';

describe('stream framing', () => {
  const message = 'OPTIONS sip:x SIP/2.0\r\nl: 3\r\n\r\nabc';
  it('cuts by Content-Length whatever the chunks, and sees pings', () => {
    const bytes = Buffer.from(`\r\n${message}\r\n\r\n${message}`);
    for (let size = 1; size < bytes.length; size++) {
      const framing = new StreamFraming();
      const frames = [];
      for (let i = 0; i < bytes.length; i += size) frames.push(...framing.push(bytes.subarray(i, i + size)));
      expect(frames.filter((f) => f.kind === 'message').map((f) => f.text)).toEqual([message, message]);
    }
    expect([...new StreamFraming().push(Buffer.from('\r\n\r\n'))]).toEqual([{ kind: 'ping' }]);
  });
  it('gives up on what has no end', () => {
    const all = (text: string): unknown => [...new StreamFraming().push(Buffer.from(text))];
    for (const text of ['A b SIP/2.0\r\n\r\n', 'A b SIP/2.0\r\nl: 999999999\r\n\r\n', 'A'.repeat(70_000)])
      expect(() => all(text)).toThrow(FramingError);
  });
  it('gives what came whole before the nonsense', () => {
    const frames = new StreamFraming().push(Buffer.from(`${message}A b SIP/2.0\r\n\r\n`));
    expect(frames.next().value).toEqual({ kind: 'message', text: message });
    expect(() => frames.next()).toThrow(FramingError);
  });
});

describe('the parser', () => {
  it('reads names in lower case, whatever drachtio-srf is told by the environment', () => {
    process.env['DRACHTIO_PRESERVE_HEADER_NAMES'] = 'Call-ID';
    try {
      expect(parseSip('OPTIONS sip:x SIP/2.0\r\nCall-ID: 1\r\n\r\n')?.headers).toEqual({ 'call-id': '1' });
    } finally {
      delete process.env['DRACHTIO_PRESERVE_HEADER_NAMES'];
    }
  });
});

describe('readings', () => {
  it('names, tags, URIs, lists, Vias', () => {
    expect(parseNameAddress('"A, \\"B\\"" <sip:a@b;x=1>;tag=2')).toEqual({
      name: 'A, "B"',
      uri: 'sip:a@b;x=1',
      params: { tag: '2' },
    });
    expect(parseNameAddress('sip:a@b;tag=2')?.params['tag']).toBe('2');
    expect(tagOf('<sip:a;tag=no@b>;tag=yes')).toBe('yes');
    expect(parseUri('sip:+55;p=1@[::1]:5070;transport=tcp')).toMatchObject({
      host: '::1',
      port: 5070,
      params: { transport: 'tcp' },
    });
    expect(parseUri('tel:+55')).toBeUndefined();
    expect(parseUri('sip:a@b:99999')).toBeUndefined();
    expect(splitList('"a,b" <sip:x,y>, c')).toEqual(['"a,b" <sip:x,y>', 'c']);
    expect(parseVia('SIP / 2.0 / UDP h:5 ;branch=z;rport')).toMatchObject({
      host: 'h',
      port: 5,
      params: { branch: 'z', rport: '' },
    });
  });
  it.each([
    ['sip:+5511987654321;cpc=ordinary@carrier', '+5511987654321'],
    ['sip:+5511987654321;npdi;rn=+5511;cpc=payphone@carrier:5060;user=phone', '+5511987654321'],
    ['sips:%2B5511987654321;cpc=ordinary@carrier', '+5511987654321'],
    ['sip:5511%39%38765-4321@carrier', '551198765-4321'],
    ['sip:ana%20maria:secret@desk', 'ana maria'],
    ['sip:ana;tag=x:secret@desk', 'ana'],
    ['sip:100%25@desk', '100%'],
    ['sip:%E9t%E9@desk', '%E9t%E9'], // no UTF-8
    ['sip:semi%3Bcolon@desk', 'semi;colon'],
    ['sip:3333-4444;phone-context=+5511@carrier', '+55113333-4444'],
    ['sip:*611;phone-context=+5511@carrier', '*611'],
    ['tel:+55-11-98765-4321;cpc=ordinary', '+55-11-98765-4321'],
    ['tel:33334444;phone-context=+5511', '+551133334444'],
    ['sip:carrier', undefined],
    ['mailto:a@b', undefined],
  ])('the user of %s is %s', (uri, user) => {
    expect(userOf(uri)).toBe(user);
  });
});

describe('session timers (RFC 4028)', () => {
  it('who refreshes', () => {
    const ask = (headers: Record<string, string>) => answerSession({ get: (name) => headers[name] });
    // Who asks for none gets one that we keep alone.
    expect(ask({})).toEqual({ kind: 'agreed', headers: { 'Session-Expires': '1800;refresher=uas' } });
    expect(ask({ 'session-expires': '89' })).toEqual({ kind: 'tooSmall' });
    expect(ask({ 'session-expires': '90' })).toMatchObject({
      headers: { 'Session-Expires': '90;refresher=uas' },
    });
    expect(ask({ 'session-expires': '90', supported: 'timer' })).toMatchObject({
      headers: { 'Session-Expires': '90;refresher=uac', Require: 'timer' },
    });
    expect(parseSessionExpires('120;refresher=uas')).toEqual({ seconds: 120, refresher: 'uas' });
    expect([expiryDelayMs(90), expiryDelayMs(1800)]).toEqual([60_000, 1_768_000]);
  });
});

describe('routes (RFC 3261 §12.2.1.1)', () => {
  it('loose and strict', () => {
    expect(routeOf({ remoteTarget: 'sip:t', routeSet: ['<sip:p;lr>'] })).toEqual({
      uri: 'sip:t',
      routes: ['<sip:p;lr>'],
      nextHop: 'sip:p;lr',
    });
    expect(routeOf({ remoteTarget: 'sip:t', routeSet: ['<sip:p>', '<sip:q>'] })).toEqual({
      uri: 'sip:p',
      routes: ['<sip:q>', '<sip:t>'],
      nextHop: 'sip:p',
    });
  });
  it('answers behind NAT go where the request came from', () => {
    const flow = { protocol: 'udp', address: '203.0.113.9', port: 1 } as Flow;
    expect(prefersFlow('sip:a@192.168.0.2:5060', false, flow)).toBe(true);
    expect(prefersFlow('sip:a@198.51.100.7', false, flow)).toBe(false);
    expect(prefersFlow('sip:x.invalid', false, flow)).toBe(true);
    // The call is in clear already; its hang-up must arrive, and on the way that it came.
    expect(prefersFlow('sips:a@198.51.100.7', false, flow)).toBe(true);
    expect(prefersFlow('sip:a@198.51.100.7;transport=TLS', false, flow)).toBe(true);
  });
});

describe('registrar', () => {
  const clock = manualClock();
  const binding = (more: Partial<Binding>): Binding => ({
    username: 'ana',
    contact: 'sip:a@h',
    instance: undefined,
    peer: { transport: 'udp', address: '10.0.0.1', port: 5060 },
    callId: 'c',
    cseq: 1,
    userAgent: undefined,
    ha1: 'x',
    expiresAt: clock.steady() + 60_000,
    ...more,
  });
  it('newest first, out of order refused, expiry told', async () => {
    const registrar = createRegistrar(clock);
    const changes: RegistrationChange[] = [];
    registrar.onChange((change) => void changes.push(change));
    expect(registrar.put(binding({}))).toBe('ok');
    expect(registrar.put(binding({}))).toBe('outOfOrder');
    expect(registrar.put(binding({ cseq: 2, expiresAt: clock.steady() + 120_000 }))).toBe('ok');
    registrar.put(binding({ contact: 'sip:b@h', peer: { transport: 'ws', address: '10.0.0.2', port: 9 } }));
    expect(registrar.of('ana').map((b) => b.contact)).toEqual(['sip:b@h', 'sip:a@h']);
    clock.advance(60_000);
    expect(registrar.of('ana').map((b) => b.contact)).toEqual(['sip:a@h']);
    clock.advance(60_000);
    await Promise.resolve();
    expect(changes.map((c) => c.contacts)).toEqual([1, 2, 1, 0]);
    expect(clock.pending()).toBe(0);
  });
});

describe('bans', () => {
  it('ten points in a minute ban for ten minutes; a right password forgives', () => {
    const clock = manualClock();
    const banned: string[] = [];
    const bans = createBans(clock, (source) => void banned.push(source));
    for (let i = 0; i < 9; i++) bans.offend('a', OFFENCE.wrongPassword);
    bans.forgive('a');
    for (let i = 0; i < 9; i++) bans.offend('a', OFFENCE.wrongPassword);
    expect(bans.blocked('a')).toBe(false);
    bans.offend('a', OFFENCE.wrongPassword);
    expect([bans.blocked('a'), banned]).toEqual([true, ['a']]);
    bans.forgive('a');
    expect(bans.blocked('a')).toBe(true);
    clock.advance(600_001);
    expect(bans.blocked('a')).toBe(false);
  });
});
