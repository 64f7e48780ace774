import { createRequire } from 'node:module';
import mongoose from 'mongoose';
import { unsupported } from './errors.ts';
import { type Answer, encode, type EngineClient } from './client.ts';
import { EmbeddedCursor, type FindOptions, sortDocument } from './cursor.ts';
import { parseProjection } from './projection.ts';

type Doc = Record<string, unknown>;
type Options = Doc | undefined;

interface WriteError {
  readonly index: number;
  readonly code: number;
  readonly message: string;
  readonly extra: Doc;
}

const { MongoServerError, MongoBulkWriteError, ObjectId } = mongoose.mongo;

const toServerError = (error: WriteError): Error =>
  new MongoServerError({ message: error.message, code: error.code, ...error.extra });

/** Options that change what an operation means and that the engine does not know. */
function refuse(options: Options, ...names: readonly string[]): void {
  for (const name of [...names, 'collation', 'arrayFilters'])
    if (options?.[name] !== undefined && options[name] !== null) throw unsupported(`the option ${name}`);
}

const withId = (doc: Doc): Doc => {
  if (doc['_id'] === undefined) doc['_id'] = new ObjectId();
  return doc;
};

function insertBody(docs: readonly Doc[], ordered: boolean): Uint8Array {
  return Buffer.concat([Buffer.from([ordered ? 1 : 0]), ...docs.map((doc) => encode(withId(doc)))]);
}

function updateResult({ result }: Answer): Doc {
  const upserted = result['upsertedId'];
  return {
    acknowledged: true,
    matchedCount: result['matched'],
    modifiedCount: result['modified'],
    upsertedCount: upserted === undefined ? 0 : 1,
    upsertedId: upserted ?? null,
  };
}

/**
 * `mongoose.Collection` and `mongoose.Connection` are the classes of the MongoDB driver; the abstract ones that
 * drivers inherit from are reached by their files only.
 */
const require = createRequire(import.meta.url);
const Base = require('mongoose/lib/collection.js') as new (
  name: string,
  connection: unknown,
  options: unknown,
) => {
  readonly name: string;
  readonly conn: { readonly engine: EngineClient };
};

/**
 * The operations of the written list (docs/adr/0001) on the embedded engine, with the names and results of
 * MongoDB's driver, because Mongoose calls them so.
 */
export class EmbeddedCollection extends Base {
  // Mongoose 9 asks for the native collection in some helpers: this is it.
  get collection(): this {
    return this;
  }

  set collection(_: unknown) {
    // the abstract constructor may clear it
  }

  get collectionName(): string {
    return this.name;
  }

  set collectionName(_: string) {
    // set by the abstract constructor
  }

  private call(operation: Parameters<EngineClient['call']>[0], parameters: Doc): Promise<Answer> {
    return this.conn.engine.call(operation, this.name, parameters);
  }

  private insert(docs: readonly Doc[], ordered: boolean): Promise<Answer> {
    return this.conn.engine.callRaw('insert', this.name, insertBody(docs, ordered));
  }

  async insertOne(doc: Doc): Promise<Doc> {
    const { result } = await this.insert([doc], true);
    const error = (result['errors'] as WriteError[])[0];
    if (error !== undefined) throw toServerError(error);
    return { acknowledged: true, insertedId: doc['_id'] };
  }

  async insertMany(docs: readonly Doc[], options?: Options): Promise<Doc> {
    const { result } = await this.insert(docs, options?.['ordered'] !== false);
    const errors = result['errors'] as WriteError[];
    const insertedIds = Object.fromEntries(docs.map((doc, i) => [i, doc['_id']]));
    if (errors.length > 0) throw bulkError(errors, { insertedCount: result['inserted'], insertedIds });
    return { acknowledged: true, insertedCount: result['inserted'], insertedIds };
  }

  find(filter: Doc = {}, options: FindOptions & Doc = {}): EmbeddedCursor {
    refuse(options);
    return new EmbeddedCursor(this.conn.engine, this.name, filter, options);
  }

