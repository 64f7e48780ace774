import { type ChildProcess, fork, type ForkOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Are we what the build made? Then entries are JavaScript, and no loader is needed. */
const isCompiled = !import.meta.url.endsWith('.ts');

/** The build rewrites `.ts` to `.js` in imports but not in URLs, so an entry of this tree is resolved here. */
const fileOf = (entry: URL): string =>
  isCompiled ? fileURLToPath(entry).replace(/\.ts$/, '.js') : fileURLToPath(entry);

/** Starts a process from a module of this tree, compiled or not. */
export function forkModule(entry: URL, args: readonly string[], options: ForkOptions): ChildProcess {
  const loader = isCompiled ? [] : ['--import', import.meta.resolve('tsx')];
  return fork(fileOf(entry), args, { ...options, execArgv: [...(options.execArgv ?? []), ...loader] });
}

/**
 * Starts a worker thread from a module of this tree, compiled or not. From TypeScript sources (tests, development) the loader is
 * registered by its API first: on Node 20 `--import tsx` in a worker's execArgv registers nothing (ERR_UNKNOWN_FILE_EXTENSION).
 */
export function spawnWorker(entry: URL, options: WorkerOptions = {}): Worker {
  if (isCompiled) return new Worker(fileOf(entry), options);
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const bootstrap = `import(${tsx}).then(({ register }) => { register(); return import(${JSON.stringify(entry.href)}); })`;
  return new Worker(bootstrap, { execArgv: [], ...options, eval: true });
}
