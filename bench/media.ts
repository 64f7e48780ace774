/**
 * Rows 1–3 and 11: what a call's media costs here against rtpengine (Debian, userspace) with the same SDPs, in rounds
 * that alternate; CPU of the whole process from /proc, the load in a process of its own. Medians of the rounds.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { accessSync, constants, readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './report.ts';
import { startRtpEngine, type RtpEngine } from './media-rtpengine.ts';

interface Pair {
  readonly index: number;
  readonly a: string;
  readonly b: string;
}
interface Measured {
  readonly p50: number;
  readonly p99: number;
  readonly heard: number;
  readonly sent: number;
  readonly lost: number;
  readonly reordered: number;
}
interface Round extends Measured {
  /** CPU microseconds a call and second of talk. */
  readonly cpuPerCall: number;
  /** Of one core, 0…1. */
  readonly generatorLoad: number;
}
type Kind = 'rtp' | 'webrtc';

const ROUNDS = 5;
const SECONDS = 3;

class Child {
  readonly process: ChildProcess;
  private readonly waiting = new Map<number, { resolve: (v: unknown) => void; reject: (e: Error) => void }>();
  private next = 1;
  readonly ready: Promise<void>;

  constructor(entry: string, args: readonly string[]) {
    this.process = fork(fileURLToPath(new URL(entry, import.meta.url)), args, {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.ready = new Promise((resolve) => this.process.once('message', () => resolve()));
    this.process.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
      const call = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) call?.resolve(value);
      else call?.reject(new Error(error));
    });
  }

  ask(order: unknown): Promise<unknown> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.process.send({ id, order });
    });
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    // Nothing of it is worth an orderly end, and native clean-up may take its time.
    this.process.kill('SIGKILL');
    await gone;
  }
}

/**
 * CPU microseconds that a process and its children have used, all living threads. The scheduler's own count (nanoseconds): that
 * of /proc/PID/stat is sampled, and misses what wakes up briefly and often.
 */
function cpuMicros(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const own = threads.reduce(
    (sum, thread) =>
      sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    0,
  );
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + cpuMicros(Number(child)), own / 1000);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const median = (values: readonly number[]): number =>
  [...values].sort((x, y) => x - y)[values.length >> 1] ?? 0;

/** One contender: how a call is set up and cleared, and whose CPU counts. */
interface Contender {
  readonly pid: number;
  call(pair: Pair, kind: Kind, n: number): Promise<{ a: string; b: string }>;
  clear(): Promise<void>;
}

function ours(server: Child, record: boolean): Contender {
  return {
    pid: server.process.pid ?? 0,
    call: async (pair, kind) =>
      (await server.ask({ a: { kind, sdp: pair.a }, b: { kind: 'rtp', sdp: pair.b }, record })) as {
        a: string;
        b: string;
      },
    async clear() {
      await server.ask({});
    },
  };
}

function theirs(engine: RtpEngine): Contender {
  const calls: string[] = [];
  return {
    pid: engine.pid,
    async call(pair, kind, n) {
      const id = `call-${n}-${performance.now()}`;
      calls.push(id);
      const common = { 'call-id': id, 'from-tag': 'a', replace: ['origin'] };
      const b = await engine.command({
        ...common,
        command: 'offer',
        sdp: pair.a,
        ICE: 'remove',
        'transport-protocol': 'RTP/AVP',
        'rtcp-mux': ['demux'],
      });
      const a = await engine.command({
        ...common,
        'to-tag': 'b',
        command: 'answer',
        sdp: pair.b,
        ...(kind === 'webrtc'
          ? { ICE: 'force', 'transport-protocol': 'UDP/TLS/RTP/SAVPF', 'rtcp-mux': ['require'] }
          : {}),
      });
      return { a, b };
    },
    async clear() {
      for (const id of calls.splice(0))
        await engine.command({ command: 'delete', 'call-id': id, 'from-tag': 'a', 'delete-delay': 0 });
    },
  };
}

/** The generator's WebRTC library loses one in some hundred associations when ICE is quicker than its own set-up: try again. */
async function setUp(generator: Child, contender: Contender, kind: Kind, n: number): Promise<void> {
  for (let tries = 1; ; tries++) {
    const pair = (await generator.ask({ do: 'peers', a: kind })) as Pair;
    const local = await contender.call(pair, kind, n);
    try {
      await generator.ask({ do: 'connect', index: pair.index, a: local.a, b: local.b });
      return;
    } catch (error) {
      if (tries === 3) throw error;
      await generator.ask({ do: 'drop', index: pair.index });
    }
  }
}

