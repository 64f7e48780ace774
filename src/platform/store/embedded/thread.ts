import { Worker } from 'node:worker_threads';
import { spawnWorker } from '../../worker.ts';
import type { CopyOptions, WorkerOptions } from './protocol.ts';

/**
 * Starts a thread of the store. From TypeScript sources on Node 20, `--import tsx` in a worker's execArgv registers
 * nothing (ERR_UNKNOWN_FILE_EXTENSION), so there the loader is registered by its API first.
 */
function start(entry: URL, workerData: WorkerOptions | CopyOptions): Worker {
  if (!import.meta.url.endsWith('.ts')) return spawnWorker(entry, { workerData });
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const file = JSON.stringify(entry.href);
  const bootstrap = `import(${tsx}).then(({ register }) => { register(); return import(${file}); })`;
  return new Worker(bootstrap, { eval: true, execArgv: [], workerData });
}

export const startEngineThread = (options: WorkerOptions): Worker =>
  start(new URL('./engine.worker.ts', import.meta.url), options);

export const startCopyThread = (options: CopyOptions): Worker =>
  start(new URL('./copy.worker.ts', import.meta.url), options);
