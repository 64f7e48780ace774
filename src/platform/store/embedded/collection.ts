import { ObjectId, serialize } from 'bson';
import { ServerFault, unsupported } from './errors.ts';
import { type Filter, parseFilter } from './filter.ts';
import { type Index, keysOf } from './indexes.ts';
import type { KeyEncoder } from './keys.ts';
import { setAt } from './paths.ts';
import type { Sort } from './plan.ts';
import { type Candidate, decode, type Meter } from './scan.ts';
import { planFor, select } from './select.ts';
import { sqliteCode, type Sql } from './sql.ts';
import { parseUpdate, type Update } from './update.ts';
import { type Doc, equalValues, isPlainObject } from './values.ts';

/** What a collection needs to be served: its table, its indexes and the engine's tools. */
export interface Collection {
  readonly name: string;
  readonly table: string;
  readonly idIndex: Index;
  readonly indexes: Index[];
  readonly sql: Sql;
  readonly encode: KeyEncoder;
  readonly meter: Meter;
  /** Remembers on disk that the index has arrays at this path. */
  readonly markMultikey: (index: Index, path: string) => void;
}

export interface WriteResult {
  matched: number;
  modified: number;
  upsertedId?: unknown;
  /** The document before or after, for findOneAnd…; undefined when none matched. */
  bytes?: Uint8Array;
}

export interface UpdateRequest {
  readonly filter: unknown;
  readonly update?: unknown;
  readonly replacement?: Doc;
  readonly sort?: Sort;
  readonly many?: boolean;
  readonly upsert?: boolean;
  readonly returning?: 'before' | 'after';
}

const toBytes = (doc: Doc): Uint8Array => serialize(doc, { ignoreUndefined: false });

const keys = (collection: Collection, index: Index, doc: Doc): Buffer[] =>
  keysOf(index, doc, collection.encode, (path) => {
    if (!index.multikey.has(path)) collection.markMultikey(index, path);
  });

function duplicate(collection: Collection, index: Index, doc: Doc): ServerFault {
  const keyPattern = Object.fromEntries(index.fields);
  const keyValue = Object.fromEntries(
    index.fields.map(([path]) => [
      path,
      path.split('.').reduce<unknown>((v, s) => (isPlainObject(v) ? v[s] : v), doc) ?? null,
    ]),
  );
  return new ServerFault(
    11000,
    'DuplicateKey',
    `E11000 duplicate key error collection: ${collection.name} index: ${index.name} dup key: ${JSON.stringify(keyValue)}`,
    { keyPattern, keyValue },
  );
}

function checkUnique(
  collection: Collection,
  index: Index,
  doc: Doc,
  added: readonly Buffer[],
  own: number,
): void {
  if (!index.unique) return;
  for (const key of added) {
    const row = collection.sql.get(
      `SELECT rid FROM ${index.table} WHERE k = ? AND rid <> ? LIMIT 1`,
      key,
      own,
    );
    if (row !== undefined) throw duplicate(collection, index, doc);
  }
}

/** Stores a new document. Errors: DuplicateKey (11000); nothing was written then. */
export function insertOne(collection: Collection, bytes: Uint8Array, known?: Doc): void {
  const { sql, table, indexes, encode, idIndex } = collection;
  const doc = known ?? decode(bytes);
  const entries = indexes.map((index) => ({ index, added: keys(collection, index, doc) }));
  for (const { index, added } of entries) checkUnique(collection, index, doc, added, -1);
  let rid: number;
  try {
    rid = sql.run(`INSERT INTO ${table} (id, doc) VALUES (?, ?)`, encode([doc['_id']]), bytes).rowid;
  } catch (error) {
    if (sqliteCode(error)?.startsWith('SQLITE_CONSTRAINT')) throw duplicate(collection, idIndex, doc);
    throw error;
  }
  for (const { index, added } of entries)
    for (const key of added) sql.run(`INSERT INTO ${index.table} (k, rid) VALUES (?, ?)`, key, rid);
}

function rewrite(collection: Collection, rid: number, before: Doc, after: Doc, bytes: Uint8Array): void {
  const { sql, table, indexes } = collection;
  const changes: { index: Index; added: Buffer[]; removed: Buffer[] }[] = [];
  for (const index of indexes) {
    const old = keys(collection, index, before);
    const now = keys(collection, index, after);
    const added = now.filter((key) => !old.some((o) => o.equals(key)));
    const removed = old.filter((key) => !now.some((n) => n.equals(key)));
    if (added.length === 0 && removed.length === 0) continue;
    checkUnique(collection, index, after, added, rid);
    changes.push({ index, added, removed });
  }
  sql.run(`UPDATE ${table} SET doc = ? WHERE rid = ?`, bytes, rid);
  for (const { index, added, removed } of changes) {
    for (const key of removed) sql.run(`DELETE FROM ${index.table} WHERE k = ? AND rid = ?`, key, rid);
    for (const key of added) sql.run(`INSERT INTO ${index.table} (k, rid) VALUES (?, ?)`, key, rid);
  }
}

