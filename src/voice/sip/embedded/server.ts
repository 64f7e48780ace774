import type { IncomingMessage } from 'node:http';
import { Server } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../../shared/clock.ts';
import type { Random } from '../../../shared/random.ts';
import type { Transport } from '../../ports.ts';
import type { SipLogger } from '../logger.ts';
import type { Core, Counters } from './core.ts';
import { DialogTable } from './dialogs.ts';
import type { Flow } from './flow.ts';
import { createMemorySocket, type MemorySocket } from './memory-socket.ts';
import { parseSip } from './sip-message.ts';
import { openTransports } from './transports.ts';
import { flowLost, onAnswer, onNetworkResponse, request } from './uac.ts';
import { abandon, onRequest, respond } from './uas.ts';
import { type AppPort, frame, meta, parseClientMessage } from './wire.ts';

/**
 * A small drachtio-server inside the process: SIP transactions and dialogs on one side, drachtio's client protocol
 * on the other (ADR 0003). It admits nobody by itself; who may call is the business of the application.
 */
export interface EmbeddedServer {
  /** UDP and TCP. */
  readonly port: number;
  /** For `srf.listen({ server, secret })`; then `attach()`. */
  readonly appServer: Server;
  attach(): void;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sizes of what is in memory, for metrics and tests. */
  stats(): Counters & { readonly dialogs: number; readonly transactions: number };
  stop(): Promise<void>;
}

export interface EmbeddedServerOptions {
  readonly host: string;
  readonly port: number;
  readonly advertiseAddress: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: SipLogger;
  /** Banned addresses are dropped before parsing. */
  readonly admits?: (address: string, protocol: Transport) => boolean;
  readonly onFlowClosed?: (flow: Pick<Flow, 'protocol' | 'address' | 'port'>) => void;
  readonly onGarbage?: (flow: Pick<Flow, 'protocol' | 'address' | 'port'>) => void;
  readonly wrapUdp?: (flow: Flow) => Flow;
}

/** Throws AppError `sip.portInUse`. */
export async function createEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { clock, logger } = options;
  const counters: Counters = { garbage: 0, refused: 0, requests: 0, responses: 0 };
  let pipe: MemorySocket | undefined;
  const tell = (text: string): void => pipe?.deliver(frame(text));
  const core: Core = createCore(options, counters, () => transports, tell);

  const transports = await openTransports({
    host: options.host,
    port: options.port,
    clock,
    ...(options.wrapUdp && { wrapUdp: options.wrapUdp }),
    handlers: {
      admits: options.admits ?? (() => true),
      onMessage(text, flow) {
        try {
          if (!receive(core, text, flow)) options.onGarbage?.(flow);
        } catch (error) {
          // Whatever a stranger sends must not end the process; a fault here is ours to fix.
          counters.garbage++;
          logger.error({ error, protocol: flow.protocol }, 'SIP message could not be handled');
        }
      },
      onGarbage(flow) {
        counters.garbage++;
        options.onGarbage?.(flow);
      },
      onClosed(flow) {
        if (flow.protocol === 'ws' || flow.protocol === 'wss') loseFlow(core, flow);
        options.onFlowClosed?.(flow);
      },
    },
  });

  const appServer = new Server();
  return {
    port: transports.port,
    appServer,
    attach() {
      pipe = createMemorySocket((text) => {
        fromApp(core, options, tell, text, transports.port);
      });
      appServer.emit('connection', pipe.socket);
    },
    handleUpgrade: transports.handleUpgrade,
    stats: () => ({
      ...counters,
      dialogs: core.dialogs.size,
      transactions: core.incoming.size + core.outgoing.size,
    }),
    async stop() {
      for (const dialog of core.dialogs.all()) core.dialogs.remove(dialog);
      for (const incoming of [...core.incoming.values()]) incoming.transaction.terminate();
      for (const outgoing of [...core.outgoing.values()]) outgoing.transaction.terminate();
      pipe?.socket.destroy();
      pipe = undefined;
      await transports.stop();
    },
  };
}

