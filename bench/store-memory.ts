import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Schema } from 'mongoose';
import { openStore } from '../src/platform/store/index.ts';
import { quantilesOf } from './quantiles.ts';

/**
 * Memory of the process with 200,000 customers and 1,000,000 messages in the embedded store, while they are served by
 * key, by index and newest first. Run by hand: `node scripts/run-ts.mjs bench/store-memory.ts`. The bound is 1 GiB of
 * anonymous memory (RssAnon); it exits with 1 beyond it.
 */
const CUSTOMERS = Number(process.argv[2] ?? 200_000);
const MESSAGES = Number(process.argv[3] ?? 1_000_000);
const LIMIT_MIB = 1024;

const rssAnonMib = (): number => {
  const kib = /^RssAnon:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kib) / 1024;
};

let peak = 0;
const note = (what: string): void => {
  const now = rssAnonMib();
  peak = Math.max(peak, now);
  console.log(`${what.padEnd(44)} RssAnon ${now.toFixed(0)} MiB`);
};

async function timed(what: string, times: number, run: (i: number) => Promise<unknown>): Promise<void> {
  const each: number[] = [];
  for (let i = 0; i < times; i++) {
    const from = performance.now();
    await run(i);
    each.push(performance.now() - from);
  }
  const at = quantilesOf(each);
  note(`${what}: p50 ${at(0.5).toFixed(2)} ms, p99 ${at(0.99).toFixed(2)} ms`);
}

const id = (n: number): string => `01ARZ3NDEKTSV4RR${String(n).padStart(10, '0')}`;
const at = (n: number): Date => new Date(1_760_000_000_000 + n * 1000);

const dataDir = mkdtempSync(join(tmpdir(), 'ramal-memory-'));
const store = await openStore({ kind: 'embedded', dataDir });
const customerSchema = new Schema(
  {
    _id: String,
    companyId: String,
    name: String,
    document: String,
    phones: [String],
    email: String,
    city: String,
  },
  { versionKey: false, collection: 'customers' },
);
customerSchema.index({ companyId: 1, document: 1 }, { unique: true });
customerSchema.index({ companyId: 1, phones: 1 });
const messageSchema = new Schema(
  { _id: String, companyId: String, interactionId: String, direction: String, text: String, at: Date },
  { versionKey: false, collection: 'messages' },
);
messageSchema.index({ companyId: 1, interactionId: 1, at: 1 });
messageSchema.index({ companyId: 1, at: -1 });
const customers = store.connection.model('Customer', customerSchema);
const messages = store.connection.model('Message', messageSchema);
await store.ensureIndexes();
note('empty');

async function load(
  total: number,
  insert: (docs: object[]) => Promise<unknown>,
  make: (n: number) => object,
) {
  const from = performance.now();
  for (let n = 0; n < total; n += 1000) {
    await insert(Array.from({ length: Math.min(1000, total - n) }, (_, i) => make(n + i)));
    peak = Math.max(peak, rssAnonMib());
  }
  note(`${total} loaded, ${(total / ((performance.now() - from) / 1000)).toFixed(0)}/s`);
}
await load(
  CUSTOMERS,
  (docs) => customers.collection.insertMany(docs),
  (n) => ({
    _id: id(n),
    companyId: 'exemplo',
    name: `Maria de Souza Número ${n}`,
    document: String(n).padStart(11, '0'),
    phones: [`+55119${String(n).padStart(8, '0')}`, `+55118${String(n).padStart(8, '0')}`],
    email: `maria${n}@cliente.test`,
    city: 'São Paulo',
  }),
);
await load(
  MESSAGES,
  (docs) => messages.collection.insertMany(docs),
  (n) => ({
    _id: id(n),
    companyId: 'exemplo',
    interactionId: id(n % 50_000),
    direction: n % 2 ? 'in' : 'out',
    text: `Mensagem ${n}: ${'bom dia, minha internet caiu de novo. '.repeat(3)}`,
    at: at(n),
  }),
);
const file = join(dataDir, 'store', 'store.db');
console.log(`store.db ${(statSync(file).size / 2 ** 20).toFixed(0)} MiB`);
const spread = (i: number, total: number): number => (i * 7919) % total;
await timed('customer by key', 3000, (i) => customers.findOne({ _id: id(spread(i, CUSTOMERS)) }).lean());
await timed('customer by phone (index)', 3000, (i) =>
  customers
    .findOne({ companyId: 'exemplo', phones: `+55118${String(spread(i, CUSTOMERS)).padStart(8, '0')}` })
    .lean(),
);
await timed('messages of an interaction, in order', 1000, (i) =>
  messages
    .find({ companyId: 'exemplo', interactionId: id(spread(i, 50_000)) })
    .sort({ at: 1 })
    .lean(),
);
let last: number | undefined;
await timed('page of 50, newest first, going back', 1000, async () => {
  const page = await messages
    .find({ companyId: 'exemplo' })
    .where('at')
    .lt(last ?? Date.now())
    .sort({ at: -1 })
    .limit(50)
    .lean<{ at: Date }[]>();
  last = page.at(-1)?.at.getTime();
});
let streamed = 0;
for await (const _ of messages.find({ companyId: 'exemplo' }).lean().cursor())
  if (++streamed % 100_000 === 0) peak = Math.max(peak, rssAnonMib());
note(`${streamed} streamed by cursor`);
console.log(`peak RssAnon ${peak.toFixed(0)} MiB (limit ${LIMIT_MIB})`);
await store.stop();
rmSync(dataDir, { recursive: true, force: true });
if (peak > LIMIT_MIB) process.exitCode = 1;
