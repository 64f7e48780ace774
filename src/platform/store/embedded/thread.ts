import { Worker } from 'node:worker_threads';
import { spawnWorker } from '../../worker.ts';
import type { WorkerOptions } from './protocol.ts';

/**
 * Starts the store's thread. From TypeScript sources on Node 20, `--import tsx` in a worker's execArgv registers
 * nothing (ERR_UNKNOWN_FILE_EXTENSION), so there the loader is registered by its API first.
 */
export function startThread(options: WorkerOptions): Worker {
  const entry = new URL('./engine.worker.ts', import.meta.url);
  if (!import.meta.url.endsWith('.ts')) return spawnWorker(entry, { workerData: options });
  const tsx = import.meta.resolve('tsx/esm/api');
  const bootstrap = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(entry.href)}); })`;
  return new Worker(bootstrap, { eval: true, execArgv: [], workerData: options });
}
