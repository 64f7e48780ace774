import { ServerFault } from './errors.ts';
import { type Index, keysOf } from './indexes.ts';
import type { KeyEncoder } from './keys.ts';
import { decode } from './scan.ts';
import type { Sql } from './sql.ts';

interface Tools {
  readonly sql: Sql;
  readonly encode: KeyEncoder;
  readonly markMultikey: (index: Index, path: string) => void;
}

/** Makes the index's table and fills it from the documents of `from`. Errors: DuplicateKey (11000). */
export function buildIndex(tools: Tools, from: string, index: Index): void {
  const { sql } = tools;
  sql.exec(
    `CREATE TABLE ${index.table} (k BLOB NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (k, rid)) WITHOUT ROWID`,
  );
  let last = -1;
  for (;;) {
    const rows = sql.all(`SELECT rid, doc FROM ${from} WHERE rid > ? ORDER BY rid LIMIT 512`, last);
    for (const [rid, bytes] of rows) addRow(tools, index, Number(rid), bytes as Uint8Array);
    const end = rows.at(-1);
    if (end === undefined) return;
    last = Number(end[0]);
  }
}

function addRow({ sql, encode, markMultikey }: Tools, index: Index, rid: number, bytes: Uint8Array): void {
  const learn = (path: string): void => {
    if (!index.multikey.has(path)) markMultikey(index, path);
  };
  for (const key of keysOf(index, decode(bytes), encode, learn)) {
    if (index.unique && sql.get(`SELECT 1 FROM ${index.table} WHERE k = ? LIMIT 1`, key) !== undefined)
      throw new ServerFault(11000, 'DuplicateKey', `E11000 duplicate key error index: ${index.name}`, {
        keyPattern: Object.fromEntries(index.fields),
      });
    sql.run(`INSERT INTO ${index.table} (k, rid) VALUES (?, ?)`, key, rid);
  }
}

export function discardIndex(sql: Sql, index: Index): void {
  sql.exec(`DROP TABLE IF EXISTS ${index.table}`);
  sql.run('DELETE FROM indexes WHERE id = ?', index.id);
}
