import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createConnectionLimits } from '../../../platform/net/index.ts';
import type { Clock, Timer } from '../../../shared/clock.ts';
import { type Flow, type FlowHandlers, flowKey, MAX_UNSENT, pingFlood, plainAddress } from './flow.ts';
import { FramingError, StreamFraming } from './stream-framing.ts';

export interface TcpTransport {
  readonly port: number;
  /** The living connection to this peer, or a new one. Rejects when the peer cannot be reached. */
  flowTo(address: string, port: number): Promise<Flow>;
  find(address: string, port: number): Flow | undefined;
  stop(): Promise<void>;
}

/** Connections of trunks: their calls are counted elsewhere, this only keeps a broken one from eating the files. */
const MAX_CONNECTIONS = 2000;
/** A message that began must end within this, whoever sends it (slow loris; a stream that lost its count). */
const MESSAGE_MS = 32_000;
const CONNECT_MS = 5_000;
const KEEP_ALIVE_MS = 60_000;

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
    if (!this.open) return;
    this.socket.write(text);
    if (this.socket.writableLength > MAX_UNSENT) this.close();
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Reads messages off a connection; closes it when they make no sense or never end. */
function listenOn(socket: Socket, flow: TcpFlow, clock: Clock, handlers: FlowHandlers): void {
  const framing = new StreamFraming();
  const flooded = pingFlood(clock);
  let late: Timer | undefined;
  const settle = (): void => {
    late?.cancel();
    late = undefined;
  };
  const take = (chunk: Buffer): void => {
    for (const frame of framing.push(chunk)) {
      settle();
      if (!flow.open) return;
      if (frame.kind === 'message') handlers.onMessage(frame.text, flow);
      else if (flooded()) throw new FramingError('a flood of keep-alives');
      else flow.send('\r\n');
    }
    if (framing.unfinished) late ??= clock.after(MESSAGE_MS, () => socket.destroy());
  };
  socket.on('data', (chunk: Buffer) => {
    try {
      take(chunk);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      handlers.onGarbage(flow);
      socket.destroy();
    }
  });
  socket.on('close', settle);
}

/** Rejects with the system's error (EADDRINUSE …). */
export async function openTcp(
  host: string,
  port: number,
  clock: Clock,
  handlers: FlowHandlers,
): Promise<TcpTransport> {
  const flows = new Map<string, TcpFlow>();
  const strangers = createConnectionLimits<TcpFlow>({ clock, isProven: (flow) => handlers.isProven(flow) });

  function adopt(socket: Socket): TcpFlow {
    const flow = new TcpFlow(socket);
    const key = flowKey('tcp', flow.address, flow.port);
    flows.set(key, flow);
    socket.setNoDelay(true);
    // A peer that lost its power says nothing; the kernel asks.
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    listenOn(socket, flow, clock, {
      ...handlers,
      onMessage(text, from) {
        strangers.spoke(flow);
        handlers.onMessage(text, from);
      },
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      strangers.remove(flow);
      flows.delete(key);
      handlers.onClosed(flow);
    });
    return flow;
  }

  const server = createServer((socket) => {
    const trunk = handlers.isTrunk(plainAddress(socket.remoteAddress));
    if (trunk && flows.size >= MAX_CONNECTIONS) {
      socket.destroy();
      return;
    }
    const flow = adopt(socket);
    if (!trunk) strangers.add(flow);
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
      socket.setTimeout(0);
      return adopt(socket);
    },
    stop: () =>
      new Promise((resolve) => {
        strangers.stop();
        for (const flow of flows.values()) flow.close();
        server.close(() => {
          resolve();
        });
      }),
  };
}
