import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './report.ts';

const CALLS = 2000;
const RATE = 500;
const TRIALS = 5;

const TICKS = Number(execFileSync('getconf', ['CLK_TCK']).toString());

/** User and system time of a process in seconds (/proc/PID/stat, fields 14 and 15). */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  const listening = once(socket, 'listening');
  socket.bind(0, '127.0.0.1');
  await listening;
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** sipp's built-in scenarios; CPU of the generator comes back as a share of one core. */
function sipp(dir: string, args: string[]): ChildProcess {
  return spawn('sipp', [...args, '-i', '127.0.0.1', '-nostdin'], { cwd: dir, stdio: 'ignore' });
}

async function generate(dir: string, to: number, calls: number): Promise<{ load: number; ok: boolean }> {
  const started = performance.now();
  const child = sipp(dir, [
    ...['-sn', 'uac', `127.0.0.1:${to}`, '-p', String(await freePort())],
    ...['-m', String(calls), '-r', String(RATE), '-l', '2000', '-d', '100'],
  ]);
  let seconds = 0;
  const watch = setInterval(() => {
    try {
      seconds = cpuSeconds(child.pid ?? 0);
    } catch {
      // just ended
    }
  }, 100);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(watch);
  return { load: seconds / ((performance.now() - started) / 1000), ok: code === 0 };
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * The child compiled as the product is: a loader that runs TypeScript names each function at run time, which is a tenth
 * of a call. The folder stands inside the project, where its packages are found.
 */
function compiledChild(): { dir: string; entry: string } {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'bench-sip-'));
  const config = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { noEmit: false, outDir: join(dir, 'out'), rootDir: ROOT },
    files: [join(ROOT, 'bench', 'sip-b2bua.child.ts')],
    include: [],
  };
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', dir], { stdio: 'inherit', cwd: ROOT });
  return { dir, entry: join(dir, 'out', 'bench', 'sip-b2bua.child.js') };
}

/** Performance row 4: CPU per INVITE/ACK/BYE through the B2BUA (two legs) against sipp's UAS (one leg). */
export async function row4(): Promise<BenchRow> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-sip-'));
  const children: ChildProcess[] = [];
  const compiled = compiledChild();
  try {
    const [reference, far] = [await freePort(), await freePort()];
    const uas = sipp(dir, ['-sn', 'uas', '-p', String(reference)]);
    children.push(uas, sipp(dir, ['-sn', 'uas', '-p', String(far)]));
    const child = spawn(process.execPath, [compiled.entry, String(far)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(line.toString());
    await generate(dir, port, CALLS); // the compiler of the engine is part of no call
    const ours: number[] = [];
    const theirs: number[] = [];
    let load = 0;
    let failed = 0;
    const measure = async (pid: number, to: number, into: number[]): Promise<void> => {
      const before = cpuSeconds(pid);
      const run = await generate(dir, to, CALLS);
      into.push(((cpuSeconds(pid) - before) / CALLS) * 1e6);
      load = Math.max(load, run.load);
      if (!run.ok) failed++;
    };
    for (let trial = 0; trial < TRIALS; trial++) {
      await measure(child.pid ?? 0, port, ours);
      await measure(uas.pid ?? 0, reference, theirs);
    }
    const [a, b] = [median(ours), median(theirs)];
    return {
      row: 4,
      name: 'CPU per INVITE/ACK/BYE through the B2BUA (two legs) ÷ sipp UAS (one leg)',
      ours: Math.round(a),
      theirs: Math.round(b),
      ratio: Math.round((a / b) * 100) / 100,
      target: '≤ 4',
      unit: 'µs CPU per call',
      note: `${TRIALS}×${CALLS} calls at ${RATE}/s, generator at most ${Math.round(load * 100)} % of a core, ${failed} runs with failures`,
    };
  } finally {
    for (const child of children) await stop(child);
    for (const path of [dir, compiled.dir]) rmSync(path, { recursive: true, force: true });
  }
}
