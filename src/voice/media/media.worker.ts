import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type nodeDatachannel from 'node-datachannel';
import { AppError } from '../../shared/errors.ts';
import { Engine } from './engine.ts';
import type { FromThread, MediaThreadOptions, ToThread } from './protocol.ts';

/** Entry of the media thread: commands in, replies and events out. A stalled main loop does not reach this one. */
const port = parentPort;
if (port === null) throw new Error('media.worker runs as a worker thread only');

const tell = (message: FromThread): void => port.postMessage(message);
/** Sound goes before everything else of this machine, where the process may say so (root, or CAP_SYS_NICE). */
const SOUND_NICE = -10;
try {
  // On Linux this is the calling thread alone (setpriority(2), "C library/kernel differences").
  setPriority(SOUND_NICE);
} catch {
  // Not allowed: same priority as the rest.
}

/** Loaded with the first WebRTC leg: a server that only speaks RTP carries no native threads. */
let library: Promise<typeof nodeDatachannel> | undefined;
const loadLibrary = (): Promise<typeof nodeDatachannel> =>
  (library ??= import('node-datachannel').then((module) => module.default));
const engine = new Engine(workerData as MediaThreadOptions, loadLibrary, tell);

port.on('message', ({ call, command }: ToThread) => {
  engine.run(command).then(
    (value) => {
      tell({ type: 'reply', call, value });
      if (command.op === 'stop') void leave();
    },
    (error: unknown) => {
      const failure =
        error instanceof AppError
          ? { code: error.code, status: error.status, message: error.message }
          : { code: 'media.failed', status: 500, message: String(error) };
      tell({ type: 'failure', call, failure });
    },
  );
});

tell({ type: 'ready' });

const DRAIN_MS = 200;

/**
 * The WebRTC library's own threads must end before this one does: else they would call into a dead isolate and abort the
 * process. Its clean-up is for the whole process, so one server with WebRTC legs lives in a process at a time.
 */
async function leave(): Promise<void> {
  (await library)?.cleanup();
  // Callbacks that its threads had queued still arrive: a thread that is ending cannot take them.
  setTimeout(() => port?.close(), DRAIN_MS);
}

process.on('uncaughtException', (error) => {
  tell({ type: 'crash', message: error.stack ?? error.message });
  void leave();
});
