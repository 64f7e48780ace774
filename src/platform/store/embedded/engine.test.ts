import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'bson';
import fc from 'fast-check';
import { Query } from 'mingo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from './catalog.ts';
import { createEngine, type Engine } from './engine.ts';
import { matchesFilter, parseFilter } from './filter.ts';
import { createKeyEncoder } from './keys.ts';
import { regexPrefix } from './plan.ts';
import { decode } from './scan.ts';
import { openSql, type Sql } from './sql.ts';
import { compareValues, type Doc } from './values.ts';

const scalar = fc.oneof(
  fc.integer({ min: -1, max: 2 }),
  fc.constantFrom('', 'a', 'ab', 'b', 'ç', 'a\0b', 1.5, -0.5, 1e300),
  fc.boolean(),
  fc.constant(null),
  fc.integer({ min: 0, max: 1 }).map((n) => new Date(n * 1000)),
);
const value = fc.oneof(
  { weight: 3, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
);
const doc = fc.record(
  { a: value, b: scalar, c: fc.record({ d: value }, { requiredKeys: [] }) },
  { requiredKeys: [] },
);
const range = fc.constantFrom('$gt', '$gte', '$lt', '$lte');
const small = fc.integer({ min: -1, max: 2 });
const nonNull = scalar.filter((v) => v !== null);
const condition = fc.oneof(
  scalar,
  scalar.map((v) => ({ $eq: v })),
  scalar.map((v) => ({ $ne: v })),
  fc.tuple(range, nonNull).map(([op, v]) => ({ [op]: v })),
  fc.tuple(small, small).map(([low, high]) => ({ $gte: low, $lt: high })),
  fc.array(scalar, { maxLength: 3 }).map((v) => ({ $in: v })),
  fc.array(scalar, { maxLength: 3 }).map((v) => ({ $nin: v })),
  fc.boolean().map((v) => ({ $exists: v })),
  fc.constantFrom(/^a/, /b$/),
);
const path = fc.constantFrom('a', 'b', 'c.d');
const fields = fc.dictionary(path, condition, { maxKeys: 2 });
/** Paging by key, as lists of the product do it. */
const paging = fc
  .tuple(nonNull, fc.constantFrom('$lt', '$gt'), small)
  .map(([v, op, w]) => ({ $or: [{ b: { [op]: v } }, { b: v, 'c.d': { $gte: w } }] }));
const filter = fc.oneof(
  { weight: 4, arbitrary: fields },
  { weight: 1, arbitrary: paging },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fields, fc.array(fields, { minLength: 1, maxLength: 2 }))
      .map(([f, or]) => ({ ...f, $or: or })),
  },
);
const direction = fc.constantFrom(1 as const, -1 as const);
const sort = fc.dictionary(path, direction, { maxKeys: 2 });
const indexFields = fc.uniqueArray(fc.tuple(fc.oneof(path, fc.constant('_id')), direction), {
  minLength: 1,
  maxLength: 3,
  selector: ([p]) => p,
});

/** What is asked, and in batches of how many: a list of the product ends its order with the key, in either direction. */
const query = fc.record({
  filter,
  sort: fc.tuple(sort, direction).map(([s, d]) => ({ ...s, _id: d })),
  limit: fc.constantFrom(0, 0, 1, 3),
  skip: fc.constantFrom(0, 0, 1, 4),
  batch: fc.integer({ min: 1, max: 5 }),
});
type Asked = typeof query extends fc.Arbitrary<infer Q> ? Q : never;

/** As a cursor reads: each batch goes on where the one before ended. */
function inBatches(engine: Engine, name: string, { batch, limit, ...asked }: Asked): unknown[] {
  const found: unknown[] = [];
  let after: unknown;
  do {
    const left = limit === 0 ? {} : { limit: limit - found.length };
    const more = after === undefined ? asked : { ...asked, skip: 0, after };
    const { documents = [], result } = engine.read('find', name, serialize({ ...more, ...left, batch }));
    found.push(...documents.map((bytes) => decode(bytes)['_id']));
    after = result?.['next'];
  } while (after !== undefined && (limit === 0 || found.length < limit));
  return found;
}

