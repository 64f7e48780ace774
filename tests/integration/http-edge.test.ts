import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { createSelfSignedCertificate } from 'werift';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type AccessServer, SEED_PASSWORD, startAccessServer } from '../support/access-server.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** SHA-256 with ECDSA on P-256, as numbered by RFC 5246 §7.4.1.4.1 and RFC 8422 §5.1.1. */
const certificate = async (): Promise<{ cert: string; key: string }> => {
  const { certPem, keyPem } = await createSelfSignedCertificate({ hash: 4, signature: 3 }, 23);
  return { cert: certPem, key: keyPem };
};

/** What a reverse proxy does: passes the request on and says who asked, over what. */
async function proxyTo(target: string, clientAddress: string): Promise<string> {
  const proxy: Server = createServer((incoming, outgoing) => {
    const headers = {
      ...(incoming.headers as Record<string, string | string[]>),
      'x-forwarded-for': clientAddress,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'desk.example',
    };
    const onward = httpRequest(
      target + (incoming.url ?? ''),
      { method: incoming.method ?? 'GET', headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(onward);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  stops.push(async () => {
    proxy.closeAllConnections();
    await new Promise((done) => proxy.close(done));
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

const login = (url: string, username: string, password: string) =>
  fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });

interface Entry {
  readonly action: string;
  readonly actor: { readonly name: string; readonly address?: string };
}

async function trail(server: AccessServer, token: string, action: string): Promise<Entry[]> {
  const answer = await server.call('GET', `/api/v1/admin/audit?action=${action}`, { token });
  return answer.json['items'] as Entry[];
}

describe("TLS with a certificate of one's own", () => {
  it('serves https and wss, tells browsers to stay there, and gives out wss', async () => {
    const tls = await certificate();
    const sip = new WebSocketServer({ noServer: true });
    const server = await startAccessServer({
      tls,
      before: (http) => {
        http.onUpgrade('/sip', (request, socket, head) => {
          sip.handleUpgrade(request, socket, head, (ws) => ws.send('hello'));
        });
        return Promise.resolve();
      },
    });
    stops.push(() => server.stop());
    // The certificate names no address; whether it is trusted is what is asked here.
    const trust = { ca: tls.cert, checkServerIdentity: () => undefined };
    const answer = await new Promise<{ status: number | undefined; hsts: unknown }>((resolve, reject) => {
      httpsRequest(`${server.url}/healthz`, trust, (response) => {
        response.resume();
        resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] });
      })
        .on('error', reject)
        .end();
    });
    expect(answer).toEqual({ status: 200, hsts: 'max-age=31536000' });
    const ws = new WebSocket(`${server.url.replace('https', 'wss')}/sip`, {
      ca: tls.cert,
      checkServerIdentity: () => false,
    });
    const [hello] = (await once(ws, 'message')) as [Buffer];
    expect(hello.toString()).toBe('hello');
    ws.terminate();
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });

  it('takes a renewed certificate while connections stand; one that does not serve changes nothing', async () => {
    const [first, second, third] = [await certificate(), await certificate(), await certificate()];
    const sip = new WebSocketServer({ noServer: true });
    const server = await startAccessServer({
      tls: first,
      before: (http) => {
        http.onUpgrade('/sip', (request, socket, head) => {
          sip.handleUpgrade(request, socket, head, (ws) => {
            ws.on('message', (data: Buffer) => ws.send(data));
          });
        });
        return Promise.resolve();
      },
    });
    stops.push(() => server.stop());
    const shown = async (): Promise<string> => {
      const socket = connectTls({ port: Number(new URL(server.url).port), rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      return raw.toString('base64');
    };
    const call = new WebSocket(`${server.url.replace('https', 'wss')}/sip`, { rejectUnauthorized: false });
    await once(call, 'open');
    const before = await shown();

    expect(() => server.http.renewTls({ cert: second.cert, key: third.key })).toThrow(
      expect.objectContaining({ code: 'tls.invalid' }),
    );
    expect(await shown()).toBe(before);
    server.http.renewTls(second);
    expect(await shown()).not.toBe(before);
    call.send('still here');
    const [echo] = (await once(call, 'message')) as [Buffer];
    expect(echo.toString()).toBe('still here');
    call.terminate();
  });

  it("refuses a key that is not the certificate's own", async () => {
    const [one, other] = [await certificate(), await certificate()];
    await expect(startAccessServer({ tls: { cert: one.cert, key: other.key } })).rejects.toMatchObject({
      code: 'tls.invalid',
    });
  });
});

describe('behind a reverse proxy', () => {
  it("with TRUST_PROXY the audit trail has the client's address, at logins, refusals and the lock", async () => {
    const server = await startAccessServer({ trustProxy: 'loopback', publicUrl: 'https://desk.example' });
    stops.push(() => server.stop());
    const url = await proxyTo(server.url, '203.0.113.7');
    for (let i = 0; i < 5; i++) expect((await login(url, 'ana', 'wrong')).status).toBe(401);
    expect((await login(url, 'ana', SEED_PASSWORD)).status).toBe(429);
    expect((await login(url, 'nobody', 'wrong')).status).toBe(401);
    const answer = await login(url, 'admin', SEED_PASSWORD);
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(answer.headers.get('set-cookie')).toBeNull();
    const { token } = (await answer.json()) as { token: string };
    expect(await trail(server, token, 'auth.locked')).toMatchObject([{ actor: { address: '203.0.113.7' } }]);
    expect(await trail(server, token, 'auth.refused')).toHaveLength(4);
    expect(await trail(server, token, 'auth.login')).toMatchObject([{ actor: { address: '203.0.113.7' } }]);
    const made = await fetch(`${url}/api/v1/admin/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({
        username: 'novo',
        name: 'Novo',
        role: 'operator',
        queues: [],
        password: 'quatro cavalos verdes',
      }),
    });
    expect(made.status).toBe(201);
    expect((await trail(server, token, 'user.create'))[0]?.actor.address).toBe('203.0.113.7');
  });

  it("without it nobody's X-Forwarded-For is believed", async () => {
    const server = await startAccessServer();
    stops.push(() => server.stop());
    const url = await proxyTo(server.url, '203.0.113.7');
    const { token } = (await (await login(url, 'admin', SEED_PASSWORD)).json()) as { token: string };
    expect(await trail(server, token, 'auth.login')).toMatchObject([{ actor: { address: '127.0.0.1' } }]);
  });
});

describe('what tells of the server itself, in production', () => {
  const METRICS_TOKEN = 'figures-for-the-monitoring';

  it('is closed to strangers: figures, the map of the API, the addresses of the engines', async () => {
    const server = await startAccessServer({
      production: true,
      trustProxy: 'loopback',
      metricsToken: METRICS_TOKEN,
    });
    stops.push(() => server.stop());
    server.health.register({
      name: 'sip',
      check: () => Promise.resolve({ ok: true, detail: 'listening on 192.0.2.10:5060', facts: [] }),
    });
    server.health.register({
      name: 'relay',
      optional: true,
      check: () => Promise.resolve({ ok: false, detail: 'relay does not answer', facts: [] }),
    });
    const outside = await proxyTo(server.url, '203.0.113.9');
    const get = (path: string, token?: string) =>
      fetch(outside + path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });

    expect((await get('/metrics')).status).toBe(401);
    expect((await get('/metrics', METRICS_TOKEN)).status).toBe(200);
    expect((await get('/api/openapi.json')).status).toBe(401);
    const shell = await get('/api/docs');
    expect([shell.status, await shell.text()]).toEqual([401, expect.not.stringContaining('/api/v1/')]);
    const { token } = (await (await login(outside, 'ana', SEED_PASSWORD)).json()) as { token: string };
    expect((await get('/api/openapi.json', token)).status).toBe(200);

    // A relay that is away keeps no call out: the balancer is told to stay, monitoring is told of the fault.
    const health = await get('/healthz');
    const told = await health.text();
    expect([health.status, JSON.parse(told)]).toMatchObject([200, { status: 'degraded' }]);
    expect(told).not.toContain('192.0.2.10');
    const ready = await get('/readyz');
    expect([ready.status, await ready.text()]).toEqual([503, 'sip ok\nrelay FAILED\n']);
    expect(await (await get('/readyz', METRICS_TOKEN)).text()).toContain('192.0.2.10:5060');
    const own = await fetch(`${server.url}/readyz`);
    expect(await own.text()).toContain('relay FAILED relay does not answer');
  });
});
