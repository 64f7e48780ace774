import { setPriority } from 'node:os';
import type nodeDatachannel from 'node-datachannel';
import { AppError } from '../../shared/errors.ts';
import { Engine } from './engine.ts';
import type { FromMedia, MediaProcessOptions, ToMedia } from './protocol.ts';

/** Entry of the media process: commands in, replies and events out. A stalled main loop does not reach this one. */
if (process.send === undefined) throw new Error('media.worker runs as a process of the media server only');

const tell = (message: FromMedia): void => void process.send?.(message, undefined, {}, () => undefined);
/** Sound goes before everything else of this machine, where the process may say so (root, or CAP_SYS_NICE). */
const SOUND_NICE = -10;
try {
  setPriority(SOUND_NICE);
} catch {
  // Not allowed: same priority as the rest.
}

/** Loaded with the first WebRTC leg: a server that only speaks RTP carries no native threads. */
let library: Promise<typeof nodeDatachannel> | undefined;
const loadLibrary = (): Promise<typeof nodeDatachannel> =>
  (library ??= import('node-datachannel').then((module) => module.default));
const engine = new Engine(JSON.parse(process.argv[2] ?? '{}') as MediaProcessOptions, loadLibrary, tell);

process.on('message', ({ call, command }: ToMedia) => {
  engine.run(command).then(
    (value) => tell({ type: 'reply', call, value }),
    (error: unknown) => {
      const failure =
        error instanceof AppError
          ? { code: error.code, status: error.status, message: error.message }
          : { code: 'media.failed', status: 500, message: String(error) };
      tell({ type: 'failure', call, failure });
    },
  );
});

/**
 * The hard way out: an orderly exit would run the native library's static destructors under its living threads, which
 * aborts, and its own clean-up hangs while associations are half made.
 */
const leave = (): void => void process.kill(process.pid, 'SIGKILL');

process.on('uncaughtException', (error) => {
  process.send?.({ type: 'crash', message: error.stack ?? error.message }, undefined, {}, leave);
});
// The main process died: recordings get their headers, then this one ends too.
process.on('disconnect', () => void engine.run({ op: 'stop' }).finally(leave));
// A terminal or a service manager signals the whole group; when to end is for the main process to say, after its BYEs.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

tell({ type: 'ready' });
