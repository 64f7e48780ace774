import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessServer, startAccessServer } from '../support/access-server.ts';

/** The kinds of the Big List of Naughty Strings, plus what document stores dislike. */
const NAUGHTY: readonly string[] = [
  '',
  ' ',
  '\t\r\n',
  '\u0000',
  'a\u0000b',
  'undefined',
  'null',
  'NaN',
  'Infinity',
  '-1',
  '1E+02',
  '0x1',
  '1/0',
  'true',
  'constructor',
  '__proto__',
  'hasOwnProperty',
  'toString',
  '$ne',
  '$where',
  '{"$gt":""}',
  '../../etc/passwd',
  '%00',
  '%2e%2e%2f',
  "' OR 1=1 --",
  "'; DROP TABLE users; --",
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  '{{7*7}}',
  '${7*7}',
  '%s%d%n',
  '`touch /tmp/x`',
  '$(touch /tmp/x)',
  '|| ls',
  'Ω≈ç√∫˜µ≤≥÷',
  '田中さんにあげて下さい',
  'الكل في المجمو عة',
  '👩‍👩‍👧‍👦🇧🇷',
  'Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮',
  '\u202etest\u202c',
  '\ufeff',
  '\ud800',
  '\udfff\ud800',
  'ﷺ',
  '\u200b',
  '­',
  '١٢٣',
  'ı',
  'İSTANBUL',
  'ß',
  'a'.repeat(300),
  'é'.repeat(5000),
  '\r\nSet-Cookie: x=1',
  'HTTP/1.1 200 OK\r\n\r\n',
  'sip:x@y;transport=udp',
  'ana\n',
  'Ana',
  'ａｎａ',
];

describe('naughty strings', () => {
  let server: AccessServer;
  let token: string;
  beforeAll(async () => {
    server = await startAccessServer();
    token = await server.login('admin');
  });
  afterAll(() => server.stop());

  const password = 'quatro cavalos verdes';
  const everyDay = Object.fromEntries(
    ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'].map((day) => [day, []]),
  );
  const user = { username: 'novo', name: 'Novo', role: 'operator', queues: [], password };
  const trunk = { name: 't', channels: 1, direction: 'inbound', peers: ['127.0.0.9'] };
  const bodies: readonly (readonly [string, string, (x: unknown) => unknown])[] = [
    ['POST', '/api/v1/auth/login', (x) => ({ username: x, password: 'x' })],
    ['POST', '/api/v1/auth/login', (x) => ({ username: 'nobody', password: x })],
    ['POST', '/api/v1/setup', (x) => ({ ...user, token: x })],
    ['POST', '/api/v1/admin/users', (x) => ({ ...user, username: x })],
    ['POST', '/api/v1/admin/users', (x) => ({ ...user, email: x })],
    ['POST', '/api/v1/admin/users', (x) => ({ ...user, role: x })],
    ['POST', '/api/v1/admin/users', (x) => ({ ...user, queues: [x] })],
    ['POST', '/api/v1/admin/dids', (x) => ({ number: x, flow: 'principal.yaml' })],
    ['POST', '/api/v1/admin/dids', (x) => ({ number: '+551140004999', flow: x })],
    ['POST', '/api/v1/admin/trunks', (x) => ({ ...trunk, peers: [x] })],
    ['POST', '/api/v1/admin/trunks', (x) => ({ ...trunk, outboundUri: x })],
    ['POST', '/api/v1/admin/calendars', (x) => ({ key: x, name: 'n', weekly: everyDay })],
    ['POST', '/api/v1/admin/api-keys', (x) => ({ name: 'k', role: 'operator', scopes: [x] })],
    ['PATCH', '/api/v1/admin/company', (x) => ({ timeZone: x })],
    ['PATCH', '/api/v1/admin/company', (x) => ({ [String(x)]: 1 })],
  ];

  it.each(bodies.map((row, i) => [i, ...row] as const))(
    '%i %s %s: no 5xx, no reflection in a failure',
    async (_i, method, path, make) => {
      for (const x of [...NAUGHTY, 7, null, true, {}, [], { $ne: null }]) {
        const answer = await server.call(method, path, { token, body: make(x) });
        expect([x, answer.status < 500]).toEqual([x, true]);
        if (answer.status >= 400 && typeof x === 'string' && x.length > 5 && !/^\w+$/.test(x))
          expect(answer.text).not.toContain(x);
        expect(answer.headers.get('set-cookie')).toBeNull();
        if (answer.status < 400)
          expect(answer.headers.get('content-type') ?? '').toMatch(/^application\/json|^$/);
      }
    },
    60_000,
  );

  it('in queries, paths and tokens', async () => {
    for (const x of NAUGHTY) {
      const q = encodeURIComponent(Buffer.from(x, 'utf8').toString('utf8'));
      for (const path of [
        `/api/v1/admin/users?cursor=${q}&limit=${q}`,
        `/api/v1/admin/audit?action=${q}`,
        `/api/v1/${q}`,
      ])
        expect((await server.call('GET', path, { token })).status).toBeLessThan(500);
      const patch = await server.call('PATCH', `/api/v1/admin/users/${q}`, { token, body: { name: 'x' } });
      expect(patch.status).toBeLessThan(500);
      if (/^[\x21-\x7e]+$/.test(x))
        expect(
          (await server.call('GET', '/api/v1/me', { headers: { authorization: `Bearer ${x}` } })).status,
        ).toBe(401);
    }
  }, 60_000);
});

