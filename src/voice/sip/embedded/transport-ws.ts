import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Clock, Timer } from '../../../shared/clock.ts';
import { createConnectionLimits, PromptWebSocketServer } from '../../../platform/net/index.ts';
import {
  type Flow,
  type FlowHandlers,
  flowKey,
  MAX_MESSAGE,
  MAX_UNSENT,
  pingFlood,
  plainAddress,
} from './flow.ts';
import { isSipStart } from './transport-udp.ts';

export interface WsTransport {
  /** For the HTTP server's `upgrade` event at path `/sip` (RFC 7118); `client` where a proxy stands between. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, client?: WsClient): void;
  find(protocol: 'ws' | 'wss', address: string, port: number): Flow | undefined;
  stop(): Promise<void>;
}

export interface WsClient {
  readonly address: string;
}

/** WebSocket pings find browsers that went away without a word (laptop lid, Wi-Fi). */
const PING_MS = 20_000;

class WsFlow implements Flow {
  readonly reliable = true;
  readonly protocol: 'ws' | 'wss';
  readonly address: string;
  readonly port: number;
  alive = true;
  private readonly socket: WebSocket;

  constructor(socket: WebSocket, protocol: 'ws' | 'wss', address: string, port: number) {
    this.socket = socket;
    this.protocol = protocol;
    this.address = address;
    this.port = port;
  }

  get open(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  send(text: string): void {
    if (!this.open) return;
    this.socket.send(text, { binary: false });
    if (this.socket.bufferedAmount > MAX_UNSENT) this.close();
  }

  close(): void {
    this.socket.terminate();
  }

  ping(): void {
    if (!this.alive) {
      this.close();
      return;
    }
    this.alive = false;
    this.socket.ping();
  }
}

export function createWsTransport(clock: Clock, handlers: FlowHandlers): WsTransport {
  const flows = new Map<string, WsFlow>();
  const server = new PromptWebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    // The client must ask for the subprotocol `sip` (RFC 7118 §4.1).
    handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
  });
  let pinger: Timer | undefined;
  const schedulePing = (): void => {
    pinger = clock.after(PING_MS, () => {
      for (const flow of flows.values()) flow.ping();
      if (flows.size > 0) schedulePing();
      else pinger = undefined;
    });
  };

  const strangers = createConnectionLimits<WsFlow>({ clock, isProven: (flow) => handlers.isProven(flow) });

  /** Behind a proxy the port is the proxy's, and two of them may use the same one for one client. */
  function freePort(protocol: 'ws' | 'wss', address: string, wanted: number): number {
    let port = wanted;
    while (flows.has(flowKey(protocol, address, port))) port = (port % 65_535) + 1;
    return port;
  }

  function adopt(socket: WebSocket, request: IncomingMessage, address: string): void {
    const protocol = 'encrypted' in request.socket ? 'wss' : 'ws';
    const port = freePort(protocol, address, request.socket.remotePort ?? 1);
    const flow = new WsFlow(socket, protocol, address, port);
    const key = flowKey(protocol, address, port);
    flows.set(key, flow);
    strangers.add(flow);
    if (pinger === undefined) schedulePing();
    listenOn(socket, flow, clock, {
      ...handlers,
      onMessage(text, from) {
        strangers.spoke(flow);
        handlers.onMessage(text, from);
      },
    });
    socket.on('close', () => {
      strangers.remove(flow);
      flows.delete(key);
      handlers.onClosed(flow);
    });
  }

  return {
    handleUpgrade(request, socket, head, client) {
      const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((p) => p.trim());
      if (!offered.includes('sip')) {
        refuse(socket, '400 Bad Request');
        return;
      }
      const address = plainAddress(client?.address ?? request.socket.remoteAddress);
      server.handleUpgrade(request, socket, head, (ws) => {
        adopt(ws, request, address);
      });
    },
    find: (protocol, address, port) => flows.get(flowKey(protocol, address, port)),
    stop: () =>
      new Promise((resolve) => {
        pinger?.cancel();
        strangers.stop();
        for (const flow of flows.values()) flow.close();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function listenOn(socket: WebSocket, flow: WsFlow, clock: Clock, handlers: FlowHandlers): void {
  const flooded = pingFlood(clock);
  socket.on('pong', () => {
    flow.alive = true;
  });
  // ws answers each by itself (RFC 6455 §5.5.2): who sends many, or reads no answer, is cut.
  socket.on('ping', () => {
    flow.alive = true;
    if (flooded() || socket.bufferedAmount > MAX_UNSENT) flow.close();
  });
  socket.on('message', (data: Buffer) => {
    flow.alive = true;
    if (!flow.open) return;
    const text = data.toString('utf8');
    // Keep-alives of RFC 5626, sent by JsSIP and SIP.js.
    if (text === '\r\n\r\n' || text === '\r\n' || text === '') {
      if (flooded()) flow.close();
      else if (text === '\r\n\r\n') flow.send('\r\n');
    } else if (isSipStart(text)) handlers.onMessage(text, flow);
    else handlers.onGarbage(flow);
  });
  // Too long, not UTF-8, broken frames: ws closes; nothing else to do.
  socket.on('error', () => {
    handlers.onGarbage(flow);
  });
}

function refuse(socket: Duplex, status: string): void {
  // Who never closes its side would keep it for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
