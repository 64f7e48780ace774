import { AppError } from '../../shared/errors.ts';
import type { Digit, EndpointStats, MediaEndpoint } from '../ports.ts';
import type { Link } from './link.ts';
import type { Command, Described, Reply } from './protocol.ts';

const describedOf = (reply: Reply): Described => {
  if (typeof reply === 'object' && 'localSdp' in reply) return reply;
  throw new AppError('media.failed', 500, 'the media process answered without a description');
};
const statsOf = (reply: Reply): EndpointStats => {
  if (typeof reply === 'object' && 'jitterMs' in reply) return reply;
  throw new AppError('media.failed', 500, 'the media process answered without statistics');
};

export interface EmbeddedEndpoint extends MediaEndpoint {
  /** The engine died with this endpoint: told once, at once, whatever the leg did; never after destroy(). */
  onLost(handler: () => void): void;
}

/** The main loop's end of an endpoint that lives in the media process. */
export async function createRemoteEndpoint(
  link: Link,
  id: string,
  create: Extract<Command, { op: 'create' }>,
): Promise<EmbeddedEndpoint> {
  let described = describedOf(await link.call(create));
  let nextId = 1;
  let destroyed: Promise<void> | undefined;
  const digitHandlers: ((digit: Digit) => void)[] = [];
  const lostHandlers: (() => void)[] = [];
  const watches = new Map<number, () => void>();
  link.listen(id, {
    digit: (digit) => digitHandlers.forEach((handler) => handler(digit)),
    silence: (watch) => watches.get(watch)?.(),
    lost() {
      if (destroyed !== undefined) return;
      for (const handler of lostHandlers) handler();
      // A dead engine is silence too: the same road as a peer that vanished.
      for (const handler of watches.values()) handler();
    },
  });
  const call = async (command: Command): Promise<void> => {
    await link.call(command);
  };

  return {
    id,
    get codec() {
      return described.codec;
    },
    get localSdp() {
      return described.localSdp;
    },
    async setRemote(remoteSdp) {
      described = describedOf(await link.call({ op: 'setRemote', id, remoteSdp }));
      return described.localSdp;
    },
    async offer() {
      described = describedOf(await link.call({ op: 'offer', id }));
      return described.localSdp;
    },
    async play(files, { loop = false, signal } = {}) {
      if (signal?.aborted === true) return 'stopped';
      const play = nextId++;
      const stop = (): void => void call({ op: 'stopPlay', id, play }).catch(() => undefined);
      signal?.addEventListener('abort', stop, { once: true });
      try {
        const how = await link.call({ op: 'play', id, play, files, loop });
        return how === 'done' ? 'done' : 'stopped';
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    },
    onDigit: (handler) => void digitHandlers.push(handler),
    press: (digit) => call({ op: 'press', id, digit }),
    sendDigits: (digits) => call({ op: 'sendDigits', id, digits }),
    bridge: (other) => call({ op: 'bridge', id, other: other.id }),
    unbridge: () => call({ op: 'unbridge', id }),
    startRecording: (path) => call({ op: 'startRecording', id, path }),
    stopRecording: () => call({ op: 'stopRecording', id }),
    stats: async () => statsOf(await link.call({ op: 'stats', id })),
    onSilence(ms, handler) {
      const watch = nextId++;
      watches.set(watch, handler);
      call({ op: 'watch', id, watch, ms }).catch(() => undefined);
    },
    onLost: (handler) => void lostHandlers.push(handler),
    connected: () => call({ op: 'connected', id }),
    destroy() {
      destroyed ??= call({ op: 'destroy', id })
        .catch(() => undefined)
        .then(() => {
          link.forget(id);
          watches.clear();
          digitHandlers.length = 0;
        });
      return destroyed;
    },
  };
}