describe('settings of the company', () => {
  let server: AccessServer;
  beforeAll(async () => {
    server = await startAccessServer();
  });
  afterAll(() => server.stop());

  it('seals the password of a trunk, opens it for the edge, and tells of the change', async () => {
    const token = await server.login('admin');
    let changes = 0;
    server.company.directory.onChange(() => (changes += 1));
    const body = {
      name: 'Operadora',
      channels: 30,
      direction: 'both',
      digest: { username: 'u1', password: 'segredo do tronco' },
      outboundUri: 'sip:10.0.0.5:5060;transport=udp',
    };
    const made = await server.call('POST', '/api/v1/admin/trunks', { token, body });
    expect(made.status).toBe(201);
    expect(made.json['digest']).toEqual({ username: 'u1' });
    const open = () => server.company.directory.trunks().find((trunk) => trunk.name === 'Operadora');
    expect(open()?.digest).toEqual({ username: 'u1', password: 'segredo do tronco' });
    const path = `/api/v1/admin/trunks/${made.json['id'] as string}`;
    await server.call('PATCH', path, { token, body: { digest: { username: 'u2' } } });
    expect(open()).toMatchObject({
      digest: { username: 'u2', password: 'segredo do tronco' },
      channels: 30,
      peers: [],
    });
    expect((await server.call('PATCH', path, { token, body: { peers: ['127.0.0.1'] } })).json['code']).toBe(
      'trunk.peerTaken',
    );
    await server.call('PATCH', path, { token, body: { active: false } });
    expect(open()).toBeUndefined();
    expect(changes).toBe(3);
    const text = (await server.call('GET', '/api/v1/admin/trunks', { token })).text;
    expect(text).not.toMatch(/segredo|sealed/);
  });

  it('keeps numbers unique, and a patch to what it names', async () => {
    const token = await server.login('admin');
    const again = await server.call('POST', '/api/v1/admin/dids', {
      token,
      body: { number: '+551140004000', flow: 'outro.yaml' },
    });
    expect(again.json['code']).toBe('did.exists');
    const list = (await server.call('GET', '/api/v1/admin/dids', { token })).json['items'] as Record<
      string,
      unknown
    >[];
    const path = `/api/v1/admin/dids/${list[0]!['id'] as string}`;
    const changed = await server.call('PATCH', path, { token, body: { flow: 'outro.yaml' } });
    expect(changed.json).toMatchObject({
      flow: 'outro.yaml',
      description: 'Número principal',
      number: '+551140004000',
    });
    expect((await server.call('PATCH', path, { token, body: { number: '+551140004001' } })).status).toBe(400);
    expect((await server.call('PATCH', '/api/v1/admin/dids/nope', { token, body: {} })).status).toBe(404);
  });
});
