import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type Flow, type FlowHandlers, flowKey, plainAddress } from './flow.ts';
import { FramingError, StreamFraming } from './stream-framing.ts';

export interface TcpTransport {
  readonly port: number;
  /** The living connection to this peer, or a new one. Rejects when the peer cannot be reached. */
  flowTo(address: string, port: number): Promise<Flow>;
  find(address: string, port: number): Flow | undefined;
  stop(): Promise<void>;
}

const MAX_CONNECTIONS = 1000;
/** A connection that never says anything is closed after this (slow loris). */
const FIRST_MESSAGE_MS = 32_000;
const CONNECT_MS = 5_000;

class TcpFlow implements Flow {
  readonly protocol = 'tcp';
  readonly reliable = true;
  readonly address: string;
  readonly port: number;
  private readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    this.address = plainAddress(socket.remoteAddress);
    this.port = socket.remotePort ?? 0;
  }

  get open(): boolean {
    return !this.socket.destroyed && this.socket.writable;
  }

  send(text: string): void {
    if (this.open) this.socket.write(text);
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Rejects with the system's error (EADDRINUSE …). */
export async function openTcp(host: string, port: number, handlers: FlowHandlers): Promise<TcpTransport> {
  const flows = new Map<string, TcpFlow>();

  function adopt(socket: Socket): TcpFlow {
    const flow = new TcpFlow(socket);
    const key = flowKey('tcp', flow.address, flow.port);
    const framing = new StreamFraming();
    flows.set(key, flow);
    socket.setNoDelay(true);
    socket.setTimeout(FIRST_MESSAGE_MS, () => socket.destroy());
    socket.on('data', (chunk) => {
      try {
        for (const frame of framing.push(chunk)) {
          socket.setTimeout(0);
          if (frame.kind === 'ping') flow.send('\r\n');
          else handlers.onMessage(frame.text, flow);
        }
      } catch (error) {
        if (!(error instanceof FramingError)) throw error;
        handlers.onGarbage(flow);
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      flows.delete(key);
      handlers.onClosed(flow);
    });
    return flow;
  }

  const server = createServer((socket) => {
    if (flows.size >= MAX_CONNECTIONS || !handlers.admits(plainAddress(socket.remoteAddress), 'tcp')) {
      socket.destroy();
      return;
    }
    adopt(socket);
  });
  server.listen(port, host);
  await once(server, 'listening');
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    find: (address, to) => flows.get(flowKey('tcp', address, to)),
    async flowTo(address, to) {
      const known = flows.get(flowKey('tcp', address, to));
      if (known?.open) return known;
      const socket = connect({ host: address, port: to, timeout: CONNECT_MS });
      socket.once('timeout', () => socket.destroy(new Error('connect timed out')));
      await once(socket, 'connect');
      const flow = adopt(socket);
      socket.setTimeout(0);
      return flow;
    },
    stop: () =>
      new Promise((resolve) => {
        for (const flow of flows.values()) flow.close();
        server.close(() => {
          resolve();
        });
      }),
  };
}
