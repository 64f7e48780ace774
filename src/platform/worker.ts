import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread from a module of this tree. The build rewrites `.ts` to `.js` in imports but not in
 * URLs, so the entry is resolved here; from TypeScript sources (tests, development) the thread loads through tsx.
 */
export function spawnWorker(entry: URL, options: WorkerOptions = {}): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(entry).replace(/\.ts$/, fromSource ? '.ts' : '.js');
  const execArgv = fromSource ? ['--import', 'tsx'] : [];
  return new Worker(file, { execArgv, ...options });
}
