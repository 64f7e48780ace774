import { deserialize, serialize } from 'bson';
import { AppError } from '../../../shared/errors.ts';
import { type Catalog, createCatalog } from './catalog.ts';
import { type Collection, count, insertOne, remove, update, type UpdateRequest } from './collection.ts';
import { badValue, ServerFault, unsupported } from './errors.ts';
import { parseFilter } from './filter.ts';
import type { IndexSpec } from './indexes.ts';
import { reach } from './paths.ts';
import type { Sort } from './plan.ts';
import { type ReadOperation, split, type WriteOperation } from './protocol.ts';
import { decode, type Meter, TooMuch } from './scan.ts';
import { select } from './select.ts';
import type { Sql } from './sql.ts';
import { compareValues, type Doc, isPlainObject } from './values.ts';

/** Result of an operation: plain fields, and documents as they lie on the disk. */
export interface Outcome {
  readonly result?: Doc;
  readonly documents?: readonly Uint8Array[];
}

export interface Engine {
  /** `mostExamined`: a read that looks at more documents ends with TooMuch. */
  read(operation: ReadOperation, collection: string, body: Uint8Array, mostExamined?: number): Outcome;
  /** Documents that the last operation looked at. */
  examined(): number;
  /** Must run inside a transaction that the caller commits before it answers. */
  write(operation: WriteOperation, collection: string, body: Uint8Array): Outcome;
  /** Forgets what a rolled-back transaction may have changed in memory. */
  reload(): void;
  /** Takes over what another connection changed in the catalogue; first act of a reader's transaction. */
  follow(): void;
}

export interface EngineLimits {
  /** An operation that looks at so many documents in vain ends with `store.scan`: tests find queries without an index so. */
  readonly mostInVain?: number;
}

const toSort = (value: unknown): Sort =>
  Object.entries((value ?? {}) as Doc).map(
    ([path, direction]) => [path, Number(direction) < 0 ? -1 : 1] as const,
  );

function findDocuments(collection: Collection, p: Doc): Outcome {
  const after = p['after'] as { suffix: { buffer: Uint8Array }; rid: number } | undefined;
  const limit = p['limit'] as number | undefined;
  const { candidates, next } = select(collection, parseFilter(p['filter']), toSort(p['sort']), {
    skip: (p['skip'] as number | undefined) ?? 0,
    limit: limit === 0 ? undefined : limit,
    ...(p['batch'] === undefined ? {} : { batch: p['batch'] as number }),
    ...(after === undefined ? {} : { after: { suffix: Buffer.from(after.suffix.buffer), rid: after.rid } }),
  });
  return {
    documents: candidates.map((candidate) => candidate.bytes),
    ...(next === undefined ? {} : { result: { next } }),
  };
}

function distinct(collection: Collection, p: Doc): Outcome {
  const steps = String(p['path']).split('.');
  const { candidates } = select(collection, parseFilter(p['filter']), [], { skip: 0, limit: undefined });
  const values = candidates
    .flatMap(({ bytes }) => reach(decode(bytes), steps))
    .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter((value) => value !== undefined)
    .sort(compareValues);
  return { result: { values: values.filter((v, i) => i === 0 || compareValues(v, values[i - 1]) !== 0) } };
}

function updateRequest(p: Doc): UpdateRequest {
  return { ...(p as unknown as UpdateRequest), sort: toSort(p['sort']) };
}

function updateDocuments(collection: Collection, p: Doc, now: Date): Outcome {
  const { bytes, ...result } = update(collection, updateRequest(p), now);
  return { result: { ...result }, ...(bytes === undefined ? {} : { documents: [bytes] }) };
}

function removeDocuments(collection: Collection, p: Doc): Outcome {
  const { bytes, matched } = remove(collection, { ...(p as { filter: unknown }), sort: toSort(p['sort']) });
  return { result: { matched }, ...(bytes === undefined ? {} : { documents: [bytes] }) };
}

interface WriteError {
  index: number;
  code: number;
  message: string;
  extra: Doc;
}

function fault(error: unknown, index: number): WriteError {
  if (!(error instanceof ServerFault)) throw error;
  return { index, code: error.code, message: error.message, extra: { ...error.extra } };
}

function insertDocuments(collection: Collection, body: Uint8Array): Outcome {
  const ordered = body[0] === 1;
  const errors: WriteError[] = [];
  let inserted = 0;
  for (const [i, bytes] of split(body.subarray(1)).entries()) {
    try {
      insertOne(collection, bytes);
      inserted++;
    } catch (error) {
      errors.push(fault(error, i));
      if (ordered) break;
    }
  }
  return { result: { inserted, errors } };
}

function bulkStep(
  collection: Collection,
  step: Doc,
  now: Date,
  totals: Doc & { upserted: Doc },
  i: number,
): void {
  const [kind, value] = Object.entries(step)[0] ?? ['', undefined];
  if (!isPlainObject(value)) throw badValue('bulkWrite needs operations');
  const add = (key: string, n: number): void => {
    totals[key] = Number(totals[key] ?? 0) + n;
  };
  if (kind === 'insertOne') {
    insertOne(collection, serialize(value['document'] as Doc, { ignoreUndefined: false }));
    add('inserted', 1);
  } else if (kind === 'deleteOne' || kind === 'deleteMany') {
    add('deleted', remove(collection, { filter: value['filter'], many: kind === 'deleteMany' }).matched);
  } else if (kind === 'updateOne' || kind === 'updateMany' || kind === 'replaceOne') {
    if (value['arrayFilters'] !== undefined) throw unsupported('arrayFilters');
    const done = update(collection, { ...updateRequest(value), many: kind === 'updateMany' }, now);
    add('matched', done.matched);
    add('modified', done.modified);
    if (done.upsertedId !== undefined) {
      totals.upserted[String(i)] = done.upsertedId;
    }
  } else throw unsupported(`${kind} in bulkWrite`);
}

