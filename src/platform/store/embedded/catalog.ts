import { deserialize, serialize } from 'bson';
import type { Collection } from './collection.ts';
import { ServerFault } from './errors.ts';
import { buildIndex, discardIndex } from './index-builder.ts';
import { type Index, type IndexSpec, toIndex } from './indexes.ts';
import { createKeyEncoder } from './keys.ts';
import type { Meter } from './scan.ts';
import { type Sql, sqliteCode } from './sql.ts';

/** Names of collections and indexes: on disk, with a copy in memory. */
export interface Catalog {
  find(name: string): Collection | undefined;
  ensure(name: string): Collection;
  names(): string[];
  drop(name: string): boolean;
  /** Builds the index over what is there. Errors: DuplicateKey (11000), IndexOptionsConflict (85). */
  createIndex(collection: Collection, spec: IndexSpec): void;
  dropIndex(collection: Collection, name: string): boolean;
  reload(): void;
  /** Reloads when another connection has changed it; inside a transaction, so that it fits the documents of that moment. */
  follow(): void;
}

export const schema = `
CREATE TABLE IF NOT EXISTS collections (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS indexes (id INTEGER PRIMARY KEY, collection INTEGER NOT NULL, name TEXT NOT NULL,
  spec BLOB NOT NULL, multikey TEXT NOT NULL DEFAULT '[]', UNIQUE (collection, name));
CREATE TABLE IF NOT EXISTS catalog (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS probe (id INTEGER PRIMARY KEY, filler BLOB NOT NULL);
INSERT OR IGNORE INTO catalog (id, version) VALUES (1, 1);
`;

/** `_id` is served by the table itself: an index without a table of its own. */
const idIndex = (): Index =>
  toIndexWithoutTable({ name: '_id_', fields: [['_id', 1]], unique: true, sparse: false });

function toIndexWithoutTable(spec: IndexSpec): Index {
  return { ...toIndex(spec, 0, []), table: '' };
}

const conflict = (spec: IndexSpec): ServerFault =>
  new ServerFault(85, 'IndexOptionsConflict', `An index named ${spec.name} exists with other options`);

const sameSpec = (a: IndexSpec, b: IndexSpec): boolean =>
  JSON.stringify([a.fields, a.unique, a.sparse, a.partial ?? null]) ===
  JSON.stringify([b.fields, b.unique, b.sparse, b.partial ?? null]);

const storedIndexes = (sql: Sql, collectionId: number): Index[] =>
  sql
    .all('SELECT id, spec, multikey FROM indexes WHERE collection = ? ORDER BY id', collectionId)
    .map(([id, spec, multikey]) =>
      toIndex(
        deserialize(spec as Uint8Array) as unknown as IndexSpec,
        Number(id),
        JSON.parse(String(multikey)) as string[],
      ),
    );

/** Tells one connection's catalogue that another connection changed it. */
function createVersion(sql: Sql) {
  let known = 0;
  /** A copy that an earlier version made has no such table. */
  const stored = (): number =>
    sql.get("SELECT 1 FROM sqlite_master WHERE name = 'catalog'") === undefined
      ? 0
      : Number(sql.get('SELECT version FROM catalog')?.[0]);
  return {
    take: () => void (known = stored()),
    moved: () => stored() !== known,
    /** Committed with the change itself: a reader that sees the one sees the other. */
    next: () => void sql.run('UPDATE catalog SET version = version + 1'),
  };
}

export function createCatalog(sql: Sql, meter: Meter): Catalog {
  const encode = createKeyEncoder();
  const version = createVersion(sql);
  const collections = new Map<string, Collection>();

  const markMultikey = (index: Index, path: string): void => {
    version.next();
    index.multikey.add(path);
    sql.run('UPDATE indexes SET multikey = ? WHERE id = ?', JSON.stringify([...index.multikey]), index.id);
  };
  const toCollection = (id: number, name: string): Collection => ({
    name,
    table: `c_${id}`,
    idIndex: idIndex(),
    indexes: storedIndexes(sql, id),
    sql,
    encode,
    meter,
    markMultikey,
  });
  const reload = (): void => {
    version.take();
    collections.clear();
    for (const [id, name] of sql.all('SELECT id, name FROM collections'))
      collections.set(String(name), toCollection(Number(id), String(name)));
  };
  const ensure = (name: string): Collection => {
    const known = collections.get(name);
    if (known !== undefined) return known;
    version.next();
    const { rowid } = sql.run('INSERT INTO collections (name) VALUES (?)', name);
    sql.exec(`CREATE TABLE c_${rowid} (rid INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, doc BLOB NOT NULL)`);
    const created = toCollection(rowid, name);
    collections.set(name, created);
    return created;
  };
  const createIndex = (collection: Collection, spec: IndexSpec): void => {
    const known = collection.indexes.find((index) => index.name === spec.name);
    if (known !== undefined) {
      if (sameSpec(known, spec)) return;
      throw conflict(spec);
    }
    if (spec.fields.length === 1 && spec.fields[0]?.[0] === '_id') return;
    version.next();
    const { rowid } = sql.run(
      'INSERT INTO indexes (collection, name, spec) VALUES (?, ?, ?)',
      Number(collection.table.slice(2)),
      spec.name,
      serialize(spec),
    );
    const index = toIndex(spec, rowid, []);
    try {
      buildIndex({ sql, encode, markMultikey }, collection.table, index);
    } catch (error) {
      // Others may share this transaction, so what was begun here is taken back here (not after a failure of the disk).
      if (sqliteCode(error) === undefined) discardIndex(sql, index);
      throw error;
    }
    collection.indexes.push(index);
  };
  const dropIndex = (collection: Collection, name: string): boolean => {
    const at = collection.indexes.findIndex((index) => index.name === name);
    const index = collection.indexes[at];
    if (index === undefined) return false;
    version.next();
    discardIndex(sql, index);
    collection.indexes.splice(at, 1);
    return true;
  };
  const drop = (name: string): boolean => {
    const collection = collections.get(name);
    if (collection === undefined) return false;
    version.next();
    for (const index of collection.indexes) discardIndex(sql, index);
    sql.exec(`DROP TABLE ${collection.table}`);
    sql.run('DELETE FROM collections WHERE name = ?', name);
    return collections.delete(name);
  };
  reload();
  return {
    find: (name) => collections.get(name),
    ensure,
    names: () => [...collections.keys()],
    drop,
    createIndex,
    dropIndex,
    reload,
    follow() {
      if (version.moved()) reload();
    },
  };
}
