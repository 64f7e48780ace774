import { type ChildProcess, fork, type ForkOptions } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { buildSync } from 'esbuild';

/**
 * Stands for `src/platform/worker.ts` in the tests: an entry is made JavaScript once a file of tests, as the build does, and not
 * by a loader in each thread, which costs half a second each time.
 */

// Beside the packages: what the entry takes from them is found.
const FOLDER = join(import.meta.dirname, '../../node_modules/.cache/ramal-workers');
const made = new Map<string, string>();

function bundled(entry: URL): string {
  const source = fileURLToPath(entry);
  let file = made.get(source);
  if (file !== undefined) return file;
  const { outputFiles } = buildSync({
    entryPoints: [source],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    write: false,
  });
  mkdirSync(FOLDER, { recursive: true });
  file = join(FOLDER, `${basename(source, '.ts')}.mjs`);
  // Other files of tests make the same at the same time: what stands there is whole.
  const own = `${file}.${String(process.pid)}`;
  writeFileSync(own, outputFiles[0]?.contents ?? '');
  renameSync(own, file);
  made.set(source, file);
  return file;
}

export const forkModule = (entry: URL, args: readonly string[], options: ForkOptions): ChildProcess =>
  fork(bundled(entry), args, { ...options, execArgv: [...(options.execArgv ?? [])] });

export const spawnWorker = (entry: URL, options: WorkerOptions = {}): Worker =>
  new Worker(bundled(entry), { execArgv: [], ...options });
