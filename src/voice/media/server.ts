import type { EngineFact } from '../../contracts/engines.ts';
import { systemClock } from '../../shared/clock.ts';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { MediaServer } from '../ports.ts';
import { createLink, type Link } from './link.ts';
import { startMediaProcess } from './media-process.ts';
import type { MediaProcessOptions } from './protocol.ts';
import { createRemoteEndpoint, type EmbeddedEndpoint } from './remote-endpoint.ts';

export interface MediaLogger {
  warn(details: Record<string, unknown>, message: string): void;
  error(details: Record<string, unknown>, message: string): void;
}

export interface EmbeddedMediaOptions extends MediaProcessOptions {
  readonly logger: MediaLogger;
  /** The media process died. Its endpoints are gone (their `onLost` handlers ran); a new one is being started. */
  readonly onCrash?: (error: Error) => void;
  /** Milliseconds without a sign of life after which the process is killed and started anew; 10,000 by default. */
  readonly hangMs?: number;
  /** How the process is started; tests plant faults here. */
  readonly start?: (options: MediaProcessOptions) => ChildProcess;
}

export interface EmbeddedMediaServer extends MediaServer {
  createEndpoint(options: Parameters<MediaServer['createEndpoint']>[0]): Promise<EmbeddedEndpoint>;
}

/** More crashes than this within a minute and it stays down until that minute is over: a loop of crashes helps nobody. */
const MAX_CRASHES_A_MINUTE = 5;
const MINUTE_MS = 60_000;
/** A machine that stands still for seconds is no hung process, and a call outlives that. */
const HANG_MS = 10_000;
const HEALTH_MS = 1_500;
/** Recordings get this long to be closed at the end. */
const STOP_MS = 2_000;

/**
 * The embedded media server: WebRTC and RTP with G.711 in a process of its own, so that neither a busy main loop breaks
 * sound nor a fault of the native library ends the product.
 *
 * When that process dies or hangs every endpoint ends: pending calls reject with `media.crashed`, lost and silence handlers
 * run at once, health says so, and a fresh process takes new calls (docs/adr/0004-media.md).
 */
export async function createEmbeddedMediaServer(options: EmbeddedMediaOptions): Promise<EmbeddedMediaServer> {
  const { rtpPortMin, rtpPortMax, host, advertiseAddress } = options;
  const keeper = createKeeper(options, { rtpPortMin, rtpPortMax, host, advertiseAddress });
  let stopped: Promise<void> | undefined;
  // The first answer proves that it runs.
  await keeper.link().call({ op: 'health' });

  return {
    createEndpoint({ kind, remoteSdp, signalledFrom }) {
      if (stopped !== undefined)
        return Promise.reject(new AppError('media.stopped', 503, 'media server is stopped'));
      const id = randomUUID();
      return createRemoteEndpoint(keeper.link(), id, { op: 'create', id, kind, remoteSdp, signalledFrom });
    },
    async health() {
      if (stopped !== undefined)
        return { ok: false, detail: 'media server is stopped', facts: [{ says: 'stopped' }] };
      const link = keeper.link();
      const { words, facts } = keeper.story();
      if (!link.ready)
        return { ok: false, detail: `no media process${words}`, facts: [{ says: 'mediaGone' }, ...facts] };
      try {
        const reply = await withLimit(link.call({ op: 'health' }), HEALTH_MS);
        if (typeof reply !== 'object' || !('freePorts' in reply)) throw new Error('the media process is odd');
        const { endpoints, freePorts: free } = reply;
        return {
          ok: true,
          detail: `${endpoints} endpoints, ${free} RTP ports free${words}`,
          facts: [{ says: 'media', values: { endpoints, free } }, ...facts],
        };
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        return { ok: false, detail, facts: [{ says: 'noAnswer' }, ...facts] };
      }
    },
    stop: () => (stopped ??= keeper.stop()),
  };
}

/** Keeps one media process running. */
interface Keeper {
  /** The living one; a new one where the last died and may be replaced. */
  link(): Link;
  /** That it was started again, once there is something to tell. */
  story(): { readonly words: string; readonly facts: readonly EngineFact[] };
  stop(): Promise<void>;
}

function createKeeper(options: EmbeddedMediaOptions, processOptions: MediaProcessOptions): Keeper {
  const { logger, onCrash, hangMs = HANG_MS, start = startMediaProcess } = options;
  /** When the crashes of the last minute were, by the monotonic clock. */
  let crashes: number[] = [];
  let restarts = 0;
  let last: { readonly at: number; readonly why: string } | undefined;
  let stopping = false;
  let link = open();

  function open(): Link {
    return createLink({
      child: start(processOptions),
      hangMs,
      onLog: (level, message, error) => logger[level]({ error }, message),
      onCrash(error) {
        logger.error({ error: error.message }, 'the media process crashed');
        const at = performance.now();
        last = { at, why: error.message.split('\n', 1)[0] ?? '' };
        crashes.push(at);
        revive();
        onCrash?.(error);
      },
    });
  }

  function revive(): void {
    if (stopping || link.alive) return;
    const now = performance.now();
    crashes = crashes.filter((at) => at > now - MINUTE_MS);
    if (crashes.length > MAX_CRASHES_A_MINUTE) return;
    restarts++;
    link = open();
  }

  return {
    link() {
      revive();
      return link;
    },
    story() {
      if (last === undefined) return { words: '', facts: [] };
      const seconds = Math.round((performance.now() - last.at) / 1000);
      return {
        words: `; started again ${restarts}×, last crash ${seconds} s ago: ${last.why}`,
        facts: [{ says: 'mediaRestarted', values: { times: restarts, seconds } }],
      };
    },
    async stop() {
      stopping = true;
      if (!link.alive) return;
      await withLimit(link.call({ op: 'stop' }), STOP_MS).catch((error: unknown) =>
        logger.warn({ error: String(error) }, 'the media process did not end in time'),
      );
      // Never by its own exit: the native library's clean-up can hang or abort, and nothing is left to save.
      await link.kill();
    },
  };
}

function withLimit<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = systemClock.after(limitMs, () => reject(new Error('the media process does not answer')));
    promise.then(resolve, reject).finally(() => timer.cancel());
  });
}