  async findOne(filter: Doc = {}, options: FindOptions & Doc = {}): Promise<Doc | null> {
    refuse(options);
    const project = parseProjection(options.projection);
    const { documents } = await this.call('find', {
      filter,
      sort: sortDocument(options.sort),
      skip: options.skip ?? 0,
      limit: 1,
    });
    const [doc] = documents;
    return doc === undefined ? null : (project?.(doc) ?? doc);
  }

  async countDocuments(filter: Doc = {}, options?: Options): Promise<number> {
    refuse(options);
    const { result } = await this.call('count', {
      filter,
      ...(typeof options?.['skip'] === 'number' ? { skip: options['skip'] } : {}),
      ...(typeof options?.['limit'] === 'number' ? { limit: options['limit'] } : {}),
    });
    return Number(result['count']);
  }

  estimatedDocumentCount(): Promise<number> {
    return this.countDocuments();
  }

  async distinct(path: string, filter: Doc = {}): Promise<unknown[]> {
    const { result } = await this.call('distinct', { path, filter });
    return result['values'] as unknown[];
  }

  private async update(filter: Doc, change: Doc, options: Options): Promise<Doc> {
    refuse(options);
    return updateResult(
      await this.call('update', {
        filter,
        ...change,
        upsert: options?.['upsert'] === true,
        sort: sortDocument(options?.['sort']),
      }),
    );
  }

  updateOne(filter: Doc, update: Doc, options?: Options): Promise<Doc> {
    return this.update(filter, { update }, options);
  }

  updateMany(filter: Doc, update: Doc, options?: Options): Promise<Doc> {
    return this.update(filter, { update, many: true }, options);
  }

  replaceOne(filter: Doc, replacement: Doc, options?: Options): Promise<Doc> {
    return this.update(filter, { replacement }, options);
  }

  private async findOneAnd(
    operation: 'update' | 'remove',
    parameters: Doc,
    options: Options,
  ): Promise<Doc | null> {
    refuse(options);
    const project = parseProjection(options?.['projection']);
    const { documents, result } = await this.call(operation, {
      ...parameters,
      sort: sortDocument(options?.['sort']),
    });
    const [found] = documents;
    const value = found === undefined ? null : (project?.(found) ?? found);
    if (options?.['includeResultMetadata'] !== true) return value;
    const upserted = result['upsertedId'];
    return {
      ok: 1,
      value,
      lastErrorObject: {
        n: upserted === undefined ? result['matched'] : 1,
        ...(operation === 'update' ? { updatedExisting: Number(result['matched']) > 0 } : {}),
        ...(upserted === undefined ? {} : { upserted }),
      },
    };
  }

  private findOneAndChange(filter: Doc, change: Doc, options: Options): Promise<Doc | null> {
    const after = options?.['returnDocument'] === 'after' || options?.['returnOriginal'] === false;
    const parameters = {
      filter,
      ...change,
      upsert: options?.['upsert'] === true,
      returning: after ? 'after' : 'before',
    };
    return this.findOneAnd('update', parameters, options);
  }

  findOneAndUpdate(filter: Doc, update: Doc, options?: Options): Promise<Doc | null> {
    return this.findOneAndChange(filter, { update }, options);
  }

  findOneAndReplace(filter: Doc, replacement: Doc, options?: Options): Promise<Doc | null> {
    return this.findOneAndChange(filter, { replacement }, options);
  }

  findOneAndDelete(filter: Doc, options?: Options): Promise<Doc | null> {
    return this.findOneAnd('remove', { filter, returning: true }, options);
  }

  async deleteOne(filter: Doc, options?: Options): Promise<Doc> {
    refuse(options);
    const { result } = await this.call('remove', { filter });
    return { acknowledged: true, deletedCount: result['matched'] };
  }

