import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAccessStore } from '../../src/access/store.ts';
import { createMailStore } from '../../src/channels/email/store.ts';
import { openJobs } from '../../src/platform/jobs/index.ts';
import { openStore, REMOVED_AT_ONCE, type Store } from '../../src/platform/store/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { filesOf } from '../support/files.ts';
import { storeEngines, titleOf } from '../support/stores.ts';
import { C, id, MOST } from './store-queries-rig.ts';

const OLD = new Date('2020-01-01');
const NOW = new Date('2026-11-26T12:00:00Z');
const LATER = new Date('2099-01-01');
/** Two whole batches and a part of one. */
const GONE = 2 * REMOVED_AT_ONCE + 200;
/** A sweep that looked at these would be seen. */
const STAYING = MOST + 500;

type Make = (n: number, old: boolean) => Record<string, unknown>;
const when = (old: boolean): Date => (old ? OLD : LATER);
const DOCS: Readonly<Record<string, Make>> = {
  sessions: (n, old) => ({ _id: id(n), companyId: C, userId: old ? 'ana' : 'rui', lastSeenAt: NOW }),
  sipcredentials: (n, old) => ({
    _id: id(n),
    companyId: C,
    userId: 'u',
    sessionId: old ? 's' : 't',
    expiresAt: when(old),
  }),
  loginlocks: (n, old) => ({
    _id: id(n),
    name: old ? 'ana' : 'rui',
    attempts: [when(old)],
    touchedAt: when(old),
  }),
  knownaddresses: (n, old) => ({ _id: id(n), at: when(old) }),
  uploadCounts: (n, old) => ({ _id: id(n), files: 1, bytes: 1, at: when(old) }),
  jobs: (n, old) => ({
    _id: `walked:${id(n)}`,
    name: 'walked',
    key: id(n),
    payload: 'null',
    state: ['done', 'failed'][n % 2],
    at: when(old),
    attempt: 1,
    attempts: 5,
    backoffMs: 1000,
  }),
};

describe.each(
  storeEngines().map((engine) => ({ engine, title: titleOf('what is removed in bulk', engine) })),
)('$title', ({ engine }) => {
  if (!engine.present) {
    it.skip('is not asked');
    return;
  }
  let dataDir = '';
  let store: Store;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'ramal-batches-'));
    await engine.setUp();
    store = await (engine.embedded
      ? openStore({ kind: 'embedded', dataDir, mostInVain: MOST })
      : engine.open());
    theAccess();
  });
  afterAll(async () => {
    await store.stop();
    await engine.tearDown();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Fills a collection, and watches how much is taken out of it at once. */
  async function filled(name: string) {
    await store.ensureIndexes();
    const make = DOCS[name];
    const docs = Array.from({ length: GONE + STAYING }, (_, n) => make?.(n, n < GONE) ?? {});
    await store.connection.collection(name).deleteMany({});
    await store.connection.collection(name).insertMany(docs);
    const model = Object.values(store.connection.models).find(({ collection }) => collection.name === name);
    const spy = vi.spyOn(model!.collection, 'deleteMany');
    return {
      async expectBatches(): Promise<void> {
        expect(await store.connection.collection(name).countDocuments({})).toBe(STAYING);
        const results = await Promise.all(
          spy.mock.results.map((result) => result.value as Promise<{ deletedCount: number }>),
        );
        expect(results.map(({ deletedCount }) => deletedCount)).toEqual([
          REMOVED_AT_ONCE,
          REMOVED_AT_ONCE,
          200,
        ]);
        spy.mockRestore();
      },
    };
  }

  let made: ReturnType<typeof createAccessStore> | undefined;
  const theAccess = () => (made ??= createAccessStore(store.connection));
  it.each<readonly [string, string, () => Promise<unknown>]>([
    ['sessions', 'sessions of a person', () => theAccess().sessions.removeOfUser('ana', 'none')],
    ['sipcredentials', 'credentials that expired', () => theAccess().sip.removeExpired(NOW)],
    ['loginlocks', 'locks that nobody touched', () => theAccess().locks.removeBefore(NOW)],
    ['loginlocks', 'locks of a name', () => theAccess().locks.clearName('ana')],
    ['knownaddresses', 'known addresses', () => theAccess().known.removeBefore(NOW)],
  ])('%s: %s', async (name, _what, remove) => {
    const { expectBatches } = await filled(name);
    await remove();
    await expectBatches();
  });

  it('credentials that a session asked for, all of them answered', async () => {
    const { expectBatches } = await filled('sipcredentials');
    const taken = await theAccess().sip.take({ sessionId: 's' });
    expect(new Set(taken.map(({ _id }) => _id)).size).toBe(GONE);
    await expectBatches();
  });

  it('counts of uploads', async () => {
    const mail = createMailStore(store.connection);
    const { expectBatches } = await filled('uploadCounts');
    await mail.forgetUploadCounts(NOW);
    await expectBatches();
  });

  it('jobs that are over, beside the work: what is due runs meanwhile', async () => {
    const errors: unknown[] = [];
    const jobs = openJobs({
      kind: 'embedded',
      connection: store.connection,
      clock: systemClock,
      alone: true,
      onError: (error) => errors.push(error),
    });
    const { expectBatches } = await filled('jobs');
    const ran = new Promise<void>((done) => {
      jobs.define('due', () => {
        done();
        return Promise.resolve();
      });
    });
    await jobs.start();
    await jobs.add('due', {}, { key: 'now' });
    await ran;
    const left = () =>
      store.connection.collection('jobs').countDocuments({ state: { $in: ['done', 'failed'] }, at: OLD });
    await expect.poll(left, { timeout: 10_000 }).toBe(0);
    await jobs.stop();
    await store.connection.collection('jobs').deleteOne({ _id: 'due:now' as never });
    await expectBatches();
    expect(errors).toEqual([]);
  });

  it('nothing else in the product removes without end', () => {
    const src = join(import.meta.dirname, '../../src');
    const removing = filesOf(src, /\.ts$/)
      .filter((file) => !file.endsWith('.test.ts') && !file.startsWith('platform/store/'))
      .filter((file) => readFileSync(join(src, file), 'utf8').includes('.deleteMany('));
    expect(removing).toEqual([]);
  });
});
