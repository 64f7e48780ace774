import { createServer } from 'node:http';
import { once } from 'node:events';
import { type Clock, systemClock } from '../../src/shared/clock.ts';
import { systemRandom } from '../../src/shared/random.ts';
import type { SipEdge, SoftphoneAuth } from '../../src/voice/ports.ts';
import {
  createDrachtioSipEdge,
  createEmbeddedSipEdge,
  type DigestAlgorithm,
  ha1Of,
  type SipLogger,
} from '../../src/voice/sip/index.ts';
import type { Flow } from '../../src/voice/sip/embedded/flow.ts';

export const silent: SipLogger = { debug() {}, info() {}, warn() {}, error: (f, m) => console.error(m, f) };

export const PASSWORD = 'correct horse';
/** One user, `ana`; her password can be withdrawn as the product does after minutes. */
export function testAuth(
  algorithms: readonly DigestAlgorithm[] = ['MD5'],
): SoftphoneAuth & { valid: boolean } {
  return {
    valid: true,
    ha1(username, realm) {
      const known = this.valid && (username === 'ana' || username === 'bruno');
      return Promise.resolve(known ? algorithms.map((a) => ha1Of(username, realm, PASSWORD, a)) : []);
    },
  };
}

export interface OpenedEdge {
  readonly edge: SipEdge;
  readonly auth: ReturnType<typeof testAuth>;
  readonly port: number;
  readonly wsUrl: string;
  /** Embedded only: what is left in memory. */
  readonly stats: (() => { dialogs: number; transactions: number; garbage: number }) | undefined;
  stop(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  readonly available: boolean;
  open(options?: {
    algorithms?: readonly DigestAlgorithm[];
    wrapUdp?: (flow: Flow) => Flow;
    /** Embedded only: its timers, turned by hand. */
    clock?: Clock;
    auth?: SoftphoneAuth & { valid: boolean };
    logger?: SipLogger;
  }): Promise<OpenedEdge>;
}

export const embedded: Engine = {
  name: 'embedded',
  available: true,
  async open(options = {}) {
    const auth = options.auth ?? testAuth(options.algorithms);
    const edge = await createEmbeddedSipEdge({
      host: '127.0.0.1',
      port: 0,
      advertiseAddress: '127.0.0.1',
      realm: 'exemplo',
      logger: silent,
      clock: systemClock,
      random: systemRandom,
      ...options,
      auth,
    });
    const http = createServer();
    // As behind a proxy that is trusted.
    http.on('upgrade', (request, socket, head) => {
      const named = request.headers['x-forwarded-for'];
      edge.handleUpgrade(request, socket, head, typeof named === 'string' ? { address: named } : undefined);
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const address = http.address();
    const wsPort = typeof address === 'object' && address ? address.port : 0;
    return {
      edge,
      auth,
      port: edge.port,
      wsUrl: `ws://127.0.0.1:${wsPort}/sip`,
      stats: () => edge.stats(),
      async stop() {
        await edge.stop(100);
        http.close();
        http.closeAllConnections();
      },
    };
  },
};

/** A drachtio-server with UDP and TCP on TEST_DRACHTIO_SIP_PORT and WebSocket at TEST_DRACHTIO_WS_URL. */
export const drachtio: Engine = {
  name: 'drachtio-server (TEST_DRACHTIO_URL)',
  available: process.env['TEST_DRACHTIO_URL'] !== undefined,
  async open(options = {}) {
    const auth = testAuth(options.algorithms);
    const edge = await createDrachtioSipEdge({
      url: process.env['TEST_DRACHTIO_URL'] ?? '',
      realm: 'exemplo',
      auth,
      logger: silent,
      clock: systemClock,
      random: systemRandom,
    });
    return {
      edge,
      auth,
      port: Number(process.env['TEST_DRACHTIO_SIP_PORT'] ?? 5060),
      wsUrl: process.env['TEST_DRACHTIO_WS_URL'] ?? '',
      stats: undefined,
      stop: () => edge.stop(100),
    };
  },
};
