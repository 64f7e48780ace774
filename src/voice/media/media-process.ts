import type { ChildProcess } from 'node:child_process';
import { forkModule } from '../../platform/worker.ts';
import type { MediaProcessOptions } from './protocol.ts';

/**
 * Packets make short-lived garbage only. Collected in small steps by the thread that carries sound: V8's helper threads run at
 * the priority of everybody else, and waiting for them on a busy machine is heard.
 */
const GC_FLAGS = ['--single-threaded-gc', '--max-semi-space-size=4'];
const ENTRY = new URL('./media.worker.ts', import.meta.url);

/**
 * Starts the media process. Its environment is all but empty: what parses packets of strangers knows no secret of ours. Its stderr
 * is ours to read, so that words of the native library stay out of the product's log (docs/adr/0004-media.md).
 */
export function startMediaProcess(options: MediaProcessOptions, entry: URL = ENTRY): ChildProcess {
  return forkModule(entry, [JSON.stringify(options)], {
    execArgv: GC_FLAGS,
    // Two threads write recordings: each that wakes for a write of its own costs as much as the write.
    env: { UV_THREADPOOL_SIZE: '2' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