async function round(generator: Child, contender: Contender, kind: Kind, calls: number): Promise<Round> {
  await Promise.all(Array.from({ length: calls }, (_, n) => setUp(generator, contender, kind, n)));
  await generator.ask({ do: 'run' });
  await pause(500);
  await generator.ask({ do: 'measure' });
  const pid = generator.process.pid ?? 0;
  const [cpu, own, start] = [cpuMicros(contender.pid), cpuMicros(pid), performance.now()];
  await pause(SECONDS * 1000);
  const spent = cpuMicros(contender.pid) - cpu;
  const load = (cpuMicros(pid) - own) / ((performance.now() - start) * 1000);
  const seconds = (performance.now() - start) / 1000;
  const measured = (await generator.ask({ do: 'result' })) as Measured;
  await contender.clear();
  await generator.ask({ do: 'clear' });
  return { ...measured, cpuPerCall: spent / seconds / calls, generatorLoad: load };
}

function findProgram(name: string): string | undefined {
  for (const folder of [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/bin']) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

interface Comparison {
  readonly ours: readonly Round[];
  readonly theirs: readonly Round[];
}

const basePort = (): number => 30_000 + Math.floor(Math.random() * 100) * 100;

async function compare(kind: Kind, calls: number): Promise<Comparison> {
  const port = basePort();
  const program = findProgram('rtpengine');
  const engine = program === undefined ? undefined : await startRtpEngine(program, port);
  const server = new Child('./media-server.child.ts', [String(port + 4000)]);
  const generator = new Child('./media-generator.child.ts', []);
  await Promise.all([server.ready, generator.ready]);
  const mine: Round[] = [];
  const other: Round[] = [];
  try {
    const us = ours(server, false);
    const them = engine === undefined ? undefined : theirs(engine);
    for (let i = 0; i < ROUNDS; i++) {
      mine.push(await round(generator, us, kind, calls));
      if (them !== undefined) other.push(await round(generator, them, kind, calls));
    }
  } finally {
    await generator.stop();
    await server.stop();
    await engine?.stop();
  }
  return { ours: mine, theirs: other };
}

const sum = (rounds: readonly Round[], pick: (r: Round) => number): number =>
  rounds.reduce((n, r) => n + pick(r), 0);

function row(
  number: number,
  name: string,
  { ours: mine, theirs: other }: Comparison,
  pick: (r: Round) => number,
  words: { target: string; unit: string },
): BenchRow {
  const us = median(mine.map(pick));
  const them = other.length === 0 ? undefined : median(other.map(pick));
  const load = Math.max(...mine.map((r) => r.generatorLoad), ...other.map((r) => r.generatorLoad));
  const faults = (rounds: readonly Round[]): string =>
    `${sum(rounds, (r) => r.lost)} lost and ${sum(rounds, (r) => r.reordered)} reordered of ${sum(rounds, (r) => r.sent)}`;
  return {
    row: number,
    name,
    ours: us,
    theirs: them,
    ratio: them === undefined ? undefined : us / them,
    ...words,
    note:
      `${faults(mine)}; p50 ${median(mine.map((r) => r.p50)).toFixed(2)} ms` +
      (them === undefined ? '; rtpengine is not installed' : `; rtpengine ${faults(other)}`) +
      `; generator ${Math.round(load * 100)} % of a core`,
  };
}

const CPU = { unit: 'µs CPU per call and second' };

/** Row 1: WebRTC↔RTP. */
export async function row1(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const calls of [50, 100])
    rows.push(
      row(1, `WebRTC↔RTP, ${calls} calls`, await compare('webrtc', calls), (r) => r.cpuPerCall, {
        ...CPU,
        target: '≤ 1.6',
      }),
    );
  return rows;
}

/** Row 2: RTP↔RTP. */
export async function row2(): Promise<BenchRow[]> {
  return [
    row(2, 'RTP↔RTP, 100 calls', await compare('rtp', 100), (r) => r.cpuPerCall, {
      ...CPU,
      target: '≤ 1.15',
    }),
  ];
}

/** Row 3: delay, loss and order at 100 calls. */
export async function row3(): Promise<BenchRow[]> {
  const words = { unit: 'ms p99', target: '≤ 2, < 5 ms, 0 lost, 0 reordered' };
  return [row(3, 'added delay RTP↔RTP, 100 calls', await compare('rtp', 100), (r) => r.p99, words)];
}

/** Row 11: with recording against without, ours both. */
export async function row11(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-rec-'));
  const server = new Child('./media-server.child.ts', [String(basePort()), folder]);
  const generator = new Child('./media-generator.child.ts', []);
  await Promise.all([server.ready, generator.ready]);
  const comparison: { ours: Round[]; theirs: Round[] } = { ours: [], theirs: [] };
  try {
    for (let i = 0; i < ROUNDS; i++) {
      comparison.ours.push(await round(generator, ours(server, true), 'rtp', 100));
      comparison.theirs.push(await round(generator, ours(server, false), 'rtp', 100));
    }
  } finally {
    await generator.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const name = 'RTP↔RTP with recording ÷ without, 100 calls';
  const result = row(11, name, comparison, (r) => r.cpuPerCall, { ...CPU, target: '≤ 1.10' });
  return [{ ...result, note: result.note.replace('rtpengine', 'without:') }];
}