function receive(core: Core, text: string, flow: Flow): boolean {
  const message = parseSip(text);
  if (!message) {
    core.counters.garbage++;
    return false;
  }
  if (message.method !== undefined) onRequest(core, message, text, flow);
  else onNetworkResponse(core, message, text, flow);
  return true;
}

function loseFlow(core: Core, flow: Flow): void {
  flowLost(core, flow);
  for (const incoming of [...core.incoming.values()]) {
    if (incoming.flow !== flow || incoming.message.method !== 'INVITE') continue;
    if (incoming.transaction.state === 'proceeding') abandon(core, incoming);
  }
}

function createCore(
  options: EmbeddedServerOptions,
  counters: Counters,
  transports: Core['transports'],
  tell: (text: string) => void,
): Core {
  const { clock } = options;
  let messageId = 0;
  const app: AppPort = {
    sip(source, raw, flow, transactionId, dialogId) {
      const from = meta(source, raw, flow, clock.now());
      tell(`${++messageId}|sip|${from}|${transactionId}|${dialogId}|\r\n${raw}`);
    },
    sent(id, raw, flow, transactionId, dialogId) {
      const to = meta('application', raw, flow, clock.now());
      tell(`${++messageId}|response|${id}|OK|${to}|${transactionId}|${dialogId}||Msg sent:|\r\n${raw}`);
    },
    failed(id, reason) {
      tell(`${++messageId}|response|${id}|NOK|${reason.replace(/[|\r\n]/g, ' ')}`);
    },
  };
  const hostport = advertised(options.advertiseAddress);
  const core: Core = {
    clock,
    transports,
    app,
    dialogs: new DialogTable(),
    incoming: new Map(),
    incomingById: new Map(),
    outgoing: new Map(),
    outgoingById: new Map(),
    merged: new Map(),
    counters,
    token: tokens(options.random),
    hostport: () => `${hostport}:${transports().port}`,
    answered: (outgoing, response) => {
      onAnswer(core, outgoing, response);
    },
  };
  return core;
}

const advertised = (address: string): string =>
  address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;

/** Random bytes are drawn in blocks: a system call for each tag would cost more than the tag. */
function tokens(random: Random): () => string {
  let block = Buffer.alloc(0);
  let at = 0;
  return () => {
    if (at >= block.length) {
      block = Buffer.from(random.bytes(4096));
      at = 0;
    }
    at += 8;
    return block.toString('hex', at - 8, at);
  };
}

/** Version of the protocol that we speak, as drachtio-srf compares it. */
const SPOKEN = 'v0.9.4';

function fromApp(
  core: Core,
  options: EmbeddedServerOptions,
  tell: (text: string) => void,
  data: string,
  port: number,
): void {
  // One write is one frame: there is no kernel in between that could cut it.
  const client = parseClientMessage(data.slice(data.indexOf('#') + 1));
  const answer = (text: string): void => {
    tell(`0|response|${client.id}|${text}`);
  };
  switch (client.kind) {
    case 'authenticate': {
      const here = `${advertised(options.advertiseAddress)}:${port}`;
      const hosts = `udp/${here},tcp/${here},ws/${here}`;
      answer(client.secret === options.secret ? `OK|${hosts}|${SPOKEN}|${hosts}` : 'NO|incorrect secret');
      return;
    }
    case 'ping':
      answer('OK|pong');
      return;
    case 'route':
    case 'removeRoute':
      answer('OK'); // one application, which gets everything
      return;
    case 'unknown':
      answer('NO|Unknown message type');
      return;
    case 'sip': {
      const { id, message, transactionId, dialogId, proxy } = client;
      if (message.method === undefined) respond(core, id, transactionId, message);
      else request(core, id, message, transactionId, dialogId, proxy);
    }
  }
}
