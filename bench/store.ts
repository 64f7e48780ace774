import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Schema } from 'mongoose';
import { openStore } from '../src/platform/store/index.ts';
import type { BenchRow } from './report.ts';

const ROUNDS = 7;
const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const round = (value: number, digits = 0): number => Number(value.toFixed(digits));

/** Append + fdatasync of one record at a time: what a log file that promises the same would do. Writes/s. */
function appendAndSync(dir: string, record: Buffer, forMs: number): number {
  const fd = openSync(join(dir, `log-${performance.now()}`), 'w');
  const from = performance.now();
  let count = 0;
  for (; performance.now() - from < forMs; count++) {
    writeSync(fd, record);
    fdatasyncSync(fd);
  }
  const rate = (count / (performance.now() - from)) * 1000;
  closeSync(fd);
  return rate;
}

/** Row 13: durable acknowledged writes per second ÷ append + fdatasync, on the disk of `dir`. */
export async function row13(dir = tmpdir()): Promise<BenchRow[]> {
  const dataDir = mkdtempSync(join(dir, 'ramal-bench-'));
  const store = await openStore({ kind: 'embedded', dataDir });
  const schema = new Schema(
    { _id: String, companyId: String, state: String, version: Number, at: Date, pad: String },
    { versionKey: false, collection: 'bench' },
  );
  schema.index({ companyId: 1, state: 1 });
  const docs = store.connection.model('Bench', schema);
  await store.ensureIndexes();
  let next = 0;
  const write = async (): Promise<void> => {
    // The cheapest acknowledged write of the product: one document, through Mongoose's collection.
    await docs.collection.insertOne({
      _id: `01ARZ3NDEKTSV4RRFF${String(next++).padStart(8, '0')}`,
      companyId: 'exemplo',
      state: 'queued',
      version: 1,
      at: new Date(),
      pad: 'x'.repeat(200),
    } as never);
  };
  const clients = async (count: number, forMs: number): Promise<number> => {
    const before = next;
    const from = performance.now();
    await Promise.all(
      Array.from({ length: count }, async () => {
        while (performance.now() - from < forMs) await write();
      }),
    );
    return ((next - before) / (performance.now() - from)) * 1000;
  };
  await clients(64, 1500);
  const record = Buffer.alloc(330, 0x61);
  const alone: { ours: number[]; theirs: number[]; many: number[] } = { ours: [], theirs: [], many: [] };
  for (let i = 0; i < ROUNDS; i++) {
    alone.theirs.push(appendAndSync(dataDir, record, 600));
    alone.ours.push(await clients(1, 600));
    alone.many.push(await clients(64, 600));
  }
  await store.stop();
  rmSync(dataDir, { recursive: true, force: true });
  const theirs = median(alone.theirs);
  const row = (name: string, rates: number[], target: string): BenchRow => ({
    row: 13,
    name,
    ours: round(median(rates)),
    theirs: round(theirs),
    ratio: round(median(rates.map((rate, i) => rate / (alone.theirs[i] ?? theirs))), 2),
    target,
    unit: 'writes/s',
    note: `median of ${ROUNDS} interleaved rounds; one record of 330 bytes, one index`,
  });
  return [
    row('durable writes, one client ÷ append+fdatasync', alone.ours, '≥ 0.6'),
    row('durable writes, 64 clients ÷ append+fdatasync', alone.many, '≥ 5'),
  ];
}
