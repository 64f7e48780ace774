import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { createCustomerStore } from '../src/customers/store.ts';
import { createInteractionStore } from '../src/interactions/store.ts';
import { openStore, type Store } from '../src/platform/store/index.ts';
import { spawnWorker } from '../src/platform/worker.ts';
import type { CompanyId } from '../src/shared/ids.ts';
import { customer, customerId, fillHouse, QUEUES } from './lists-data.ts';
import type { BenchRow } from './report.ts';
import { quantilesOf } from './quantiles.ts';

const HOUSE = 'bench' as CompanyId;
const SIZE = { customers: 200_000, contacts: 50_000, waiting: 500 };
const PHASE_MS = 20_000;
/** A write every so often, one after the other, as calls and clicks come. */
const WRITE_EVERY_MS = 5;
const LANES = 4;

interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly n: number;
}

interface Phase {
  readonly write: Spread;
  /** Append and fdatasync of 4 KiB on the same disk in the same time, by a thread of its own: what is the disk's and the machine's. */
  readonly disk: Spread;
  /** The longest that this process's loop stood, ms: what is the asker's own. */
  readonly loopMs: number;
  readonly reads: number;
}

function spread(times: readonly number[]): Spread {
  const at = quantilesOf(times);
  return { p50: at(0.5), p99: at(0.99), max: at(1), n: times.length };
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

type Readers = readonly ((n: number) => Promise<unknown>)[];

/** Searches and lists as the desks ask them; some find much, some nothing, some look at many rows. */
function readers(
  contacts: ReturnType<typeof createInteractionStore>,
  customers: ReturnType<typeof createCustomerStore>,
): Readers {
  const page = { limit: 51, order: 'newest' } as const;
  const person = (n: number) => customer((n * 9_973) % SIZE.customers);
  const word = (n: number): string => person(n).name.toLowerCase().split(' ')[0] ?? '';
  return [
    (n) => contacts.list(HOUSE, { queue: QUEUES[n % 4] ?? '' }, page),
    (n) => contacts.list(HOUSE, { channel: n % 2 === 0 ? 'voice' : 'email' }, page),
    () => contacts.list(HOUSE, { disposition: 'nunca usada' }, { ...page, limit: 201 }),
    (n) => contacts.list(HOUSE, { customerId: customerId(n * 977) }, page),
    (n) => contacts.staysSince(HOUSE, new Date(Date.now() - (n % 20) * 86_400_000), { limit: 200 }),
    () => contacts.inStates(['queued', 'offered', 'active']),
    (n) => customers.byWords(HOUSE, 'nameWords', [word(n), word(n + 1)], 20),
    (n) => customers.byWords(HOUSE, 'nameTokens', [word(n), 'rosario'], 20),
    (n) => customers.byBeginning(HOUSE, 'emails', person(n).email.slice(0, 3), 20),
    () => customers.count(HOUSE),
    (n) => customers.get(HOUSE, customerId(n * 977)),
  ];
}

async function phase(store: Store, ask: Readers, dir: string, reading: boolean): Promise<Phase> {
  const cards = store.connection.collection<{ _id: string; version: number; at: Date }>('cards');
  await cards.updateOne({ _id: 'one' }, { $set: { version: 0, at: new Date() } }, { upsert: true });
  const disk = spawnWorker(new URL(import.meta.url), { workerData: { dir } });
  await new Promise((up) => disk.once('message', up));
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const endAt = performance.now() + PHASE_MS;
  const going = (): boolean => performance.now() < endAt;
  let reads = 0;
  const storm = Array.from({ length: reading ? LANES : 0 }, async (_, lane) => {
    for (let n = lane; going(); n += LANES) {
      await ask[n % ask.length]?.(n);
      reads++;
    }
  });
  const times: number[] = [];
  for (let version = 0; going(); version++) {
    const from = performance.now();
    const { modifiedCount } = await cards.updateOne(
      { _id: 'one', version },
      { $set: { version: version + 1, at: new Date() } },
    );
    times.push(performance.now() - from);
    if (modifiedCount !== 1) throw new Error(`the compare-and-set of version ${version} failed`);
    await pause(WRITE_EVERY_MS);
  }
  await Promise.all(storm);
  loop.disable();
  const synced = new Promise<number[]>((done) => disk.once('message', done));
  disk.postMessage('stop');
  return { write: spread(times), disk: spread(await synced), loopMs: loop.max / 1e6, reads };
}

/** A single-document compare-and-set alone, and while lists and searches run without pause. */
async function measureWritesUnderReads(
  dir = tmpdir(),
  size = SIZE,
): Promise<{ readonly quiet: Phase; readonly storm: Phase }> {
  const dataDir = mkdtempSync(join(dir, 'ramal-writes-'));
  const store = await openStore({ kind: 'embedded', dataDir });
  try {
    const ask = readers(
      createInteractionStore(store.connection, { inOrder: true }),
      createCustomerStore(store.connection),
    );
    await store.connection.collection<{ _id: string }>('companies').insertOne({ _id: HOUSE });
    for (const _id of ['ana', 'bruno'])
      await store.connection
        .collection<{ _id: string; role: string }>('users')
        .insertOne({ _id, role: 'operator' });
    await fillHouse(store, size);
    await store.ensureIndexes();
    const quiet = await phase(store, ask, dataDir, false);
    return { quiet, storm: await phase(store, ask, dataDir, true) };
  } finally {
    await store.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const text = ({ p50, p99, max, n }: Spread): string =>
  `p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} max ${max.toFixed(1)} (${n})`;
const line = (name: string, { write, disk, loopMs, reads }: Phase): string =>
  `${name}: write ${text(write)}; fdatasync ${text(disk)}; loop max ${loopMs.toFixed(1)}; ${reads} reads`;

/**
 * Row 21, on memory where the machine has it (Linux): no disk waits there, so that all that a write waits for is reads and the machine.
 */
export async function row21(): Promise<readonly BenchRow[]> {
  const { quiet, storm } = await measureWritesUnderReads('/dev/shm');
  return [
    {
      row: 21,
      name: 'compare-and-set while lists and searches run, max',
      ours: storm.write.max,
      theirs: 1,
      ratio: storm.write.max,
      target: '< 20',
      unit: 'ms',
      note: `${line('quiet', quiet)}; ${line('reads', storm)}`,
    },
  ];
}

function syncAgain(dir: string): void {
  const fd = openSync(join(dir, 'sync'), 'w');
  const record = Buffer.alloc(4096, 1);
  const times: number[] = [];
  const timer = setInterval(() => {
    const from = performance.now();
    writeSync(fd, record);
    fdatasyncSync(fd);
    times.push(performance.now() - from);
  }, 20);
  parentPort?.once('message', () => {
    clearInterval(timer);
    closeSync(fd);
    parentPort?.postMessage(times);
    parentPort?.close();
  });
  parentPort?.postMessage('up');
}

async function main(dirs: readonly string[]): Promise<void> {
  for (const dir of dirs.length === 0 ? [tmpdir(), '/dev/shm'] : dirs) {
    const { quiet, storm } = await measureWritesUnderReads(dir);
    console.log(`${dir}, load ${loadavg()[0]?.toFixed(1)}`);
    console.log(`${line('  quiet', quiet)}\n${line('  reads', storm)}`);
  }
}

if (!isMainThread) syncAgain((workerData as { readonly dir: string }).dir);
else if (process.argv[1] === import.meta.filename) await main(process.argv.slice(2));