/** Two arrays in one compound index are refused, as by MongoDB. */
const parallel = (d: Doc): boolean =>
  Array.isArray(d['a']) && Array.isArray((d['c'] as Doc | undefined)?.['d']);

describe('encoded keys', () => {
  it('sort as MongoDB sorts values, in both directions and side by side', () => {
    const encode = createKeyEncoder();
    fc.assert(
      fc.property(
        fc.tuple(scalar, scalar),
        fc.tuple(scalar, scalar),
        fc.tuple(direction, direction),
        (x, y, d) => {
          const descending = d.map((one) => one < 0);
          const byKey = Math.sign(Buffer.compare(encode(x, descending), encode(y, descending)));
          const first = Math.sign(compareValues(x[0], y[0]));
          const second = Math.sign(compareValues(x[1], y[1]));
          expect(byKey).toBe((first === 0 ? second * d[1] : first * d[0]) + 0);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('filters', () => {
  it('agree with mingo on whatever both understand', () => {
    fc.assert(
      fc.property(doc, fields, (d, f) => {
        expect(matchesFilter(parseFilter(f), d)).toBe(new Query(f as never).test(d));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('plans', () => {
  let dir = '';
  let sql: Sql;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'ramal-engine-'));
    sql = openSql(join(dir, 'a.db'));
    sql.exec(`PRAGMA synchronous = OFF; ${schema}`);
  });
  afterAll(() => {
    sql.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('find the same documents in the same order with any indexes as without', () => {
    fc.assert(
      fc.property(
        fc.array(
          doc.filter((d) => !parallel(d as Doc)),
          { minLength: 12, maxLength: 40 },
        ),
        fc.array(indexFields, { maxLength: 3 }),
        fc.array(query, { minLength: 4, maxLength: 10 }),
        (docs, indexes, queries) => {
          sql.exec('BEGIN');
          try {
            const engine = createEngine(sql);
            for (const name of ['bare', 'indexed']) {
              if (name === 'indexed')
                for (const [i, f] of indexes.entries())
                  engine.write(
                    'createIndex',
                    name,
                    serialize({ name: `i${i}`, fields: f, unique: false, sparse: false }),
                  );
              const bytes = docs.map((d, i) => serialize({ _id: String(i).padStart(3, '0'), ...d }));
              engine.write('insert', name, Buffer.concat([Buffer.from([1]), ...bytes]));
            }
            for (const asked of queries) {
              const { filter, sort, skip, limit } = asked;
              const body = serialize({ filter, sort, skip, limit });
              const [bare, indexed] = ['bare', 'indexed'].map((name) =>
                (engine.read('find', name, body).documents ?? []).map((b) => decode(b)['_id']),
              );
              expect(indexed).toEqual(bare);
              expect(inBatches(engine, 'indexed', asked)).toEqual(bare);
              const counts = ['bare', 'indexed'].map(
                (name) => engine.read('count', name, serialize({ filter })).result?.['count'],
              );
              expect(counts[1]).toBe(counts[0]);
            }
          } finally {
            sql.exec('ROLLBACK');
          }
        },
      ),
      { numRuns: 200 },
    );
  }, 60_000);

  it('take the literal beginning of an anchored regex, and no more than is sure', () => {
    expect(regexPrefix(/^abc/)).toBe('abc');
    expect(regexPrefix(/^\+5511/)).toBe('+5511');
    expect(regexPrefix(/^abc?/)).toBe('ab');
    expect(regexPrefix(/^ab*/)).toBe('a');
    expect(regexPrefix(/^ab{0,2}/)).toBe('a');
    expect(regexPrefix(/^a.c/)).toBe('a');
    expect(regexPrefix(/^(a|b)/)).toBe('');
    expect(regexPrefix(/^a|b/)).toBe('');
    expect(regexPrefix(/^a/i)).toBe('');
    expect(regexPrefix(/abc/)).toBe('');
    expect(regexPrefix(/^a\d/)).toBe('a');
  });
});
