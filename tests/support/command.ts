import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
}

export interface RunOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the program with SIGTERM once its output holds this. */
  readonly until?: string;
  readonly cwd?: string;
}

/** Runs an entry point of src/ as it was built, as the installer's npm scripts do; with no other environment than the one given and no input. */
export function runEntry(entry: string, options: RunOptions = {}): Promise<Ran> {
  const child = spawn(
    process.execPath,
    [join(root, 'dist', entry.replace(/\.ts$/, '.js')), ...(options.args ?? [])],
    {
      cwd: options.cwd ?? root,
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/tmp', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let out = '';
  let told = false;
  const read = (chunk: Buffer): void => {
    out += chunk.toString();
    if (told || options.until === undefined || !out.includes(options.until)) return;
    told = true;
    child.kill('SIGTERM');
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out }));
  });
}
