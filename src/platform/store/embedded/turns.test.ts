import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'bson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from './catalog.ts';
import { type EngineClient, encode, startEngine } from './client.ts';
import { createEngine, type Engine, isTooMuch } from './engine.ts';
import type { IndexSpec } from './indexes.ts';
import { decode } from './scan.ts';
import { openSql, type Sql } from './sql.ts';
import type { Doc } from './values.ts';

const insertBody = (docs: readonly Doc[]): Uint8Array =>
  Buffer.concat([Buffer.from([1]), ...docs.map((doc) => serialize(doc))]);
const indexOn = (...paths: string[]): IndexSpec => ({
  name: paths.join('_'),
  fields: paths.map((path) => [path.replace('-', ''), path.startsWith('-') ? -1 : 1]),
  unique: false,
  sparse: false,
});
const ids = (from: number, count: number): number[] => Array.from({ length: count }, (_, n) => from + n);

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'ramal-turns-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('what an operation looks at', () => {
  let sql: Sql;
  beforeAll(() => {
    sql = openSql(join(dir, 'plans.db'));
    sql.exec(schema);
    const engine = createEngine(sql);
    const make = (n: number): Doc => ({
      _id: n,
      queue: n % 2 === 0 ? 'a' : 'b',
      agent: n % 5 === 0 ? 'ana' : 'bia',
      words: n < 2_000 ? ['maria', 'lima'] : n < 3_995 ? ['joao', 'lima'] : ['joao', 'maria'],
    });
    sql.exec('BEGIN');
    engine.write('insert', 'c', insertBody(ids(0, 4_000).map(make)));
    for (const index of [indexOn('queue', '-_id'), indexOn('agent', '-_id'), indexOn('words')])
      engine.write('createIndex', 'c', serialize(index));
    sql.exec('COMMIT');
  });
  afterAll(() => sql.close());

  const find = ({ engine, most }: { engine: Engine; most: number }, query: Doc): unknown[] =>
    (engine.read('find', 'c', serialize(query), most).documents ?? []).map((bytes) => decode(bytes)['_id']);
  const limited = (most: number) => ({ engine: createEngine(sql), most });

  it('is counted: a read that wants to look at more ends, and says so', () => {
    const query = { filter: { note: 'none' }, limit: 1 };
    expect(find(limited(4_000), query)).toEqual([]);
    try {
      find(limited(256), query);
      expect.unreachable();
    } catch (error) {
      expect(isTooMuch(error)).toBe(true);
    }
  });

  it('is a page for an $or whose branches come in order, each document once', () => {
    const filter = { $or: [{ queue: 'a' }, { agent: 'ana' }] };
    const expected = ids(0, 4_000).filter((n) => n % 2 === 0 || n % 5 === 0);
    expect(find(limited(90), { filter, sort: { _id: -1 }, limit: 50 })).toEqual(
      expected.reverse().slice(0, 50),
    );
    const next = { ...filter, _id: { $lt: 3_000 } };
    expect(find(limited(90), { filter: next, sort: { _id: -1 }, limit: 50 })).toEqual(
      expected.filter((n) => n < 3_000).slice(0, 50),
    );
  });

  it('is what is in both ranges for two common beginnings of words that seldom meet', () => {
    const filter = { $and: [{ words: /^mar/ }, { words: /^joa/ }] };
    expect(find(limited(10), { filter, limit: 20 })).toEqual([3_995, 3_996, 3_997, 3_998, 3_999]);
    const never = { $and: [{ words: /^mar/ }, { words: /^joa/ }, { words: /^lim/ }] };
    expect(find(limited(10), { filter: never, limit: 20 })).toEqual([]);
  });
});

describe('a long read and those who wait', () => {
  let client: EngineClient;
  const ROWS = 20_000;
  beforeAll(async () => {
    client = await startEngine({
      file: join(dir, 'threads.db'),
      lockFile: join(dir, 'threads.lock'),
      checkpointPages: 4_000,
    });
    const docs = ids(0, ROWS).map((n) => ({ _id: n, text: `text ${n}`, tags: 'one' }));
    await client.callRaw('insert', 'c', Buffer.concat([Buffer.from([1]), ...docs.map(encode)]));
  }, 60_000);
  afterAll(() => client.stop());

  const write = (n: number): Promise<unknown> =>
    client.call('update', 'c', { filter: { _id: n }, update: { $set: { seen: true } } });

  it.each([
    ['a list', { limit: 5 }],
    ['one document, which begins in the thread of the writes and is handed on', { limit: 1 }],
  ])('%s: writes that were asked for later are done before', async (_name, window) => {
    const done: string[] = [];
    const reads = ids(0, 20).map(() =>
      client.call('find', 'c', { filter: { text: 'none' }, ...window }).then(() => done.push('read')),
    );
    await Promise.all(ids(0, 5).map((n) => write(n).then(() => done.push('write'))));
    const before = done.filter((what) => what === 'read').length;
    await Promise.all(reads);
    expect(done).toHaveLength(25);
    expect(before, 'reads that were over before the last write').toBeLessThan(20);
  });

  it('handed on, a read finds what was written just before, and its failure comes back', async () => {
    await client.call('update', 'c', { filter: { _id: ROWS - 1 }, update: { $set: { text: 'new' } } });
    const { documents } = await client.call('find', 'c', { filter: { text: 'new' }, limit: 1 });
    expect(documents).toMatchObject([{ _id: ROWS - 1, text: 'new' }]);
    await expect(
      client.call('find', 'c', { filter: { text: { $near: 1 } }, limit: 2 }),
    ).rejects.toMatchObject({ code: 'store.unsupportedOperator' });
  });

  it('the thread that reads follows new indexes, and arrays where there were none', async () => {
    await client.call('createIndex', 'c', { ...indexOn('tags') });
    await client.call('update', 'c', { filter: { _id: 7 }, update: { $set: { tags: ['two', 'three'] } } });
    const found = async (tag: string): Promise<unknown[]> =>
      (await client.call('find', 'c', { filter: { tags: tag }, limit: 2 })).documents.map(
        (doc) => doc['_id'],
      );
    expect(await found('two')).toEqual([7]);
    expect(await found('three')).toEqual([7]);
    const { result } = await client.call('count', 'c', { filter: { tags: 'one' } });
    expect(Number(result['count'])).toBe(ROWS - 1);
  });

  it('what is asked before the end is answered, in both threads', async () => {
    const asked = [
      client.call('count', 'c', { filter: { text: /^text/ } }),
      client.call('find', 'c', { filter: { text: 'none' }, limit: 1 }),
    ];
    const ended = client.stop();
    expect(Number((await asked[0])?.result['count'])).toBe(ROWS - 1);
    expect((await asked[1])?.documents).toEqual([]);
    await ended;
  });
});
