import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fault, inPortuguese } from '../../src/contracts/field-words.ts';
import { type TrunkStatus, voiceRoutes, type VoiceRoutesDeps } from '../../src/voice/index.ts';
import { type AccessServer, startAccessServer } from '../support/access-server.ts';

const since = new Date('2026-11-22T12:00:00Z');
const STATUS: TrunkStatus = {
  ...{ id: 't1', used: 2, channels: 30 },
  registration: { state: 'failed', since, status: 403, reason: 'Forbidden', retryAt: since },
};
const PATH = '/api/v1/admin/trunks';
const trunk = { name: 'Operadora', channels: 10, direction: 'both', peers: ['10.0.0.5'] };

describe('trunks', () => {
  let server: AccessServer;
  let token: string;
  beforeAll(async () => {
    server = await startAccessServer({
      routes: voiceRoutes({
        trunkStatus: (_companyId: string, id: string) => (id === 't1' ? STATUS : undefined),
      } as unknown as VoiceRoutesDeps),
    });
    token = await server.login('admin');
  });
  afterAll(() => server.stop());

  it('one that asks for TLS is refused with its reason, new or changed; taking it out of use is not', async () => {
    for (const outboundUri of [
      'sips:carrier.example',
      'sip:carrier.example;transport=tls',
      'SIP:c;transport=TLS',
    ]) {
      const made = await server.call('POST', PATH, { token, body: { ...trunk, outboundUri } });
      expect([made.status, made.json['code'], made.json['fields']]).toEqual([
        ...[422, 'trunk.tlsUnsupported'],
        ['outboundUri'],
      ]);
    }
    const made = await server.call('POST', PATH, { token, body: trunk });
    const path = `${PATH}/${made.json['id'] as string}`;
    const changed = await server.call('PATCH', path, {
      token,
      body: { outboundUri: 'sips:carrier.example' },
    });
    expect([changed.status, changed.json['code']]).toEqual([422, 'trunk.tlsUnsupported']);
    expect((await server.call('PATCH', path, { token, body: { active: false } })).status).toBe(200);
  });

  it('keeps the password of a registration sealed and to itself, and what a change does not name', async () => {
    const registration = { registrar: 'sip:carrier.example', username: 'acct', password: 'very secret' };
    const more = {
      prefixes: [{ prefix: '+55', strip: 3, prepend: '0' }],
      userPhone: true,
      proxy: 'sip:10.0.0.9',
    };
    const body = { name: 'Com registro', channels: 5, direction: 'both', registration, ...more };
    const made = await server.call('POST', PATH, { token, body });
    expect(made.status).toBe(201);
    expect(made.json['registration']).toEqual({
      ...{ registrar: 'sip:carrier.example', username: 'acct' },
      ...{ expiresS: 600, hasPassword: true },
    });
    const id = made.json['id'] as string;
    const open = () => server.company.directory.trunks().find((one) => one.id === id);
    expect(open()).toMatchObject({ registration: { ...registration, expiresS: 600 }, ...more });
    const patch = (change: unknown) => server.call('PATCH', `${PATH}/${id}`, { token, body: change });
    const { password: _, ...without } = registration;
    expect((await patch({ registration: { ...without, username: 'other' } })).status).toBe(200);
    expect(open()?.registration).toMatchObject({ username: 'other', password: 'very secret' });
    expect((await patch({ channels: 6 })).status).toBe(200);
    expect(open()?.registration).toMatchObject({ username: 'other', password: 'very secret', expiresS: 600 });
    const list = await server.call('GET', PATH, { token });
    expect(list.text).not.toContain('very secret');
    expect(list.text).not.toContain('sealed');
    const gone = await patch({ registration: null });
    expect([gone.status, gone.json['code']]).toEqual([422, 'trunk.unreachable']);
    expect((await patch({ registration: null, peers: ['10.7.7.7'] })).status).toBe(200);
    expect(open()?.registration).toBeUndefined();
    const asked = await patch({ registration: without });
    expect([asked.status, asked.json['code']]).toEqual([422, 'trunk.password']);
    expect(asked.json['fields']).toEqual(['registration.password']);
  });

  it('keeps order, reserve, numbers to show and transports, and gives them up again', async () => {
    const more = {
      order: 1,
      reserve: 2,
      callerIds: ['(11) 4000-4000', '0800 123 4567'],
      transports: ['tcp'],
    };
    const made = await server.call('POST', PATH, {
      token,
      body: { ...trunk, peers: ['10.0.0.77'], ...more },
    });
    const kept = { ...more, callerIds: ['+551140004000', '08001234567'] };
    expect([made.status, made.json]).toEqual([201, expect.objectContaining(kept)]);
    const id = made.json['id'] as string;
    const open = () => server.company.directory.trunks().find((one) => one.id === id);
    expect(open()).toMatchObject(kept);
    const patch = (change: unknown) => server.call('PATCH', `${PATH}/${id}`, { token, body: change });
    for (const [change, code] of [
      [{ reserve: 10 }, 'trunk.reserve'],
      [{ channels: 2 }, 'trunk.reserve'],
      [{ transports: ['udp', 'tls'] }, 'trunk.tlsUnsupported'],
    ] as const)
      expect((await patch(change)).json['code']).toBe(code);
    for (const bad of [
      { order: -1 },
      { order: 1.5 },
      { transports: [] },
      { callerIds: ['190'] },
      { reserve: -1 },
    ])
      expect([bad, (await patch(bad)).status]).toEqual([bad, 400]);
    // Lines for callers only are nobody's reserve.
    expect((await patch({ direction: 'inbound', reserve: 10 })).status).toBe(200);
    expect((await patch({ order: null, reserve: null, callerIds: null, transports: null })).status).toBe(200);
    expect(Object.keys(open() ?? {})).not.toEqual(expect.arrayContaining(['order']));
    const bare = await server.call('GET', PATH, { token });
    expect(bare.text).not.toContain('"order"');
  });

  it('refuses a number that lacks a digit, wherever one is typed, and says what is missing', async () => {
    const short = '(11) 9876-5432';
    const dids = '/api/v1/admin/dids';
    const ask = (method: string, path: string, body: object, language = 'pt-BR') =>
      server.call(method, path, { token, body, headers: { 'accept-language': language } });
    const did = await ask('POST', dids, { number: '(11) 98765-4321', flow: 'principal.yaml' });
    expect([did.status, did.json['number']]).toEqual([201, '+5511987654321']);
    const line = await ask('POST', PATH, { ...trunk, peers: ['10.0.0.78'] });
    for (const [method, path, body, where] of [
      ['POST', dids, { number: short, flow: 'principal.yaml' }, 'body.number'],
      ['POST', PATH, { ...trunk, peers: ['10.0.0.79'], callerId: short }, 'body.callerId'],
      ['PATCH', `${PATH}/${String(line.json['id'])}`, { callerId: short }, 'body.callerId'],
      ['PATCH', `${PATH}/${String(line.json['id'])}`, { callerIds: [short] }, 'body.callerIds.0'],
    ] as const) {
      const refused = await ask(method, path, body);
      const message = inPortuguese.get(fault('digitMissing'));
      expect([path, refused.status, refused.json['errors']]).toEqual([path, 400, [{ path: where, message }]]);
    }
    // A number is never changed into another one.
    const change = await ask('PATCH', `${dids}/${String(did.json['id'])}`, { number: short });
    expect([change.status, change.json['code']]).toEqual([400, 'request.unknownField']);
    const english = await ask('POST', dids, { number: short, flow: 'principal.yaml' }, 'en');
    expect(english.json['errors']).toEqual([{ path: 'body.number', message: fault('digitMissing') }]);
  });

  it('tells how a registration stands, to administrators', async () => {
    const status = await server.call('GET', `${PATH}/t1/status`, { token });
    const iso = '2026-11-22T12:00:00.000Z';
    expect(status.json).toEqual({
      ...{ id: 't1', used: 2, channels: 30 },
      registration: { state: 'failed', since: iso, status: 403, reason: 'Forbidden', retryAt: iso },
    });
    expect((await server.call('GET', `${PATH}/t2/status`, { token })).status).toBe(404);
    const ana = await server.login('ana');
    expect((await server.call('GET', `${PATH}/t1/status`, { token: ana })).status).toBe(403);
  });

  it('numbers that callers dial may be service numbers', async () => {
    for (const number of ['08001234567', '40031234', '10315']) {
      const made = await server.call('POST', '/api/v1/admin/dids', {
        token,
        body: { number, flow: 'principal.yaml' },
      });
      expect([number, made.status]).toEqual([number, 201]);
    }
    const bad = await server.call('POST', '/api/v1/admin/dids', {
      token,
      body: { number: '123456', flow: 'principal.yaml' },
    });
    expect(bad.status).toBe(400);
  });
});
