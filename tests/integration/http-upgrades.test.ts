import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { silentLogger } from '../../src/platform/log/index.ts';
import { createMetrics } from '../../src/platform/metrics/index.ts';
import { createRealtime, type Realtime } from '../../src/platform/realtime/index.ts';
import { manualClock, startAccessServer } from '../support/access-server.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

describe('WebSockets of browsers', () => {
  const knock = (url: string, path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve) => {
      const ws = new WebSocket(url.replace('http', 'ws') + path, 'sip', { headers });
      ws.once('open', () => {
        ws.terminate();
        resolve(101);
      });
      ws.once('unexpected-response', (request, response) => {
        request.destroy();
        resolve(response.statusCode ?? 0);
      });
      ws.once('error', () => undefined);
    });

  async function serve(options: Parameters<typeof startAccessServer>[0]) {
    const clients: string[] = [];
    const clock = manualClock();
    const sip = new WebSocketServer({ noServer: true });
    const realtimes: Realtime[] = [];
    const server = await startAccessServer({
      ...options,
      before: async (http, access) => {
        http.onUpgrade('/sip', (request, socket, head, client) => {
          clients.push(client.address);
          sip.handleUpgrade(request, socket, head, () => undefined);
        });
        realtimes.push(
          await createRealtime({
            http,
            authenticator: access.authenticator,
            audit: access.audit,
            clock,
            log: silentLogger(),
            metrics: createMetrics({ defaults: false }),
          }),
        );
      },
    });
    stops.push(() => server.stop());
    for (const realtime of realtimes) stops.push(() => realtime.stop());
    return { server, clients, clock };
  }

  it.each(['/sip', '/socket.io/?EIO=4&transport=websocket'])(
    '%s opens to our own pages, to those of ALLOWED_ORIGINS and to what is no browser',
    async (path) => {
      const { server } = await serve({
        publicUrl: 'https://desk.example',
        allowedOrigins: ['https://intranet.example', 'https://crm.example:8443'],
      });
      const by = (origin?: string) => knock(server.url, path, origin === undefined ? {} : { Origin: origin });
      for (const origin of [
        undefined,
        'https://desk.example',
        'https://intranet.example',
        'https://crm.example:8443',
        // HTTP_HOST is loopback here.
        'http://localhost:5173',
        'http://127.0.0.1:3000',
        'http://[::1]:3000',
      ])
        expect([origin, await by(origin)]).toEqual([origin, 101]);
      for (const origin of [
        'https://evil.example',
        'http://desk.example',
        'https://desk.example.evil.example',
        'https://crm.example',
        'http://127.0.0.1.evil.example',
        'null',
        'file://',
        'chrome-extension://abc',
        'not an origin',
      ])
        expect([origin, await by(origin)]).toEqual([origin, 403]);
    },
  );

  it('long polling of the live updates asks the same', async () => {
    const { server } = await serve({ publicUrl: 'https://desk.example' });
    const poll = (origin: string) =>
      fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, { headers: { Origin: origin } });
    expect((await poll('https://evil.example')).status).toBe(403);
    expect((await poll('https://desk.example')).status).toBe(200);
  });

  it('live updates: a connection without a living token is closed in ten seconds', async () => {
    const { server, clock } = await serve({});
    const ws = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const closed = new Promise<void>((resolve) => ws.once('close', () => resolve()));
    await new Promise((resolve) => ws.once('message', resolve));
    clock.advance(10_000);
    await closed;
  });

  it.each([
    ['loopback', '203.0.113.7', '203.0.113.7'],
    ['loopback', '10.1.1.1, 203.0.113.7', '203.0.113.7'],
    ['2', '10.1.1.1, 203.0.113.7, 10.0.0.9', '203.0.113.7'],
    ['loopback', '203.0.113.7:49152', '203.0.113.7'],
    ['loopback', '[2001:db8::7]:49152', '2001:db8::7'],
    ['loopback', '::ffff:203.0.113.7', '203.0.113.7'],
    ['loopback', 'unknown', '127.0.0.1'],
    [undefined, '203.0.113.7', '127.0.0.1'],
  ])('TRUST_PROXY %s and X-Forwarded-For %s: the client is %s', async (trustProxy, forwarded, address) => {
    const { server, clients } = await serve({ trustProxy });
    expect(await knock(server.url, '/sip', { 'X-Forwarded-For': forwarded })).toBe(101);
    expect(clients).toEqual([address]);
  });
});
