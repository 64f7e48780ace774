import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Model, Schema } from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../src/platform/store/index.ts';

const schema = new Schema<{ _id: string; group: string; n: number; pad?: string }>(
  { _id: String, group: String, n: Number, pad: String },
  { versionKey: false, collection: 'written' },
);
schema.index({ group: 1, n: 1 });
const modelOf = (store: Store): Model<{ _id: string; group: string; n: number; pad?: string }> =>
  store.connection.model('Written', schema) as never;

describe('durability of the embedded store', () => {
  let dataDir = '';
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ramal-durable-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  async function killWriter(afterWrites: number): Promise<string[]> {
    const child = fork(fileURLToPath(new URL('../support/store-child.ts', import.meta.url)), [dataDir], {
      execArgv: ['--import', 'tsx'],
    });
    const acknowledged: string[] = [];
    child.on('message', (id: string) => {
      acknowledged.push(id);
      if (acknowledged.length === afterWrites) child.kill('SIGKILL');
    });
    await once(child, 'exit');
    return acknowledged;
  }

  it('has every acknowledged write after kill -9, thrice on the same files', async () => {
    const acknowledged: string[] = [];
    for (const writes of [40, 137, 260]) {
      acknowledged.push(...(await killWriter(writes)));
      const store = await openStore({ kind: 'embedded', dataDir });
      const written = modelOf(store);
      const found = await written.find({ n: 1 }).lean();
      const ids = new Set(found.map((doc) => doc._id));
      expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
      // The index tells the same as the documents.
      const byIndex = await Promise.all(
        Array.from({ length: 16 }, (_, client) => written.countDocuments({ group: String(client) })),
      );
      expect(byIndex.reduce((a, b) => a + b, 0)).toBe(await written.countDocuments({}));
      await store.stop();
    }
  }, 90_000);

  it('answers store.full when there is no room, loses nothing, and goes on', async () => {
    const store = await openStore({ kind: 'embedded', dataDir, maxPages: 120 });
    const written = modelOf(store);
    await store.ensureIndexes();
    const kept: string[] = [];
    let failure: unknown;
    for (let i = 0; failure === undefined; i++) {
      const batch = await Promise.allSettled(
        Array.from({ length: 8 }, (_, j) =>
          written.create({ _id: `${i}-${j}`, group: 'g', n: i, pad: 'x'.repeat(3000) }),
        ),
      );
      for (const [j, result] of batch.entries())
        if (result.status === 'fulfilled') kept.push(`${i}-${j}`);
        else failure = result.reason;
    }
    expect(failure).toMatchObject({ code: 'store.full', status: 507 });
    expect(kept.length).toBeGreaterThan(50);
    expect(await written.countDocuments({ group: 'g' })).toBe(kept.length);
    const told = await store.health();
    expect(told.ok).toBe(false);
    expect(told.detail).toMatch(/disk is full/);
    expect(await written.deleteMany({ _id: { $in: kept.slice(0, 20) } })).toMatchObject({ deletedCount: 20 });
    expect(await store.health()).toMatchObject({ ok: true });
    await written.create({ _id: 'fits again', group: 'g', n: 1 });
    await store.stop();
    const again = await openStore({ kind: 'embedded', dataDir });
    expect(await modelOf(again).countDocuments({ group: 'g' })).toBe(kept.length - 19);
    await again.stop();
  });

  it('refuses a second process on the same data with a sentence', async () => {
    const store = await openStore({ kind: 'embedded', dataDir });
    const error: unknown = await openStore({ kind: 'embedded', dataDir }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'store.locked' });
    expect(String(error)).toContain('Another process is using this data directory');
    await store.stop();
    await (await openStore({ kind: 'embedded', dataDir })).stop();
  });

  it('says when the data directory cannot be written or the file is damaged', async () => {
    const file = join(dataDir, 'a-file');
    await writeFile(file, '');
    await expect(openStore({ kind: 'embedded', dataDir: file })).rejects.toMatchObject({
      code: 'store.unwritable',
    });
    await mkdir(join(dataDir, 'store'));
    await writeFile(join(dataDir, 'store', 'store.db'), 'x'.repeat(10_000));
    await expect(openStore({ kind: 'embedded', dataDir })).rejects.toMatchObject({ code: 'store.corrupt' });
  });

  it('answers what was asked before stop() and refuses what comes after', async () => {
    const store = await openStore({ kind: 'embedded', dataDir });
    const written = modelOf(store);
    const before = Array.from({ length: 50 }, (_, i) =>
      written.collection.insertOne({ _id: `b${i}` } as never),
    );
    const stopping = store.stop();
    await expect(written.collection.insertOne({ _id: 'late' } as never)).rejects.toMatchObject({
      code: 'store.stopped',
    });
    await Promise.all(before);
    await stopping;
    const again = await openStore({ kind: 'embedded', dataDir });
    expect(await modelOf(again).countDocuments({})).toBe(50);
    await again.stop();
  });
});
