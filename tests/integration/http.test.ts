import { createServer } from 'node:net';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import {
  createHealth,
  createHttpServer,
  fileSource,
  route,
  unaudited,
} from '../../src/platform/http/index.ts';
import { silentLogger } from '../../src/platform/log/index.ts';
import { createMetrics } from '../../src/platform/metrics/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { auditLines } from '../support/audit-lines.ts';
import { type AccessServer, startAccessServer } from '../support/access-server.ts';

const echo = z.object({ n: z.number().int(), word: z.string().max(10).optional() });

const routes = (file: string) => {
  const common = { tag: 'test', auth: 'public', summary: 'test', audit: unaudited('system') } as const;
  return [
    route({
      ...common,
      method: 'post',
      path: '/api/v1/things/{id}',
      params: z.object({ id: z.string().max(20) }),
      query: z.object({ deep: z.coerce.boolean().optional() }),
      body: echo,
      maxBodyBytes: 1000,
      responses: { 200: z.object({ id: z.string(), n: z.number() }) },
      handle: ({ params, body }) => ({ status: 200, body: { id: params.id, n: body.n } }),
    }),
    route({
      ...common,
      method: 'get',
      path: '/api/v1/things/latest',
      responses: { 200: z.object({ latest: z.boolean() }) },
      handle: () => ({ status: 200, body: { latest: true } }),
    }),
    route({
      ...common,
      method: 'post',
      path: '/api/v1/things/{id}/renew',
      params: z.object({ id: z.string() }),
      responses: { 204: null },
      handle: () => ({ status: 204 }),
    }),
    route({
      ...common,
      method: 'get',
      path: '/api/v1/things/{id}',
      params: z.object({ id: z.string() }),
      responses: { 200: z.object({ id: z.string() }), 409: z.unknown() },
      handle: ({ params }) => {
        if (params.id === 'bug') throw new Error('secret detail of the bug');
        if (params.id === 'taken')
          throw new AppError('offer.taken', 409, 'Somebody was faster.', { by: 'x' });
        return { status: 200, body: { id: params.id } };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/api/v1/file',
      responses: { 200: z.unknown() },
      handle: async () => ({ status: 200, source: await fileSource(file, 'audio/wav', 'ligação.wav') }),
    }),
    route({
      ...common,
      method: 'get',
      path: '/api/v1/stream',
      responses: { 200: z.unknown() },
      handle: () => ({
        status: 200,
        stream: Readable.from(['a\n', 'b\n']),
        headers: { 'Content-Type': 'text/csv' },
      }),
    }),
    route({
      ...common,
      method: 'post',
      path: '/webhooks/test',
      hidden: true,
      bodyKind: 'form',
      body: z.object({ From: z.string() }),
      responses: { 200: z.object({ from: z.string(), raw: z.string() }) },
      handle: ({ body, request }) => ({
        status: 200,
        body: { from: body.From, raw: request.rawBody.toString() },
      }),
    }),
    route({
      ...common,
      method: 'post',
      path: '/api/v1/bytes',
      bodyKind: 'raw',
      body: z.instanceof(Buffer),
      responses: { 200: z.object({ length: z.number() }) },
      handle: ({ body }) => ({ status: 200, body: { length: body.length } }),
    }),
  ];
};

describe('HTTP server', () => {
  let server: AccessServer;
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ramal-http-'));
    await mkdir(join(dir, 'desk', 'assets'), { recursive: true });
    await writeFile(join(dir, 'desk', 'index.html'), '<!doctype html><title>desk</title>');
    await writeFile(join(dir, 'desk', 'assets', 'app-1a2b.js'), 'export {}');
    await writeFile(join(dir, 'call.wav'), Buffer.from('0123456789'));
    server = await startAccessServer({
      seed: false,
      deskDir: join(dir, 'desk'),
      routes: routes(join(dir, 'call.wav')),
      before: (http) => {
        const sip = new WebSocketServer({ noServer: true });
        http.onUpgrade('/sip', (request, socket, head) =>
          sip.handleUpgrade(request, socket, head, (client) => client.send('sip')),
        );
        return Promise.resolve();
      },
    });
  });
  afterAll(async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const post = (body: unknown, headers = {}) => server.call('POST', '/api/v1/things/7', { body, headers });

  it('parses params, query and body', async () => {
    const answer = await post({ n: 3 });
    expect(answer.json).toEqual({ id: '7', n: 3 });
    expect(answer.headers.get('content-type')).toMatch('application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('names every fault of a request in a problem document', async () => {
    const answer = await post({ n: 'x', word: 'much too long a word' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json).toMatchObject({
      type: 'urn:ramal:problem:request.invalid',
      status: 400,
      code: 'request.invalid',
    });
    expect((answer.json['errors'] as { path: string }[]).map((e) => e.path)).toEqual(['body.n', 'body.word']);
  });

  it.each([
    ['a parameter', '/api/v1/things/7?depp=1', { n: 1 }, 'query.depp', 'o parâmetro: depp'],
    ['a parameter of a route without any', '/api/v1/things/latest?limt=5', undefined, 'query.limt', 'limt'],
    ['a field', '/api/v1/things/7', { n: 1, wrod: 'x' }, 'body.wrod', 'o campo: wrod'],
    [
      'a field of a route without a body',
      '/api/v1/things/7/renew',
      { until: 1 },
      'body.until',
      'o campo: until',
    ],
    ['what is no plain name', '/api/v1/things/7?%3Cb%3E=1', { n: 1 }, 'query.?', 'o parâmetro: ?'],
  ])('refuses %s that it does not know, and names it', async (_name, path, body, where, said) => {
    const ask = (language: string) => {
      const sent = { headers: { 'accept-language': language }, ...(body && { body }) };
      return server.call(body === undefined ? 'GET' : 'POST', path, sent);
    };
    const answer = await ask('pt-BR');
    expect([answer.status, answer.json['code']]).toEqual([400, 'request.unknownField']);
    expect((answer.json['errors'] as { path: string }[]).map((e) => e.path)).toEqual([where]);
    expect(answer.json['detail']).toContain(said);
    expect((await ask('en')).json['detail']).toMatch(/^This route does not know the (parameter|field): /);
  });

  it('takes what passes caches, and more than it knows in the form of a supplier', async () => {
    expect((await server.call('GET', '/api/v1/things/latest?_=1732799999&_=2')).status).toBe(200);
    expect((await server.call('GET', '/api/v1/things/latest?n=1&n=2')).json['detail']).toMatch(/mais de uma/);
    expect((await server.call('POST', '/api/v1/things/7/renew', { body: {} })).status).toBe(204);
    expect((await server.call('POST', '/api/v1/things/7/renew')).status).toBe(204);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await server.call('POST', '/webhooks/test?new=1&new=2', { body: 'From=1&New=1', headers });
    expect(answer.status).toBe(200);
  });

  it.each([
    ['malformed JSON', '{"n": 1', {}, 400, 'request.invalid'],
    ['no body', undefined, {}, 400, 'request.invalid'],
    ['another media type', 'n=1', { 'content-type': 'text/plain' }, 415, 'request.mediaType'],
    ['a compressed body', '{}', { 'content-encoding': 'gzip' }, 415, 'request.mediaType'],
    ['a large body', JSON.stringify({ n: 1, word: 'x'.repeat(2000) }), {}, 413, 'request.tooLarge'],
  ])('refuses %s', async (_name, body, headers, status, code) => {
    const answer = await post(body, headers);
    expect([answer.status, answer.json['code']]).toEqual([status, code]);
  });

  it('cuts a large body that did not announce its size', async () => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 50; i++) yield await Promise.resolve(Buffer.alloc(100, 0x20));
    }
    const response = await fetch(`${server.url}/api/v1/things/7`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Readable.toWeb(Readable.from(chunks())) as unknown as RequestInit['body'],
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
  });

  it('prefers literal paths, and tells the methods of a known path', async () => {
    expect((await server.call('GET', '/api/v1/things/latest')).json).toEqual({ latest: true });
    const wrong = await server.call('DELETE', '/api/v1/things/7');
    expect([wrong.status, wrong.json['code']]).toEqual([405, 'method.notAllowed']);
    expect(wrong.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST']);
    expect((await server.call('HEAD', '/api/v1/things/7')).text).toBe('');
  });

  it('answers expected failures with their code, unexpected ones without a word of their cause', async () => {
    expect((await server.call('GET', '/api/v1/things/taken')).json).toMatchObject({
      code: 'offer.taken',
      status: 409,
      by: 'x',
    });
    const bug = await server.call('GET', '/api/v1/things/bug');
    expect(bug.status).toBe(500);
    expect(bug.text).not.toContain('secret');
    expect((await server.call('GET', '/api/v1/nothing')).json['code']).toBe('route.unknown');
    expect((await server.call('GET', '/api/v1/things/%E0%A4%A')).status).toBe(400);
  });

  it('answers ranges of a file (RFC 9110 §14)', async () => {
    const range = (value: string) => server.call('GET', '/api/v1/file', { headers: { range: value } });
    const whole = await server.call('GET', '/api/v1/file');
    expect([whole.status, whole.text]).toEqual([200, '0123456789']);
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    expect(whole.headers.get('content-disposition')).toContain("filename*=UTF-8''liga%C3%A7%C3%A3o.wav");
    const part = await range('bytes=2-4');
    expect([part.status, part.text, part.headers.get('content-range')]).toEqual([206, '234', 'bytes 2-4/10']);
    expect((await range('bytes=-3')).text).toBe('789');
    expect((await range('bytes=8-')).text).toBe('89');
    const beyond = await range('bytes=20-');
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
    expect((await range('rows=1-2')).status).toBe(200);
  });

  it('streams, and reads forms with their raw bytes', async () => {
    expect((await server.call('GET', '/api/v1/stream')).text).toBe('a\nb\n');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await server.call('POST', '/webhooks/test', { body: 'From=%2B55&x=1', headers: form });
    expect(answer.json).toEqual({ from: '+55', raw: 'From=%2B55&x=1' });
  });

  it('serves the desk: hashed files for ever, pages for every path, problems for the API', async () => {
    const asset = await server.call('GET', '/assets/app-1a2b.js');
    expect(asset.headers.get('cache-control')).toMatch(/max-age=31536000, immutable/);
    for (const path of ['/', '/login', '/simulador', '/supervisor', '/admin/users', '/primeiro-acesso']) {
      const page = await server.call('GET', path);
      expect([path, page.status, page.text]).toEqual([path, 200, '<!doctype html><title>desk</title>']);
      expect(page.headers.get('cache-control')).toBe('no-cache');
    }
    expect((await server.call('GET', '/assets/gone.js')).status).toBe(404);
    expect((await server.call('GET', '/.env')).status).toBe(404);
    expect((await server.call('GET', '/..%2fcall.wav')).status).toBe(404);
  });

  it('sends the headers that browsers are told to obey', async () => {
    const { headers } = await server.call('GET', '/');
    const csp = headers.get('content-security-policy') ?? '';
    expect(csp).toContain("script-src 'self';");
    expect(csp).toContain("frame-ancestors 'none'");
    expect(csp).not.toContain('unsafe-eval');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('permissions-policy')).toContain('microphone=(self)');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('documents its routes from the schemas that parse them', async () => {
    const { json } = await server.call('GET', '/api/openapi.json');
    expect(json['openapi']).toBe('3.1.0');
    const paths = json['paths'] as Record<string, Record<string, Record<string, unknown>>>;
    expect(paths['/api/v1/auth/login']?.['post']?.['security']).toBeUndefined();
    expect(paths['/api/v1/admin/users']?.['get']).toMatchObject({
      security: [{ bearer: [] }],
      'x-roles': ['admin'],
    });
    expect(paths['/api/v1/things/{id}']?.['post']).toMatchObject({ operationId: 'postThingsId' });
    expect(paths['/webhooks/test']).toBeUndefined();
    expect(paths['/api/v1/bytes']?.['post']?.['requestBody']).toMatchObject({
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    });
    expect((await server.call('GET', '/api/docs')).text).not.toMatch(/https?:\/\//);
  });

  it('tells the health of each engine', async () => {
    expect((await server.call('GET', '/healthz')).status).toBe(200);
    server.health.register({
      name: 'store',
      check: () => Promise.resolve({ ok: true, detail: 'embedded', facts: [] }),
    });
    server.health.register({ name: 'smtp', check: () => Promise.reject(new Error('x')) });
    const ready = await server.call('GET', '/readyz');
    expect([ready.status, ready.text]).toEqual([503, 'store ok embedded\nsmtp FAILED the check failed\n']);
    expect((await server.call('GET', '/healthz')).json['status']).toBe('failed');
  });

  it('counts answers by pattern, never by path', async () => {
    await server.call('GET', '/api/v1/things/5511987654321');
    const { text } = await server.call('GET', '/metrics');
    expect(text).toContain('route="/api/v1/things/{id}",status="200"');
    expect(text).not.toContain('5511987654321');
  });

  it('gives upgrades of a path to its room and turns others away', async () => {
    const ws = server.url.replace('http', 'ws');
    const client = new WebSocket(`${ws}/sip`, 'sip');
    const first = await new Promise((resolve) =>
      client.once('message', (data: Buffer) => resolve(data.toString())),
    );
    expect(first).toBe('sip');
    client.terminate();
    const stranger = new WebSocket(`${ws}/other`);
    const error = await new Promise<Error>((resolve) => stranger.once('error', resolve));
    expect(error.message).toContain('404');
  });
});

describe('start and stop', () => {
  const build = (port: number) =>
    createHttpServer({
      host: '127.0.0.1',
      port,
      authenticator: { authenticate: () => Promise.resolve(undefined) },
      audit: auditLines(),
      health: createHealth(systemClock),
      metrics: createMetrics({ defaults: false }),
      log: silentLogger(),
    });

  it('says in a sentence that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    await expect(build(port).start()).rejects.toMatchObject({ code: 'http.portInUse', message: /HTTP_PORT/ });
    await new Promise((resolve) => other.close(resolve));
  });

  it('stops within its grace although a client hangs on', async () => {
    const server = build(0);
    const { port } = await server.start();
    const { connect } = await import('node:net');
    const hanging = connect(port, '127.0.0.1');
    await new Promise((resolve) => hanging.once('connect', resolve));
    hanging.write('GET / HTTP/1.1\r\n');
    const closed = new Promise((resolve) => hanging.once('close', resolve));
    hanging.on('error', () => {});
    await server.stop(50);
    await server.stop(50);
    await closed;
  });
});