function change(request: UpdateRequest): Update {
  const { replacement } = request;
  if (replacement === undefined) return parseUpdate(request.update);
  for (const key of Object.keys(replacement))
    if (key.startsWith('$')) throw unsupported(`${key} in a replacement`);
  return (doc) => {
    const id = doc['_id'];
    for (const key of Object.keys(doc)) Reflect.deleteProperty(doc, key);
    Object.assign(doc, id === undefined ? {} : { _id: id }, replacement);
  };
}

function seedOf(filter: Filter, doc: Doc): Doc {
  for (const { operator, steps, value } of filter.predicates)
    if (operator === '$eq' && !(value instanceof RegExp)) setAt(doc, steps, value);
  return doc;
}

function upsert(
  collection: Collection,
  filter: Filter,
  update: Update,
  now: Date,
): { id: unknown; bytes: Uint8Array } {
  const seeded = seedOf(filter, {});
  update(seeded, true, now);
  const { _id: id = new ObjectId(), ...rest } = seeded;
  const doc = { _id: id, ...rest };
  const bytes = toBytes(doc);
  insertOne(collection, bytes, decode(bytes));
  return { id, bytes };
}

function updateCandidate(
  collection: Collection,
  candidate: Candidate,
  update: Update,
  now: Date,
): Uint8Array {
  const before = decode(candidate.bytes);
  const after = decode(candidate.bytes);
  update(after, false, now);
  if (!equalValues(before['_id'], after['_id']))
    throw new ServerFault(
      66,
      'ImmutableField',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  const bytes = toBytes(after);
  if (Buffer.compare(candidate.bytes, bytes) === 0) return candidate.bytes;
  rewrite(collection, candidate.rid, before, after, bytes);
  return bytes;
}

/** updateOne, updateMany, replaceOne, findOneAndUpdate, findOneAndReplace. */
export function update(collection: Collection, request: UpdateRequest, now: Date): WriteResult {
  const filter = parseFilter(request.filter);
  const apply = change(request);
  const found = find(collection, filter, request.sort ?? [], request.many === true ? undefined : 1);
  const result: WriteResult = { matched: found.length, modified: 0 };
  for (const candidate of found) {
    const bytes = updateCandidate(collection, candidate, apply, now);
    if (bytes !== candidate.bytes) result.modified++;
    if (request.returning !== undefined)
      result.bytes = request.returning === 'before' ? candidate.bytes : bytes;
  }
  if (found.length === 0 && request.upsert === true) {
    const { id, bytes } = upsert(collection, filter, apply, now);
    result.upsertedId = id;
    if (request.returning === 'after') result.bytes = bytes;
  }
  return result;
}

function find(collection: Collection, filter: Filter, sort: Sort, limit: number | undefined): Candidate[] {
  return select(collection, filter, sort, { skip: 0, limit }).candidates;
}

/** deleteOne, deleteMany, findOneAndDelete. */
export function remove(
  collection: Collection,
  request: {
    readonly filter: unknown;
    readonly sort?: Sort;
    readonly many?: boolean;
    readonly returning?: boolean;
  },
): WriteResult {
  const { sql, table, indexes } = collection;
  const filter = parseFilter(request.filter);
  const found = find(collection, filter, request.sort ?? [], request.many === true ? undefined : 1);
  for (const { rid, bytes } of found) {
    const doc = decode(bytes);
    for (const index of indexes)
      for (const key of keys(collection, index, doc))
        sql.run(`DELETE FROM ${index.table} WHERE k = ? AND rid = ?`, key, rid);
    sql.run(`DELETE FROM ${table} WHERE rid = ?`, rid);
  }
  const first = found[0];
  return {
    matched: found.length,
    modified: found.length,
    ...(request.returning === true && first !== undefined ? { bytes: first.bytes } : {}),
  };
}

/** How many documents match; from the index alone when its bounds say all. */
export function count(
  collection: Collection,
  source: unknown,
  skip: number,
  limit: number | undefined,
): number {
  const filter = parseFilter(source);
  const plan = planFor(collection, filter, []);
  const { index } = plan;
  if (plan.exact && skip === 0 && limit === undefined && (index === undefined || index.multikey.size === 0)) {
    if (index === undefined)
      return Number(collection.sql.get(`SELECT count(*) FROM ${collection.table}`)?.[0]);
    const [from, column] = index.table === '' ? [collection.table, 'id'] : [index.table, 'k'];
    const text = `SELECT count(*) FROM ${from} WHERE ${column} >= ? AND ${column} < ?`;
    return plan.ranges.reduce((sum, r) => sum + Number(collection.sql.get(text, r.low, r.high)?.[0]), 0);
  }
  return select(collection, filter, [], { skip, limit }).candidates.length;
}