function bulkWrite(collection: Collection, p: Doc, now: Date): Outcome {
  const totals = { inserted: 0, matched: 0, modified: 0, deleted: 0, upserted: {} as Doc };
  const errors: WriteError[] = [];
  for (const [i, step] of (p['operations'] as Doc[]).entries()) {
    try {
      bulkStep(collection, step, now, totals, i);
    } catch (error) {
      errors.push(fault(error, i));
      if (p['ordered'] !== false) break;
    }
  }
  return { result: { ...totals, errors } };
}

/** Documents that the operation gave or changed; the others it looked at in vain. */
function used({ result = {}, documents = [] }: Outcome): number {
  const numbers = ['count', 'matched', 'modified', 'deleted'].map((key) => Number(result[key] ?? 0));
  const values = Array.isArray(result['values']) ? result['values'].length : 0;
  return Math.max(documents.length, values, ...numbers);
}

function scanned(operation: string, name: string, body: Uint8Array, examined: number): AppError {
  const p: Doc = operation === 'insert' ? {} : deserialize(body);
  const shape = JSON.stringify({ filter: p['filter'], sort: p['sort'] });
  return new AppError(
    'store.scan',
    500,
    `${operation} on ${name} looked at ${examined} documents: no index serves ${shape}`,
  );
}

/** Asks for room as a write does and gives it back; a commit that only overwrites would pass on a full disk. */
function probeRoom(sql: Sql): Outcome {
  sql.run('INSERT INTO probe (id, filler) VALUES (1, zeroblob(32768))');
  sql.run('DELETE FROM probe');
  return {};
}

/** The document engine on one SQLite connection. Not thread-safe: it lives alone in its thread. */
export function createEngine(sql: Sql, limits: EngineLimits = {}): Engine {
  const meter: Meter = { examined: 0, most: Number.POSITIVE_INFINITY };
  const catalog: Catalog = createCatalog(sql, meter);
  const metered = (
    operation: ReadOperation | WriteOperation,
    name: string,
    body: Uint8Array,
    most: number,
    run: () => Outcome,
  ): Outcome => {
    meter.examined = 0;
    meter.most = most;
    const outcome = run();
    const { mostInVain = Number.POSITIVE_INFINITY } = limits;
    if (meter.examined - used(outcome) > mostInVain) throw scanned(operation, name, body, meter.examined);
    return outcome;
  };
  const read = (operation: ReadOperation, name: string, body: Uint8Array): Outcome => {
    if (operation === 'listCollections') return { result: { names: catalog.names() } };
    const collection = catalog.find(name);
    const p: Doc = deserialize(body);
    if (operation === 'listIndexes')
      return { result: { indexes: collection === undefined ? [] : describe(collection) } };
    if (collection === undefined) {
      parseFilter(p['filter']);
      return operation === 'find' ? { documents: [] } : { result: { count: 0, values: [] } };
    }
    if (operation === 'find') return findDocuments(collection, p);
    if (operation === 'distinct') return distinct(collection, p);
    const limit = p['limit'] as number | undefined;
    return {
      result: { count: count(collection, p['filter'], (p['skip'] as number | undefined) ?? 0, limit) },
    };
  };
  const write = (operation: WriteOperation, name: string, body: Uint8Array): Outcome => {
    if (operation === 'check') return probeRoom(sql);
    if (operation === 'dropCollection') return { result: { dropped: catalog.drop(name) } };
    const collection = catalog.ensure(name);
    if (operation === 'insert') return insertDocuments(collection, body);
    const p: Doc = deserialize(body);
    switch (operation) {
      case 'update':
        return updateDocuments(collection, p, new Date());
      case 'remove':
        return removeDocuments(collection, p);
      case 'bulk':
        return bulkWrite(collection, p, new Date());
      case 'createIndex':
        catalog.createIndex(collection, p as unknown as IndexSpec);
        return {};
      case 'dropIndex':
        return { result: { dropped: catalog.dropIndex(collection, String(p['name'])) } };
    }
  };
  return {
    read: (operation, name, body, most = Number.POSITIVE_INFINITY) =>
      metered(operation, name, body, most, () => read(operation, name, body)),
    examined: () => meter.examined,
    write: (operation, name, body) =>
      metered(operation, name, body, Number.POSITIVE_INFINITY, () => write(operation, name, body)),
    reload: () => catalog.reload(),
    follow: () => catalog.follow(),
  };
}

/** The read belongs to the thread for long reads. */
export const isTooMuch = (error: unknown): boolean => error instanceof TooMuch;

function describe(collection: Collection): Doc[] {
  return [collection.idIndex, ...collection.indexes].map((index) => ({
    v: 2,
    key: Object.fromEntries(index.fields),
    name: index.name,
    ...(index.unique && index.table !== '' ? { unique: true } : {}),
    ...(index.sparse ? { sparse: true } : {}),
    ...(index.partial === undefined ? {} : { partialFilterExpression: index.partial }),
  }));
}
