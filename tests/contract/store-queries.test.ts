import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJobs } from '../../src/platform/jobs/index.ts';
import { openStore, type Store } from '../../src/platform/store/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { type Asked, faultsOf, listen } from '../support/explain.ts';
import { filesOf } from '../support/files.ts';
import { isFerret, type StoreEngine, storeEngines, titleOf } from '../support/stores.ts';
import { CONTACT_CALLS, MAIL_CALLS } from './store-queries-calls.ts';
import {
  ASKING,
  at,
  C,
  contactFilters,
  createModules,
  crossed,
  DOCS,
  id,
  MOST,
  pairs,
  protocolFilters,
  ROWS,
  walk as walkModule,
} from './store-queries-rig.ts';

const mine = { agentId: 'bruno', queues: ['b', 'c'] };

/** Embedded, the store itself refuses what looks at much in vain; MongoDB is asked for its plans afterwards. */
const openFor = (engine: StoreEngine, dataDir: string): Promise<Store> =>
  engine.embedded ? openStore({ kind: 'embedded', dataDir, mostInVain: MOST }) : engine.open();

describe.each(
  storeEngines().map((engine) => ({ engine, title: titleOf('every query has an index', engine) })),
)('$title', ({ engine }) => {
  if (!engine.present) {
    it.skip('is not asked');
    return;
  }
  let dataDir = '';
  let store: Store;
  let asked: readonly Asked[] = [];
  let modules: ReturnType<typeof createModules> = {};
  const walked = new Set<string>();

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'ramal-queries-'));
    await engine.setUp();
    store = await openFor(engine, dataDir);
    const { connection } = store;
    modules = createModules(connection);
    await store.ensureIndexes();
    for (const [name, make] of Object.entries(DOCS))
      await connection.collection(name).insertMany(Array.from({ length: ROWS }, (_, n) => make(n) as never));
    if (!engine.embedded) asked = listen(connection);
  }, 120_000);
  afterAll(async () => {
    await store.stop();
    await engine.tearDown();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function walk(name: string, calls: Parameters<typeof walkModule>[2]): Promise<void> {
    walked.add(name);
    await walkModule(name, modules[name], calls);
  }

  const page = { limit: 51, order: 'newest' };
  it('contacts: each filter, each pair, seen by a supervisor and by an operator', async () => {
    const lists = [...contactFilters, ...crossed].flatMap((filter) => [
      [C, filter, page],
      [C, { ...filter, visibleTo: mine }, page],
      [C, filter, { ...page, order: 'oldest', after: id(3) }],
    ]);
    await walk('contacts', { ...CONTACT_CALLS, list: lists });
  });

  it('protocols: each filter, each pair, seen by a supervisor and by an operator', async () => {
    await walk('protocols', {
      counters: [[]],
      numbersBetween: [[C, 'a', 'b']],
      load: [[C, 'none']],
      byOpenKey: [[C, 'none']],
      openOf: [[C, 'nobody', at]],
      replace: [[1, { number: 'none', companyId: C, version: 2 }]],
      stand: [[C, 'none', ['queue:a']]],
      take: [[{ id: 'none', companyId: C, month: '209901', kind: 'regular' }, 1]],
      search: protocolFilters.flatMap((filter) => [
        [C, filter, { limit: 51 }],
        [C, { ...filter, within: ['queue:b', 'agent:bruno'] }, { limit: 51, before: id(900) }],
        [C, { ...filter, within: ['queue:a'] }, { limit: 51 }],
      ]),
    });
  });

  it('customers: each key, and words that are common and never meet', async () => {
    await walk('customers', {
      get: [[C, 'none']],
      byExternalId: [[C, 'none']],
      byKey: [
        [C, { document: '1' }],
        [C, { phoneTails: '1' }],
        [C, { emails: 'x' }],
        [C, { keys: 'x' }],
      ],
      byBeginning: [
        [C, 'phones', '+55119', 20],
        [C, 'emails', 'ana', 20],
        [C, 'keys', 'log', 20],
        [C, 'externalId', 'zz', 20],
      ],
      byWords: (['nameWords', 'nameTokens'] as const).flatMap((of) => [
        [C, of, ['maria', 'silva'], 20],
        [C, of, ['maria', 'joao'], 20],
        [C, of, ['mar', 'w77'], 20],
        [C, of, ['zzz'], 20],
      ]),
      count: [[C]],
      upsert: [
        [
          {
            ...DOCS['customers']?.(3),
            externalId: 'new',
            _id: 'new',
            name: 'Nova',
            personType: 'PF',
            phones: [],
          },
        ],
      ],
    });
  });

  it('people, sessions, keys, the audit trail and mails', async () => {
    const few = { limit: 51 };
    await walk('users', {
      count: [[]],
      get: [['none']],
      byUsername: [['none']],
      list: [
        [C, few],
        [C, { ...few, before: id(700) }],
      ],
      anotherAdmin: [[C, 'none']],
      update: [[C, 'none', { name: 'x' }]],
    });
    await walk('sessions', {
      get: [['none']],
      touch: [['none', at]],
      remove: [['none']],
      removeOfUser: [['none']],
      idleSince: [[new Date(0), 500]],
    });
    await walk('apiKeys', {
      get: [[C, 'none']],
      byFingerprint: [['none']],
      list: [[C, few]],
      update: [[C, 'none', { active: false }]],
    });
    await walk('audit', {
      list: pairs({ action: 'b', kind: 'act', actorId: 'ana', targetId: 'none' }).map((filter) => [
        C,
        filter,
        few,
      ]),
    });
    await walk('sip', {
      live: [['ana', at]],
      removeExpired: [[new Date(0)]],
      take: [[{ sessionId: 'none' }], [{ userId: 'none', except: 'x' }]],
    });
    await walk('mail', MAIL_CALLS);
  });

  it('guesses at logins, however many strangers make, are swept by their age', async () => {
    await walk('locks', {
      get: [['none']],
      count: [['none', 'x', at]],
      lock: [['none', at]],
      clear: [['none']],
      forget: [['none', at]],
      standing: [
        [['none'], at],
        [['n', id(1)], new Date('2027-01-01')],
      ],
      clearName: [['other']],
      removeBefore: [[new Date(0)]],
    });
    await walk('known', { get: [['none']], put: [['none', at]], removeBefore: [[new Date(0)]] });
    await walk('setup', { get: [['none']], take: [['none']], clear: [[]] });
    await walk('keyCheck', { verify: [[]], plant: [[]], forget: [[]] });
  });

  it('operators, queues, companies and their settings', async () => {
    await walk('agents', { load: [[C, 'none']], replace: [[1, { id: 'none', version: 2 }]], all: [[]] });
    await walk('queues', { all: [[]], replace: [[1, { key: 'none', companyId: C, version: 2 }]] });
    await walk('companies', {
      get: [['none']],
      remove: [['none']],
      all: [[]],
      update: [['none', { name: 'x' }]],
    });
    for (const name of ['dids', 'trunks', 'calendars'])
      await walk(name, {
        get: [[C, 'none']],
        update: [[C, 'none', {}]],
        list: [
          [C, { limit: 51 }],
          [C, { limit: 51, before: id(700) }],
        ],
        all: [[]],
      });
  });

  it.each([true, false])('jobs of a process that is alone with the store: %s', async (alone) => {
    const errors: unknown[] = [];
    const jobs = openJobs({
      kind: 'embedded',
      connection: store.connection,
      clock: systemClock,
      alone,
      onError: (error) => errors.push(error),
    });
    const ran = new Promise<void>((done) => {
      jobs.define('walked', () => {
        done();
        return Promise.resolve();
      });
    });
    await jobs.start();
    await jobs.add('walked', {}, { key: `now ${String(alone)}` });
    await jobs.add('walked', {}, { key: 'later', delayMs: 3_600_000 });
    await ran;
    expect(await jobs.cancel('walked', 'later')).toBe(true);
    expect((await jobs.counts()).waiting).toBeGreaterThan(0);
    expect((await jobs.health()).ok).toBe(true);
    await jobs.stop();
    expect(errors).toEqual([]);
  });

  it('no part of the product that asks the store is left out, and every collection is full enough to tell', () => {
    const src = join(import.meta.dirname, '../../src');
    const asking = filesOf(src, /\.ts$/)
      // Migrations read everything once; the store itself only asks whether it is there.
      .filter((file) => !file.endsWith('.test.ts') && !file.startsWith('platform/store/'))
      .filter((file) =>
        /connection\s*(\.\s*(model|collection|db)\b|as\b)/.test(readFileSync(join(src, file), 'utf8')),
      );
    expect(asking.sort()).toEqual(Object.keys(ASKING).sort());
    expect([...walked].sort()).toEqual(Object.values(ASKING).flat().sort());
    expect(Object.keys(modules).sort()).toEqual([...walked].sort());
    const collections = Object.values(store.connection.models).map((model) => model.collection.name);
    expect([...new Set(collections)].sort()).toEqual(Object.keys(DOCS).sort());
  });

  it.skipIf(engine.embedded)('MongoDB plans each of them by an index', async ({ skip }) => {
    skip(await isFerret(store), 'FerretDB answers with a plan of PostgreSQL');
    expect(asked.length).toBeGreaterThan(300);
    expect(await faultsOf(store.connection, asked, MOST)).toEqual([]);
  });

  it.skipIf(!engine.embedded)('a query without an index is refused here, with its shape', async () => {
    const scan = store.connection.collection('messages').find({ text: 'x' }).toArray();
    await expect(scan).rejects.toMatchObject({ code: 'store.scan' });
  });
});
