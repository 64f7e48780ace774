import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Run {
  readonly code: number;
  readonly log: string;
}

/** Runs sipp to its end in a folder of its own; code 0 means that every call followed the scenario. */
export async function sipp(path: string, args: readonly string[], timeoutS = 15): Promise<Run> {
  const dir = mkdtempSync(join(tmpdir(), 'sipp-'));
  try {
    const child = spawn(
      path,
      [
        ...args,
        '-nostdin',
        '-trace_err',
        '-error_file',
        'errors.log',
        '-timeout',
        String(timeoutS),
        '-timeout_error',
      ],
      { cwd: dir, stdio: 'ignore' },
    );
    const [code] = (await once(child, 'exit')) as [number | null];
    let log = '';
    try {
      log = readFileSync(join(dir, 'errors.log'), 'utf8');
    } catch {
      // nothing went wrong
    }
    return { code: code ?? -1, log };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const gone = once(child, 'exit').then(() => undefined);
  child.kill('SIGTERM');
  const last = setTimeout(() => child.kill('SIGKILL'), 3000);
  return gone.finally(() => clearTimeout(last));
}
