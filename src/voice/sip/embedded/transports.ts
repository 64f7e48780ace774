import { lookup } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors.ts';
import type { Clock } from '../../../shared/clock.ts';
import type { Transport } from '../../ports.ts';
import type { Flow, FlowHandlers } from './flow.ts';
import { parseUri, wantsTls } from './sip-values.ts';
import { openTcp, type TcpTransport } from './transport-tcp.ts';
import { openUdp, type UdpTransport } from './transport-udp.ts';
import { createWsTransport, type WsClient } from './transport-ws.ts';

export interface Transports {
  /** The port that UDP and TCP share. */
  readonly port: number;
  udpFlow(address: string, port: number): Flow;
  /** A flow to the URI's host: at once where possible. Rejects or throws when there is no way. */
  route(uri: string): Flow | Promise<Flow>;
  isOpen(protocol: Transport, address: string, port: number): boolean;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, client?: WsClient): void;
  /** Cuts the connection of a peer that misbehaves; UDP has none. */
  cut(protocol: Transport, address: string, port: number): void;
  stop(): Promise<void>;
}

export interface TransportOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly handlers: FlowHandlers;
  /** Tests lose packets here. */
  readonly wrapUdp?: (flow: Flow) => Flow;
}

/** Throws AppError `sip.portInUse` or `sip.address`, or what the system says. */
export async function openTransports(options: TransportOptions): Promise<Transports> {
  const { host, clock } = options;
  const wrapUdp = options.wrapUdp ?? ((flow: Flow) => flow);
  const handlers: FlowHandlers = {
    ...options.handlers,
    onMessage: (text, flow) => {
      options.handlers.onMessage(text, flow.protocol === 'udp' ? wrapUdp(flow) : flow);
    },
  };
  const [udp, tcp] = await openPair(host, options.port, clock, handlers);
  const ws = createWsTransport(clock, handlers);
  const udpFlow = (address: string, port: number): Flow => wrapUdp(udp.flowTo(address, port));

  function flowTo(protocol: Transport, address: string, port: number): Flow | Promise<Flow> {
    switch (protocol) {
      case 'udp':
        return udpFlow(address, port);
      case 'tcp':
        return tcp.find(address, port) ?? tcp.flowTo(address, port);
      case 'ws':
      case 'wss': {
        // A browser cannot be called; only the connection that it opened leads to it (RFC 7118 §5).
        const flow = ws.find('ws', address, port) ?? ws.find('wss', address, port);
        if (!flow) throw new AppError('sip.noRoute', 503, 'The WebSocket of this softphone is closed.');
        return flow;
      }
    }
  }

  const connection = (protocol: 'tcp' | 'ws' | 'wss', address: string, port: number): Flow | undefined =>
    protocol === 'tcp' ? tcp.find(address, port) : ws.find(protocol, address, port);

  return {
    port: udp.port,
    udpFlow,
    route(uri) {
      const target = parseUri(uri);
      if (!target) throw new AppError('sip.badUri', 400, 'Not a SIP address that can be called.');
      if (wantsTls(target)) throw new AppError('sip.noTls', 503, 'TLS is not spoken here.');
      const protocol = transportOf(target.params['transport']);
      const port = target.port ?? 5060;
      const address = target.params['maddr'] ?? target.host;
      if (isIP(address)) return flowTo(protocol, address, port);
      return lookup(address, { family: host.includes(':') ? 0 : 4 }).then((found) =>
        flowTo(protocol, found.address, port),
      );
    },
    isOpen: (protocol, address, port) =>
      protocol === 'udp' || connection(protocol, address, port)?.open === true,
    cut(protocol, address, port) {
      if (protocol !== 'udp') connection(protocol, address, port)?.close();
    },
    handleUpgrade: (...upgrade) => {
      ws.handleUpgrade(...upgrade);
    },
    async stop() {
      await Promise.all([udp.stop(), tcp.stop(), ws.stop()]);
    },
  };
}

function transportOf(name: string | undefined): Transport {
  switch (name?.toLowerCase()) {
    case 'tcp':
      return 'tcp';
    case 'ws':
      return 'ws';
    case 'wss':
      return 'wss';
    default:
      return 'udp';
  }
}

const ATTEMPTS = 10;

/** UDP and TCP on one number; with port 0 another number is tried when TCP's is taken. */
async function openPair(
  host: string,
  port: number,
  clock: Clock,
  handlers: FlowHandlers,
): Promise<[UdpTransport, TcpTransport]> {
  for (let attempt = 1; ; attempt++) {
    let udp: UdpTransport | undefined;
    try {
      udp = await openUdp(host, port, handlers);
      return [udp, await openTcp(host, udp.port, clock, handlers)];
    } catch (error) {
      await udp?.stop();
      if (['EADDRNOTAVAIL', 'EINVAL', 'EAFNOSUPPORT'].includes(String(codeOf(error))))
        throw new AppError('sip.address', 503, `SIP cannot start: ${host} is no address of this machine.`);
      if (codeOf(error) !== 'EADDRINUSE') throw error;
      if (port === 0 && attempt < ATTEMPTS) continue;
      throw new AppError(
        'sip.portInUse',
        503,
        `SIP cannot start: ${host} port ${port} is already in use by another program. Choose another SIP_PORT.`,
      );
    }
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
