import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { io } from 'socket.io-client';
import { programs } from '../tests/support/programs.ts';
import { ended, freePort, until } from './processes.ts';
import type { BenchRow } from './report.ts';
import { customerOf, idOf, type Inbound, textOf } from './webhook-message.ts';
import { quantilesOf } from './quantiles.ts';

/** One way from an inbound event to the operator's socket. `send` resolves to the milliseconds it took. */
interface Path {
  send(id: number): Promise<number>;
  stop(): Promise<void>;
}

const EVENTS = 192;
/** Events that arrive at the same moment in the second measurement, as after a supplier's hiccup. */
const BURST = 64;
const ROUNDS = 7;

/** POSTs over kept connections and waits until the operator's socket heard this very id. */
function sender(base: string, token: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: BURST });
  const socket = io(base, { auth: { token }, transports: ['websocket'] });
  const waiting = new Map<number, () => void>();
  socket.on('message', (payload: { message: { text: string } }) =>
    waiting.get(idOf(payload.message.text))?.(),
  );
  const send = async (id: number): Promise<number> => {
    const event: Inbound = { id: String(id), from: customerOf(id), text: textOf(id) };
    const body = JSON.stringify(event);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const heard = new Promise<number>((resolve) => waiting.set(id, () => resolve(performance.now())));
    const startedAt = performance.now();
    const posted = request(`${base}/webhooks/bench`, { method: 'POST', agent, headers });
    posted.end(body);
    const [answer] = (await once(posted, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    if (answer.statusCode !== 200) throw new Error(`the webhook answered ${answer.statusCode}`);
    const took = (await heard) - startedAt;
    waiting.delete(id);
    return took;
  };
  const stop = (): void => {
    socket.disconnect();
    agent.destroy();
  };
  return { ready: new Promise<void>((resolve) => socket.once('connect', resolve)), send, stop };
}

/** A program of this folder in a process of its own; resolves with what it says about its address. */
async function launch(name: string, args: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(fileURLToPath(new URL(name, import.meta.url)), args, {
    execArgv: ['--import', 'tsx'],
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const said = await Promise.race([
    once(child, 'message').then(([message]) => message as { url: string }),
    once(child, 'exit').then(() => undefined),
  ]);
  if (said === undefined) throw new Error(`${name} ended`);
  return { child, url: said.url };
}

async function openPath(servers: readonly ChildProcess[], url: string): Promise<Path> {
  const client = sender(url, 'token');
  await client.ready;
  return {
    send: client.send,
    async stop() {
      client.stop();
      for (const server of servers) server.kill('SIGKILL');
      await Promise.all(servers.map(ended));
    },
  };
}

/** Ours: HTTP server, contact core, embedded store (on the disk before the answer) and live updates, one process. */
async function ourPath(dir: string): Promise<Path> {
  const { child, url } = await launch('webhook-ours.child.ts', [join(dir, 'ours')]);
  return openPath([child], url);
}

/** Theirs: a web process, a worker, Redis. */
async function theirPath(dir: string, redisPort: number): Promise<Path> {
  const rest = [join(dir, 'reference.db'), String(redisPort)];
  const web = await launch('webhook-theirs.child.ts', ['web', ...rest]);
  const worker = await launch('webhook-theirs.child.ts', ['worker', ...rest]);
  return openPath([web.child, worker.child], web.url);
}

/** Quantiles of one round, ms. */
interface Spread {
  readonly p50: number;
  readonly p99: number;
}

async function round(path: Path, from: number, count: number, atOnce: number): Promise<Spread> {
  const took: number[] = [];
  for (let i = 0; i < count; i += atOnce)
    took.push(...(await Promise.all(Array.from({ length: atOnce }, (_, k) => path.send(from + i + k)))));
  const at = quantilesOf(took);
  return { p50: at(0.5), p99: at(0.99) };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function compare(ours: Path, theirs: Path, atOnce: number, ids: { next: number }): Promise<BenchRow> {
  const measure = (path: Path, count: number) => round(path, (ids.next += 1000), count, atOnce);
  const [a, b]: [Spread[], Spread[]] = [[], []];
  for (const path of [ours, theirs]) await measure(path, EVENTS);
  for (let i = 0; i < ROUNDS; i++) {
    a.push(await measure(ours, EVENTS));
    b.push(await measure(theirs, EVENTS));
  }
  const of = (spreads: readonly Spread[], q: keyof Spread): number => median(spreads.map((one) => one[q]));
  const ratio = (q: keyof Spread): number => median(a.map((one, i) => one[q] / (b[i]?.[q] ?? Number.NaN)));
  return {
    row: 8,
    name: `inbound webhook → operator socket, p99, ${atOnce} at a time`,
    ours: of(a, 'p99'),
    theirs: of(b, 'p99'),
    ratio: ratio('p99'),
    target: '≤ 0.25',
    unit: 'ms',
    note:
      `${ROUNDS} rounds of ${EVENTS} events in turn; p50 ${of(a, 'p50').toFixed(2)} ÷ ${of(b, 'p50').toFixed(2)} ms = ` +
      `${ratio('p50').toFixed(2)}; ours one process with the whole contact core: one turn of reads and one write on the disk before ` +
      'the socket hears of it, the answer after that; theirs a web process (SQLite inside, WAL, synchronous FULL), a Bull ' +
      'worker and Redis; the client in a process of its own for both',
  };
}

/** Row 8: inbound event → operator's socket, p99, stored before the answer; ours and theirs take turns. */
export async function row8(): Promise<BenchRow[]> {
  const program = programs.redis;
  if (program === undefined) throw new Error('row 8 needs redis-server');
  const dir = await mkdtemp(join(tmpdir(), 'ramal-row8-'));
  const port = await freePort('tcp');
  const redis = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', dir], {
    stdio: 'ignore',
  });
  const probe = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
  probe.on('error', () => {});
  try {
    await until(() => (probe.status === 'ready' ? Promise.resolve() : probe.connect()), 5000, 'redis-server');
    await mkdir(join(dir, 'ours'));
    const [ours, theirs] = [await ourPath(dir), await theirPath(dir, port)];
    const rows: BenchRow[] = [];
    const ids = { next: 0 };
    for (const atOnce of [1, BURST]) rows.push(await compare(ours, theirs, atOnce, ids));
    await ours.stop();
    await theirs.stop();
    return rows;
  } finally {
    probe.disconnect();
    redis.kill();
    await ended(redis);
    await rm(dir, { recursive: true, force: true });
  }
}
