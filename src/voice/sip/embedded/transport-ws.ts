import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock, Timer } from '../../../shared/clock.ts';
import { type Flow, type FlowHandlers, flowKey, MAX_MESSAGE, plainAddress } from './flow.ts';
import { isSipStart } from './transport-udp.ts';

export interface WsTransport {
  /** For the HTTP server's `upgrade` event at path `/sip` (RFC 7118). */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  find(protocol: 'ws' | 'wss', address: string, port: number): Flow | undefined;
  stop(): Promise<void>;
}

const MAX_CONNECTIONS = 2000;
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
    if (this.open) this.socket.send(text, { binary: false });
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
  const server = new WebSocketServer({
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

  function adopt(socket: WebSocket, request: IncomingMessage): void {
    const protocol = 'encrypted' in request.socket ? 'wss' : 'ws';
    const flow = new WsFlow(
      socket,
      protocol,
      plainAddress(request.socket.remoteAddress),
      request.socket.remotePort ?? 0,
    );
    const key = flowKey(protocol, flow.address, flow.port);
    flows.set(key, flow);
    if (pinger === undefined) schedulePing();
    socket.on('pong', () => {
      flow.alive = true;
    });
    socket.on('message', (data: Buffer) => {
      flow.alive = true;
      const text = data.toString('utf8');
      if (text === '\r\n\r\n')
        flow.send('\r\n'); // keep-alive of RFC 5626, sent by JsSIP and SIP.js
      else if (text === '\r\n' || text === '') return;
      else if (isSipStart(text)) handlers.onMessage(text, flow);
      else handlers.onGarbage(flow);
    });
    // Too long, not UTF-8, broken frames: ws closes; nothing else to do.
    socket.on('error', () => {
      handlers.onGarbage(flow);
    });
    socket.on('close', () => {
      flows.delete(key);
      handlers.onClosed(flow);
    });
  }

  return {
    handleUpgrade(request, socket, head) {
      const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((p) => p.trim());
      const address = plainAddress(request.socket.remoteAddress);
      if (!offered.includes('sip')) {
        refuse(socket, '400 Bad Request');
        return;
      }
      if (!handlers.admits(address, 'ws')) {
        refuse(socket, '403 Forbidden');
        return;
      }
      if (flows.size >= MAX_CONNECTIONS) {
        refuse(socket, '503 Service Unavailable');
        return;
      }
      server.handleUpgrade(request, socket, head, (ws) => {
        adopt(ws, request);
      });
    },
    find: (protocol, address, port) => flows.get(flowKey(protocol, address, port)),
    stop: () =>
      new Promise((resolve) => {
        pinger?.cancel();
        for (const flow of flows.values()) flow.close();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
