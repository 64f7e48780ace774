import { createRequire } from 'node:module';
import { afterEach, describe, expect, it } from 'vitest';
import { embedded, type OpenedEdge, PASSWORD } from '../contract/sip-edge-engines.ts';
import { SipPeer, wsWire } from '../contract/sip-edge-peer.ts';

interface JsSipUa {
  start(): void;
  stop(): void;
  on(event: string, handler: (data: unknown) => void): void;
}
interface JsSip {
  readonly UA: new (options: object) => JsSipUa;
}
const jssip = createRequire(import.meta.url)('jssip') as JsSip;

/** JsSIP's view of a socket, over the wire of the other tests. */
async function socketFor(url: string): Promise<object> {
  const wire = await wsWire(url);
  const socket = {
    url,
    via_transport: 'WS',
    sip_uri: 'sip:127.0.0.1;transport=ws',
    onconnect: () => undefined,
    ondata: (_text: string) => undefined,
    ondisconnect: () => undefined,
    connect: () => queueMicrotask(() => socket.onconnect()),
    disconnect: () => wire.close(),
    isConnected: () => true,
    isConnecting: () => false,
    send: (text: string) => {
      wire.send(text);
      return true;
    },
  };
  wire.onText((text) => socket.ondata(text));
  return socket;
}

describe('JsSIP over WebSocket', () => {
  let opened: OpenedEdge;
  let ua: JsSipUa | undefined;
  afterEach(async () => {
    ua?.stop();
    await opened.stop();
  });

  it('registers, and unregisters when it stops', async () => {
    opened = await embedded.open();
    const change = (): Promise<{ contacts: number; transport: string }> =>
      new Promise((resolve) => {
        opened.edge.onRegistration((c) => resolve({ contacts: c.contacts, transport: c.peer.transport }));
      });
    const first = change();
    ua = new jssip.UA({
      sockets: [await socketFor(opened.wsUrl)],
      uri: 'sip:ana@exemplo',
      password: PASSWORD,
      register_expires: 300,
    });
    const registered = new Promise((resolve) => ua?.on('registered', resolve));
    ua.start();
    expect(await first).toEqual({ contacts: 1, transport: 'ws' });
    await registered;
    const second = change();
    ua.stop();
    expect((await second).contacts).toBe(0);
  });

  it('refuses a WebSocket without the subprotocol sip', async () => {
    opened = await embedded.open();
    const { WebSocket } = await import('ws');
    const socket = new WebSocket(opened.wsUrl);
    const error = await new Promise<Error>((resolve) => socket.on('error', resolve));
    expect(error.message).toContain('400');
    const peer = new SipPeer(await wsWire(opened.wsUrl));
    peer.start('OPTIONS', 'sip:x@exemplo');
    // A connection alone is nobody yet; its address is no trunk here.
    expect((await peer.final('OPTIONS')).status).toBe(403);
    peer.close();
  });
});
