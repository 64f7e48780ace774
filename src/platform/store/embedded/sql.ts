import Database from 'libsql';

export type Value = string | number | Uint8Array | null;
export type Row = readonly unknown[];

/** The few things the engine needs from SQLite, with prepared statements kept by their text. */
export interface Sql {
  all(text: string, ...values: Value[]): Row[];
  get(text: string, ...values: Value[]): Row | undefined;
  /** Runs a statement that changes rows; `rowid` is that of the last insert. */
  run(text: string, ...values: Value[]): { changes: number; rowid: number };
  exec(text: string): void;
  readonly inTransaction: boolean;
  close(): void;
}

type Statement = ReturnType<InstanceType<typeof Database>['prepare']>;

export function openSql(file: string): Sql {
  const database = new Database(file);
  const statements = new Map<string, Statement>();
  const prepare = (text: string): Statement => {
    let statement = statements.get(text);
    if (statement === undefined) {
      statement = database.prepare(text);
      if (statement.reader) statement.raw();
      statements.set(text, statement);
    }
    return statement;
  };
  return {
    all: (text, ...values) => prepare(text).all(values) as Row[],
    get: (text, ...values) => prepare(text).get(values) as Row | undefined,
    run(text, ...values) {
      const { changes, lastInsertRowid } = prepare(text).run(values);
      return { changes, rowid: Number(lastInsertRowid) };
    },
    exec: (text) => {
      database.exec(text);
    },
    get inTransaction() {
      return database.inTransaction;
    },
    close: () => {
      statements.clear();
      database.close();
    },
  };
}

/** SQLite's own name of a failure (`SQLITE_FULL`, `SQLITE_BUSY` …), or undefined. */
export function sqliteCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && error.code.startsWith('SQLITE') ? error.code : undefined;
}
