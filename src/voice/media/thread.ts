import { Worker } from 'node:worker_threads';
import { spawnWorker } from '../../platform/worker.ts';
import type { MediaThreadOptions } from './protocol.ts';

/**
 * A roomy nursery: packets die young, and each scavenge would wait for V8's helper threads, which do not have this
 * thread's priority.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 64 };

/** Starts the media thread. It says `ready` first; what is posted before that may be lost while its code loads. */
export function startMediaThread(workerData: MediaThreadOptions): Worker {
  const entry = new URL('./media.worker.ts', import.meta.url);
  if (!import.meta.url.endsWith('.ts')) return spawnWorker(entry, { workerData, resourceLimits });
  // From sources: `--import tsx` does not reach a worker's module loader on Node 20, registering inside it does.
  const bootstrap = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(entry.href)}); })`;
  return new Worker(bootstrap, { eval: true, execArgv: [], workerData, resourceLimits });
}
