import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { type Model, Schema } from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backup, restore } from '../../src/platform/store/backup.ts';
import { openStore, type Store } from '../../src/platform/store/index.ts';

interface Doc {
  _id: string;
  n: number;
}
const schema = new Schema<Doc>({ _id: String, n: Number }, { versionKey: false, collection: 'docs' });
schema.index({ n: 1 }, { unique: true });
const modelOf = (store: Store): Model<Doc> => store.connection.model<Doc>('Doc', schema);
const now = new Date('2026-05-04T03:02:01.000Z');

describe('backup and restore of the data directory', () => {
  let dir = '';
  let dataDir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ramal-backup-'));
    dataDir = join(dir, 'data');
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('copies documents and files while the store is written, and brings them back', async () => {
    const store = await openStore({ kind: 'embedded', dataDir });
    const docs = modelOf(store);
    await store.ensureIndexes();
    await mkdir(join(dataDir, 'recordings', 'a'), { recursive: true });
    await writeFile(join(dataDir, 'recordings', 'a', '1.wav'), 'sound');
    await docs.insertMany(Array.from({ length: 500 }, (_, n) => ({ _id: `d${n}`, n })));
    const going = { on: true };
    const writer = (async () => {
      for (let n = 1000; going.on; n++) await docs.create({ _id: `d${n}`, n });
    })();
    await backup({ dataDir, target: join(dir, 'copy'), now, withStore: true });
    going.on = false;
    await writer;
    await expect(restore({ source: join(dir, 'copy'), dataDir, now, force: true })).rejects.toMatchObject({
      code: 'store.locked',
    });
    await store.stop();
    await expect(restore({ source: join(dir, 'copy'), dataDir, now, force: false })).rejects.toMatchObject({
      code: 'backup.occupied',
    });
    const aside = await restore({ source: join(dir, 'copy'), dataDir, now, force: true });
    // Inside: the data directory may be a mounted disk, or its parent somebody else's.
    expect(aside).toBe(join(dataDir, 'before-2026-05-04T03-02-01-000Z'));
    expect(await readdir(dir)).toEqual(['copy', 'data']);
    expect(await readFile(join(dataDir, 'recordings', 'a', '1.wav'), 'utf8')).toBe('sound');
    const again = await openStore({ kind: 'embedded', dataDir });
    const restored = modelOf(again);
    const count = await restored.countDocuments({});
    expect(count).toBeGreaterThanOrEqual(500);
    expect(await restored.countDocuments({ n: { $gte: 0 } })).toBe(count);
    await expect(restored.create({ _id: 'x', n: 5 })).rejects.toMatchObject({ code: 11000 });
    await again.stop();
  }, 60_000);

  it('refuses with a stable code what would end badly', async () => {
    const target = join(dir, 'copy');
    await expect(backup({ dataDir, target, now, withStore: true })).rejects.toMatchObject({
      code: 'backup.noData',
    });
    const store = await openStore({ kind: 'embedded', dataDir });
    await modelOf(store).create({ _id: 'a', n: 1 });
    await store.stop();
    await expect(
      backup({ dataDir, target: join(dataDir, 'in'), now, withStore: true }),
    ).rejects.toMatchObject({
      code: 'backup.inside',
    });
    await backup({ dataDir, target, now, withStore: true });
    await expect(backup({ dataDir, target, now, withStore: true })).rejects.toMatchObject({
      code: 'backup.exists',
    });
    await expect(restore({ source: dataDir, dataDir, now, force: true })).rejects.toMatchObject({
      code: 'backup.notABackup',
    });
    await truncate(join(target, 'store', 'store.db'), 9000);
    await expect(restore({ source: target, dataDir, now, force: true })).rejects.toMatchObject({
      code: 'store.corrupt',
    });
  });

  it('refuses a copy of a newer program, of its tables or of its documents, before anything is moved', async () => {
    const store = await openStore({ kind: 'embedded', dataDir });
    await store.stop();
    const target = join(dir, 'copy');
    await backup({ dataDir, target, now, withStore: true });
    const refused = async (): Promise<void> => {
      await expect(restore({ source: target, dataDir, now, force: true })).rejects.toMatchObject({
        code: 'store.newer',
      });
      expect((await readdir(dataDir)).sort()).toEqual(['store']);
    };
    const copied = new Database(join(target, 'store', 'store.db'));
    copied.exec('PRAGMA user_version = 99');
    await refused();
    copied.exec('PRAGMA user_version = 1');
    copied.close();
    await restore({ source: target, dataDir, now, force: true });
    await rm(dataDir, { recursive: true });
    const later = await openStore({
      kind: 'embedded',
      dataDir,
      migrations: [{ version: 1_000_000, name: 'far away', up: () => Promise.resolve() }],
    });
    await later.stop();
    await rm(target, { recursive: true });
    await backup({ dataDir, target, now, withStore: true });
    await refused();
  });

  it('keeps what is there when the disk fails in the middle, and leaves out its own leftovers', async () => {
    const store = await openStore({ kind: 'embedded', dataDir });
    await modelOf(store).create({ _id: 'a', n: 1 });
    await store.stop();
    await writeFile(join(dataDir, 'b.txt'), 'old');
    const target = join(dir, 'copy');
    await mkdir(join(dataDir, 'before-2020-01-01'));
    await backup({ dataDir, target, now, withStore: true });
    expect((await readdir(target)).sort()).toEqual(['b.txt', 'manifest.json', 'store']);
    // A file of the copy that cannot be put in its place: its name is taken by a leftover of ours.
    await writeFile(join(target, 'before-2020-01-01'), 'x');
    await expect(restore({ source: target, dataDir, now, force: true })).rejects.toMatchObject({
      code: 'EISDIR',
    });
    expect(await readFile(join(dataDir, 'b.txt'), 'utf8')).toBe('old');
    const again = await openStore({ kind: 'embedded', dataDir });
    expect(await modelOf(again).countDocuments({})).toBe(1);
    await again.stop();
  });

  it('says when the manifest is damaged', async () => {
    const source = join(dir, 'copy');
    await mkdir(source);
    for (const text of ['{', '7', '{"format":"x"}']) {
      await writeFile(join(source, 'manifest.json'), text);
      await expect(restore({ source, dataDir, now, force: true })).rejects.toMatchObject({
        code: 'backup.notABackup',
      });
    }
  });
});

describe('migrations', () => {
  let dataDir = '';
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ramal-migrate-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  const ran: number[] = [];
  const step = (version: number, fails = false) => ({
    version,
    name: `step ${version}`,
    up: () => {
      ran.push(version);
      return fails ? Promise.reject(new Error('no')) : Promise.resolve();
    },
  });

  it('run once each and in order, go on after a failure, and refuse newer data', async () => {
    const open = async (...migrations: ReturnType<typeof step>[]): Promise<void> => {
      const store = await openStore({ kind: 'embedded', dataDir, migrations });
      await store.stop();
    };
    await open();
    await open(step(1));
    await open(step(1));
    expect(ran).toEqual([1]);
    await expect(open(step(1), step(2), step(3, true))).rejects.toMatchObject({ code: 'store.migration' });
    await open(step(1), step(2), step(3));
    expect(ran).toEqual([1, 2, 3, 3]);
    const error: unknown = await open(step(1), step(2)).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'store.newer' });
    expect(String(error)).toContain('newer version of this program (schema 3, this one knows 2)');
  });
});
