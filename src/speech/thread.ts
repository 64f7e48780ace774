import { Worker } from 'node:worker_threads';
import { spawnWorker } from '../platform/worker.ts';

/**
 * Starts the speech thread. From TypeScript sources on Node 20, `--import tsx` in a worker's execArgv registers
 * nothing (ERR_UNKNOWN_FILE_EXTENSION), so there the loader is registered by its API first.
 */
export function startThread(): Worker {
  const entry = new URL('./synth.worker.ts', import.meta.url);
  if (!import.meta.url.endsWith('.ts')) return spawnWorker(entry);
  const tsx = import.meta.resolve('tsx/esm/api');
  const bootstrap = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(entry.href)}); })`;
  return new Worker(bootstrap, { eval: true, execArgv: [] });
}