  async deleteMany(filter: Doc, options?: Options): Promise<Doc> {
    refuse(options);
    const { result } = await this.call('remove', { filter, many: true });
    return { acknowledged: true, deletedCount: result['matched'] };
  }

  async bulkWrite(operations: readonly Doc[], options?: Options): Promise<Doc> {
    for (const operation of operations) {
      const insert = operation['insertOne'] as { document: Doc } | undefined;
      if (insert !== undefined) withId(insert.document);
    }
    const { result } = await this.call('bulk', { operations, ordered: options?.['ordered'] !== false });
    const upsertedIds = result['upserted'] as Doc;
    const summary = {
      insertedCount: result['inserted'],
      matchedCount: result['matched'],
      modifiedCount: result['modified'],
      deletedCount: result['deleted'],
      upsertedCount: Object.keys(upsertedIds).length,
      upsertedIds,
      insertedIds: Object.fromEntries(
        operations.flatMap((op, i) =>
          op['insertOne'] === undefined ? [] : [[i, (op['insertOne'] as { document: Doc }).document['_id']]],
        ),
      ),
    };
    const errors = result['errors'] as WriteError[];
    if (errors.length > 0) throw bulkError(errors, summary);
    return { ok: 1, acknowledged: true, ...summary };
  }

  async createIndex(fields: unknown, options?: Options): Promise<string> {
    refuse(options, 'expireAfterSeconds');
    const pairs = Object.entries(sortDocument(fields));
    for (const [path, kind] of pairs)
      if (kind !== 1 && kind !== -1) throw unsupported(`an index of kind ${String(kind)} on ${path}`);
    const name = typeof options?.['name'] === 'string' ? options['name'] : pairs.flat().join('_');
    await this.call('createIndex', {
      name,
      fields: pairs,
      unique: options?.['unique'] === true,
      sparse: options?.['sparse'] === true,
      ...(options?.['partialFilterExpression'] === undefined
        ? {}
        : { partial: options['partialFilterExpression'] }),
    });
    return name;
  }

  listIndexes(): { toArray: () => Promise<Doc[]> } {
    return {
      toArray: async () => (await this.call('listIndexes', {})).result['indexes'] as Doc[],
    };
  }

  indexes(): Promise<Doc[]> {
    return this.listIndexes().toArray();
  }

  async dropIndex(name: string): Promise<void> {
    await this.call('dropIndex', { name });
  }

  async drop(): Promise<boolean> {
    return (await this.call('dropCollection', {})).result['dropped'] === true;
  }

  aggregate(): never {
    throw unsupported('aggregation pipelines');
  }

  watch(): never {
    throw unsupported('change streams');
  }
}

function bulkError(errors: readonly WriteError[], summary: Doc): Error {
  const first = errors[0];
  const error = new MongoBulkWriteError(
    {
      message: first?.message ?? 'bulk write failed',
      code: first?.code ?? 0,
      writeErrors: errors.map((e) => ({
        index: e.index,
        code: e.code,
        errmsg: e.message,
        err: e,
        ...e.extra,
      })) as never,
    },
    summary as never,
  );
  return Object.assign(error, first?.extra);
}

const ConnectionBase = require('mongoose/lib/connection.js') as new (
  base: unknown,
) => {
  onOpen(): void;
  readonly config: Doc;
};

/** A connection that is born open: its engine runs already. */
export class EmbeddedConnection extends ConnectionBase {
  engine!: EngineClient;
  name = 'embedded';
  host = 'localhost';
  port = 0;

  attach(engine: EngineClient): void {
    this.engine = engine;
    this.onOpen();
  }

  async doClose(): Promise<this> {
    await this.engine.stop();
    return this;
  }

  async createCollection(name: string): Promise<void> {
    // A collection is born with its first document, as on MongoDB.
    await Promise.resolve(name);
  }

  startSession(): Promise<never> {
    return Promise.reject(unsupported('sessions and transactions'));
  }
}

export const embeddedDriver = { Collection: EmbeddedCollection, Connection: EmbeddedConnection };
