import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/platform/log/index.ts';
import { createMetrics } from '../../src/platform/metrics/index.ts';
import { createRealtime, type Realtime } from '../../src/platform/realtime/index.ts';
import { createWsTransport } from '../../src/voice/sip/embedded/transport-ws.ts';
import { manualClock, startAccessServer } from '../support/access-server.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A client that asks for a WebSocket and then answers nothing: no close frame, no end of its TCP. */
async function deafClient(
  port: number,
  path: string,
  protocol?: string,
): Promise<{ socket: Socket; said: string }> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  stops.push(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
      `${protocol === undefined ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`}\r\n`,
  );
  const [first] = (await once(socket, 'data')) as [Buffer];
  return { socket, said: first.toString('latin1').split('\r\n', 1)[0] ?? '' };
}

/** The library alone would wait for half a minute: longer than a test lasts. */
describe('a socket that the server closes is over soon, whatever its client does', () => {
  it('live updates: a stranger that ignores the close frame', async () => {
    const clock = manualClock();
    const realtimes: Realtime[] = [];
    const gone: Promise<unknown>[] = [];
    const server = await startAccessServer({
      before: async (http, access) => {
        http.server.on('connection', (socket: Socket) => gone.push(once(socket, 'close')));
        const metrics = createMetrics({ defaults: false });
        const { authenticator, audit } = access;
        realtimes.push(
          await createRealtime({ http, authenticator, audit, clock, log: silentLogger(), metrics }),
        );
      },
    });
    stops.push(() => server.stop());
    for (const realtime of realtimes) stops.push(() => realtime.stop());
    await deafClient(Number(new URL(server.url).port), '/socket.io/?EIO=4&transport=websocket');
    clock.advance(10_000);
    await Promise.all(gone);
    expect(gone).toHaveLength(1);
  });

  it.each([
    ['/elsewhere', undefined, '404 Not Found'],
    ['/sip', 'chat', '400 Bad Request'],
  ])('an upgrade that is refused: %s %s, %s', async (path, protocol, status) => {
    const { port, gone } = await sipServer();
    const { said } = await deafClient(port, path, protocol);
    expect(said).toBe(`HTTP/1.1 ${status}`);
    await gone[0];
  });

  it('/sip: a message that is too long, and a close frame behind which nothing comes', async () => {
    const { port, gone } = await sipServer();
    const [long, closing] = [await deafClient(port, '/sip', 'sip'), await deafClient(port, '/sip', 'sip')];
    // Masked, as clients' frames are: a text of 2^32 bytes, and a close frame (RFC 6455 §5.2, §5.5.1).
    long.socket.write(Buffer.from('81ff000000010000000000000000', 'hex'));
    closing.socket.write(Buffer.from('88820000000003e8', 'hex'));
    await Promise.all(gone);
    expect(gone).toHaveLength(2);
  });

  async function sipServer(): Promise<{ port: number; gone: Promise<unknown>[] }> {
    const gone: Promise<unknown>[] = [];
    const access = await startAccessServer({
      before: (http) => {
        const ws = createWsTransport(manualClock(), {
          onMessage: () => undefined,
          onGarbage: () => undefined,
          onClosed: () => undefined,
          admits: () => true,
          isTrunk: () => false,
          isProven: () => false,
        });
        http.onUpgrade('/sip', (request, socket, head, client) =>
          ws.handleUpgrade(request, socket, head, client),
        );
        http.server.on('connection', (socket: Socket) => gone.push(once(socket, 'close')));
        stops.push(() => ws.stop());
        return Promise.resolve();
      },
    });
    stops.push(() => access.stop());
    return { port: Number(new URL(access.url).port), gone };
  }
});
