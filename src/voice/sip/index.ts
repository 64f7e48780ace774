import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import Srf from 'drachtio-srf';
import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Random } from '../../shared/random.ts';
import type { SipEdge, SipPeer, SoftphoneAuth } from '../ports.ts';
import type { DigestAlgorithm } from './digest.ts';
import { createDrachtioEdge, type DrachtioEdge } from './drachtio-edge.ts';
import type { Flow } from './embedded/flow.ts';
import { createEmbeddedServer, type EmbeddedServer } from './embedded/server.ts';
import type { WsClient } from './embedded/transport-ws.ts';
import type { SipLogger } from './logger.ts';
import type { RealSrf } from './srf-types.ts';
import { teachStatuses } from './srf-statuses.ts';

export { type DigestAlgorithm, ha1Of } from './digest.ts';
export type { SipLogger } from './logger.ts';

interface CommonOptions {
  /** Realm of digest challenges and host part of softphones' addresses. */
  readonly realm: string;
  readonly auth: SoftphoneAuth;
  readonly logger: SipLogger;
  readonly clock: Clock;
  readonly random: Random;
  /** Preferred first; MD5 alone by default, which every softphone knows. */
  readonly algorithms?: readonly DigestAlgorithm[];
}

export interface EmbeddedSipOptions extends CommonOptions {
  readonly host: string;
  /** UDP and TCP; 0 takes a free one. */
  readonly port: number;
  /** What Via and Contact tell peers. */
  readonly advertiseAddress: string;
  /** Tests lose packets here. */
  readonly wrapUdp?: (flow: Flow) => Flow;
}

export interface EmbeddedSipEdge extends SipEdge {
  readonly port: number;
  /** For the HTTP server's `upgrade` event at path `/sip` (RFC 7118). */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, client?: WsClient): void;
  /** Sizes and counts for metrics. */
  stats(): ReturnType<EmbeddedServer['stats']>;
}

const peerOf = ({ protocol, address, port }: Pick<Flow, 'protocol' | 'address' | 'port'>): SipPeer => ({
  transport: protocol,
  address,
  port,
});

/** Signalling in this process. Rejects with AppError `sip.portInUse`. */
export async function createEmbeddedSipEdge(options: EmbeddedSipOptions): Promise<EmbeddedSipEdge> {
  const later: { edge?: DrachtioEdge } = {};
  const server = await createEmbeddedServer({
    ...options,
    admits: (address, port) => later.edge?.admits(address, port) ?? true,
    isProven: (flow) => later.edge?.isProven(peerOf(flow)) ?? false,
    isTrunk: (address) => later.edge?.isTrunk(address) ?? false,
    onFlowClosed: (flow) => later.edge?.flowClosed(peerOf(flow)),
    onGarbage: (flow) => later.edge?.garbage(peerOf(flow)),
  });
  const edge = createDrachtioEdge({
    ...options,
    srf: server.srf,
    showsTrying: true,
    health: () =>
      Promise.resolve({
        ok: true,
        detail: `embedded, ${options.host}:${server.port}`,
        facts: [{ says: 'sipHere', values: { address: `${options.host}:${server.port}` } }],
      }),
    isOpen: ({ transport, address, port }) => server.isOpen(transport, address, port),
    cut: ({ transport, address, port }) => {
      server.cut(transport, address, port);
    },
    close: () => server.stop(),
  });
  later.edge = edge;
  return {
    ...edge,
    port: server.port,
    handleUpgrade: (...upgrade) => {
      server.handleUpgrade(...upgrade);
    },
    stats: () => server.stats(),
  };
}

export interface DrachtioSipOptions extends CommonOptions {
  /** `drachtio://:secret@host:9022` */
  readonly url: string;
}

const CONNECT_MS = 10_000;

/** Signalling in a drachtio-server. Rejects with AppError `sip.drachtioUnreachable`. */
export async function createDrachtioSipEdge(options: DrachtioSipOptions): Promise<SipEdge> {
  const url = new URL(options.url);
  teachStatuses();
  const srf = new Srf() as unknown as RealSrf;
  let up = false;
  const edge = createDrachtioEdge({
    ...options,
    srf,
    // A drachtio-server may keep 100 to itself.
    showsTrying: false,
    health: () =>
      Promise.resolve({
        ok: up,
        detail: `drachtio ${url.host}`,
        facts: [{ says: 'sipDrachtio', values: { address: url.host } }],
      }),
    close: () => {
      srf.disconnect();
      return Promise.resolve();
    },
  });
  await new Promise<void>((resolve, reject) => {
    const timer = options.clock.after(CONNECT_MS, () => {
      reject(new AppError('sip.drachtioUnreachable', 503, `drachtio at ${url.host} does not answer.`));
    });
    srf.on('connect', (error) => {
      timer.cancel();
      up = error === null;
      if (up) resolve();
      else
        reject(new AppError('sip.drachtioUnreachable', 503, `drachtio at ${url.host} refused the secret.`));
    });
    // drachtio-srf reconnects by itself; the health line tells meanwhile.
    srf.on('error', () => {
      up = false;
    });
    srf.connect({
      host: url.hostname,
      port: Number(url.port || '9022'),
      secret: decodeURIComponent(url.password),
    });
  });
  return edge;
}
