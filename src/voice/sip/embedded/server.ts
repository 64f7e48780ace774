import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../../shared/clock.ts';
import type { Random } from '../../../shared/random.ts';
import type { Transport } from '../../ports.ts';
import type { SipLogger } from '../logger.ts';
import type { SrfLike } from '../srf-types.ts';
import type { Core, Counters } from './core.ts';
import { DialogTable } from './dialogs.ts';
import type { Flow } from './flow.ts';
import { Linger } from './linger.ts';
import { createNativeSrf } from './native-srf.ts';
import { parseSip } from './sip-message.ts';
import type { WsClient } from './transport-ws.ts';
import { openTransports } from './transports.ts';
import { flowLost, onAnswer, onNetworkResponse } from './uac.ts';
import { abandon, onRequest } from './uas.ts';

/**
 * SIP signalling inside the process: transports, transactions and dialogs, with drachtio-srf's API on top
 * (ADR 0003). It admits nobody by itself; who may call is the business of the application.
 */
export interface EmbeddedServer {
  /** UDP and TCP. */
  readonly port: number;
  readonly srf: SrfLike;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, client?: WsClient): void;
  /** Cuts the connection of a peer that misbehaves. */
  cut(protocol: Transport, address: string, port: number): void;
  /** A connection that still stands; UDP always does. */
  isOpen(protocol: Transport, address: string, port: number): boolean;
  /** Sizes of what is in memory, for metrics and tests. */
  stats(): Counters & { readonly dialogs: number; readonly transactions: number };
  stop(): Promise<void>;
}

type FlowName = Pick<Flow, 'protocol' | 'address' | 'port'>;

export interface EmbeddedServerOptions {
  readonly host: string;
  readonly port: number;
  readonly advertiseAddress: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: SipLogger;
  /** Datagrams of banned addresses are dropped before parsing. */
  readonly admits?: (address: string, port: number) => boolean;
  /** Connections that stay although nobody calls on them: trunks', registered telephones'. */
  readonly isProven?: (flow: FlowName) => boolean;
  readonly isTrunk?: (address: string) => boolean;
  readonly onFlowClosed?: (flow: FlowName) => void;
  readonly onGarbage?: (flow: FlowName) => void;
  readonly wrapUdp?: (flow: Flow) => Flow;
}

/** Throws AppError `sip.portInUse`. */
export async function createEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { clock, logger } = options;
  const counters: Counters = { garbage: 0, refused: 0, requests: 0, responses: 0 };
  const core = createCore(options, counters, () => transports);
  const transports = await openTransports({
    host: options.host,
    port: options.port,
    clock,
    ...(options.wrapUdp && { wrapUdp: options.wrapUdp }),
    handlers: {
      admits: options.admits ?? (() => true),
      isTrunk: options.isTrunk ?? (() => false),
      // A logout takes the registration, not the call that is under way.
      isProven: (flow) => options.isProven?.(flow) === true || core.dialogs.uses(flow),
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

  return {
    port: transports.port,
    srf: createNativeSrf(core),
    handleUpgrade: (...upgrade) => {
      transports.handleUpgrade(...upgrade);
    },
    cut: (protocol, address, port) => {
      transports.cut(protocol, address, port);
    },
    isOpen: (protocol, address, port) => transports.isOpen(protocol, address, port),
    stats: () => ({
      ...counters,
      dialogs: core.dialogs.size,
      transactions: core.incoming.size + core.outgoing.size,
    }),
    async stop() {
      for (const dialog of core.dialogs.all()) core.dialogs.remove(dialog);
      for (const incoming of [...core.incoming.values()]) incoming.transaction.terminate();
      for (const outgoing of [...core.outgoing.values()]) outgoing.transaction.terminate();
      for (const late of [core.lateIn, core.lateOut, core.merged]) late.stop();
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
  if (message.method !== undefined) onRequest(core, message, flow);
  else onNetworkResponse(core, message, flow);
  return true;
}

function loseFlow(core: Core, flow: Flow): void {
  flowLost(core, flow);
  for (const incoming of [...core.incoming.values()]) {
    if (incoming.flow !== flow || incoming.message.method !== 'INVITE') continue;
    if (incoming.transaction.state === 'proceeding') abandon(incoming);
  }
}

function createCore(
  options: EmbeddedServerOptions,
  counters: Counters,
  transports: Core['transports'],
): Core {
  const hostport = advertised(options.advertiseAddress);
  const core: Core = {
    clock: options.clock,
    transports,
    onRequest: () => undefined,
    dialogs: new DialogTable(),
    incoming: new Map(),
    outgoing: new Map(),
    lateIn: new Linger(options.clock),
    lateOut: new Linger(options.clock),
    merged: new Linger(options.clock),
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
