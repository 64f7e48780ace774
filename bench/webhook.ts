import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Bull from 'bull';
import { Redis } from 'ioredis';
import Database from 'libsql';
import { Schema } from 'mongoose';
import { Server as IoServer } from 'socket.io';
import { io } from 'socket.io-client';
import { z } from 'zod';
import type { ServerEvent } from '../src/contracts/realtime.ts';
import { createHealth, createHttpServer, type Principal, route } from '../src/platform/http/index.ts';
import { silentLogger } from '../src/platform/log/index.ts';
import { createMetrics } from '../src/platform/metrics/index.ts';
import { createRealtime } from '../src/platform/realtime/index.ts';
import { openStore } from '../src/platform/store/index.ts';
import { systemClock } from '../src/shared/clock.ts';
import type { AgentId, CompanyId } from '../src/shared/ids.ts';
import { programs } from '../tests/support/programs.ts';
import { ended, freePort, until } from './processes.ts';
import type { BenchRow } from './report.ts';

/** One way from an inbound event to the operator's socket. `send` resolves to the milliseconds it took. */
interface Path {
  send(id: number): Promise<number>;
  stop(): Promise<void>;
}

const EVENTS = 192;
/** Events that arrive at the same moment in the second measurement, as after a supplier's hiccup. */
const BURST = 64;
const ROUNDS = 7;
const text = 'Olá, estou sem internet desde ontem à noite. '.repeat(4);

/** POSTs over kept connections and waits until the operator's socket heard this very id. */
function sender(base: string, token: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: BURST });
  const socket = io(base, { auth: { token }, transports: ['websocket'] });
  const waiting = new Map<number, () => void>();
  socket.on('message', (payload: { message: { id: string } }) => waiting.get(Number(payload.message.id))?.());
  const send = async (id: number): Promise<number> => {
    const body = JSON.stringify({ id: String(id), from: '+5511987654321', text });
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

const messageOf = (id: string, words: string): ServerEvent<'message'> => ({
  interactionId: 'i1',
  message: {
    id,
    interactionId: 'i1',
    direction: 'inbound',
    author: { kind: 'customer' },
    from: '+5511987654321',
    to: [],
    text: words,
    attachments: [],
    status: 'received',
    at: new Date().toISOString(),
  },
});

/** Ours: the product's HTTP server, embedded store (acknowledged after the disk has it) and live updates. */
async function ourPath(dir: string): Promise<Path> {
  const store = await openStore({ kind: 'embedded', dataDir: dir });
  const schema = new Schema({ _id: String, companyId: String, from: String, text: String, at: Date });
  const messages = store.connection.model('BenchMessage', schema);
  const operator: Principal = {
    userId: 'ana' as AgentId,
    companyId: 'c1' as CompanyId,
    name: 'Ana',
    role: 'operator',
    queues: ['suporte'],
    via: 'session',
    scopes: [],
    credentialId: 's1',
  };
  const authenticator = { authenticate: () => Promise.resolve(operator) };
  const [log, metrics, clock] = [silentLogger(), createMetrics({ defaults: false }), systemClock];
  const http = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    authenticator,
    health: createHealth(clock),
    metrics,
    log,
  });
  const realtime = await createRealtime({ http, authenticator, clock, log, metrics });
  http.addRoutes([
    route({
      method: 'post',
      path: '/webhooks/bench',
      tag: 'bench',
      summary: 'an inbound message',
      auth: 'public',
      body: z.object({ id: z.string(), from: z.string(), text: z.string() }),
      responses: { 200: z.object({}) },
      handle: async ({ body }) => {
        await messages.insertMany([
          { _id: body.id, companyId: 'c1', from: body.from, text: body.text, at: new Date() },
        ]);
        realtime.publisher.toUser(operator.companyId, 'ana', 'message', messageOf(body.id, body.text));
        return { status: 200, body: {} };
      },
    }),
  ]);
  const { url } = await http.start();
  const client = sender(url, 'token');
  await client.ready;
  return {
    send: client.send,
    stop: async () => {
      client.stop();
      await realtime.stop();
      await http.stop(200);
      await store.stop();
    },
  };
}

/** Theirs: HTTP → SQL commit → Bull job → Redis pub/sub → socket.io, as such stacks are put together. */
async function theirPath(dir: string, redisPort: number): Promise<Path> {
  const db = new Database(join(dir, 'reference.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  db.exec('CREATE TABLE message (id TEXT PRIMARY KEY, sender TEXT, text TEXT, at INTEGER)');
  const insert = db.prepare('INSERT INTO message VALUES (?, ?, ?, ?)');
  const select = db.prepare('SELECT id, text FROM message WHERE id = ?');
  const redis = { host: '127.0.0.1', port: redisPort };
  const queue = new Bull<{ id: string }>('inbound', { redis });
  const [pub, sub] = [new Redis(redisPort, '127.0.0.1'), new Redis(redisPort, '127.0.0.1')];
  void queue.process(async (job) => {
    const row = select.get(job.data.id) as { id: string; text: string };
    await pub.publish('operator:ana', JSON.stringify(messageOf(row.id, row.text)));
  });
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { id: string; from: string; text: string };
      insert.run(body.id, body.from, body.text, Date.now());
      void queue.add({ id: body.id }, { removeOnComplete: true }).then(() => answer.end('{}'));
    });
  });
  const sockets = new IoServer(server, { perMessageDeflate: false });
  sockets.on('connection', (socket) => void socket.join('operator:ana'));
  await sub.subscribe('operator:ana');
  sub.on('message', (channel, json) => void sockets.to(channel).emit('message', JSON.parse(json)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = sender(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token');
  await client.ready;
  return {
    send: client.send,
    stop: async () => {
      client.stop();
      await sockets.close();
      await queue.close();
      pub.disconnect();
      sub.disconnect();
      db.close();
    },
  };
}

async function p99(path: Path, from: number, count: number, atOnce: number): Promise<number> {
  const took: number[] = [];
  for (let i = 0; i < count; i += atOnce)
    took.push(...(await Promise.all(Array.from({ length: atOnce }, (_, k) => path.send(from + i + k)))));
  took.sort((a, b) => a - b);
  return took[Math.ceil(took.length * 0.99) - 1] ?? Number.NaN;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function compare(ours: Path, theirs: Path, atOnce: number, ids: { next: number }): Promise<BenchRow> {
  const measure = (path: Path, count: number) => p99(path, (ids.next += 1000), count, atOnce);
  const [a, b]: [number[], number[]] = [[], []];
  for (const path of [ours, theirs]) await measure(path, BURST);
  for (let round = 0; round < ROUNDS; round++) {
    a.push(await measure(ours, EVENTS));
    b.push(await measure(theirs, EVENTS));
  }
  return {
    row: 8,
    name: `inbound webhook → operator socket, p99, ${atOnce} at a time`,
    ours: median(a),
    theirs: median(b),
    ratio: median(a.map((value, i) => value / (b[i] ?? Number.NaN))),
    target: '≤ 0.25',
    unit: 'ms',
    note:
      `${ROUNDS} rounds of ${EVENTS} events in turn; ours is a small route on the product's HTTP server, embedded ` +
      'store (on disk before the answer) and live updates, without the contact core; theirs SQLite in process (WAL, ' +
      'synchronous FULL), Bull and Redis on the same machine',
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
