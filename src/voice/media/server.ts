import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { MediaServer } from '../ports.ts';
import { createLink, type Link } from './link.ts';
import type { MediaThreadOptions } from './protocol.ts';
import { createRemoteEndpoint } from './remote-endpoint.ts';
import { spawnWorker } from '../../platform/worker.ts';

export interface MediaLogger {
  warn(details: Record<string, unknown>, message: string): void;
  error(details: Record<string, unknown>, message: string): void;
}

export interface EmbeddedMediaOptions extends MediaThreadOptions {
  readonly logger: MediaLogger;
  /** The media thread died. Its endpoints are gone (their silence handlers ran); a new thread is being started. */
  readonly onCrash?: (error: Error) => void;
}

/** More crashes than this within a minute and the thread stays down: a loop of crashes helps nobody. */
const MAX_CRASHES_A_MINUTE = 5;
const HEALTH_MS = 2_000;
const STOP_MS = 4_000;

/**
 * The embedded media server: WebRTC and RTP with G.711 in one worker thread, so that a busy main loop breaks no sound.
 *
 * A crash of the thread ends every endpoint: pending calls reject with `media.crashed`, silence handlers run at once, health
 * says so, and a fresh thread takes new calls. After five crashes within a minute it stays down (docs/adr/0004-media.md).
 */
export async function createEmbeddedMediaServer(options: EmbeddedMediaOptions): Promise<MediaServer> {
  const { logger, onCrash, ...threadOptions } = options;
  const crashes: number[] = [];
  let stopped: Promise<void> | undefined;
  let worker = spawnWorker(new URL('./media.worker.ts', import.meta.url), { workerData: threadOptions });
  let link = connect();

  function connect(): Link {
    return createLink({
      worker,
      onLog: (level, message, error) => logger[level]({ error }, message),
      onCrash(error) {
        logger.error({ error: error.message }, 'the media thread crashed');
        const now = performance.now();
        while ((crashes[0] ?? now) < now - 60_000) crashes.shift();
        crashes.push(now);
        if (stopped === undefined && crashes.length <= MAX_CRASHES_A_MINUTE) {
          worker = spawnWorker(new URL('./media.worker.ts', import.meta.url), { workerData: threadOptions });
          link = connect();
        }
        onCrash?.(error);
      },
    });
  }

  async function shutDown(): Promise<void> {
    if (!link.alive) return;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const ended = link.call({ op: 'stop' }).then(() => exited);
    // A native library that hangs in its clean-up must not hold up the end of the process.
    worker.unref();
    await withLimit(ended, STOP_MS).catch((error: unknown) =>
      logger.warn({ error: String(error) }, 'the media thread did not end in time'),
    );
  }

  // The first answer proves that the thread runs.
  await link.call({ op: 'health' });

  return {
    createEndpoint({ kind, remoteSdp, signalledFrom }) {
      if (stopped !== undefined)
        return Promise.reject(new AppError('media.stopped', 503, 'media server is stopped'));
      const id = randomUUID();
      return createRemoteEndpoint(link, id, { op: 'create', id, kind, remoteSdp, signalledFrom });
    },
    async health() {
      try {
        const reply = await withLimit(link.call({ op: 'health' }), HEALTH_MS);
        const detail = typeof reply === 'object' && 'detail' in reply ? reply.detail : '';
        return { ok: true, detail };
      } catch (error) {
        return { ok: false, detail: error instanceof Error ? error.message : String(error) };
      }
    },
    stop: () => (stopped ??= shutDown()),
  };
}

function withLimit<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the media thread does not answer')), limitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
