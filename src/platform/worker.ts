import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread from a module of this tree, compiled or not. The build rewrites `.ts` to `.js` in imports but
 * not in URLs, so the entry is resolved here. From TypeScript sources (tests, development) the loader is registered by
 * its API first: on Node 20 `--import tsx` in a worker's execArgv registers nothing (ERR_UNKNOWN_FILE_EXTENSION).
 */
export function spawnWorker(entry: URL, options: WorkerOptions = {}): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(fileURLToPath(entry).replace(/\.ts$/, '.js'), options);
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const bootstrap = `import(${tsx}).then(({ register }) => { register(); return import(${JSON.stringify(entry.href)}); })`;
  return new Worker(bootstrap, { execArgv: [], ...options, eval: true });
}
