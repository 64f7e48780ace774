/** What the main thread asks of the store's thread. Documents cross as BSON, several of them end to end. */
export const readOperations = [
  'find',
  'count',
  'distinct',
  'listIndexes',
  'listCollections',
  'check',
] as const;
export const writeOperations = [
  'insert',
  'update',
  'remove',
  'bulk',
  'createIndex',
  'dropIndex',
  'dropCollection',
] as const;

export type ReadOperation = (typeof readOperations)[number];
export type WriteOperation = (typeof writeOperations)[number];
export type Operation = ReadOperation | WriteOperation;

export interface Request {
  readonly id: number;
  readonly operation: Operation;
  readonly collection: string;
  /** BSON of the parameters; for `insert` the documents themselves, end to end. */
  readonly body: Uint8Array;
}

export interface Failure {
  readonly kind: 'server' | 'app' | 'internal';
  readonly code: number | string;
  readonly message: string;
  readonly status?: number;
  readonly codeName?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface Reply {
  readonly id: number;
  /** BSON of the result's plain fields. */
  readonly result?: Uint8Array;
  /** Documents end to end. */
  readonly documents?: Uint8Array;
  readonly failure?: Failure;
}

/** First message of the thread: open, or why not. */
export type Opened = { readonly opened: true } | { readonly opened: false; readonly failure: Failure };

export interface WorkerOptions {
  readonly file: string;
  readonly lockFile: string;
  /** Pages after which the log is copied into the database. */
  readonly checkpointPages: number;
  /** Upper limit of the database in pages of 4 KiB; tests use it to fill the disk. */
  readonly maxPages?: number;
}

/** Task of the copying thread: a consistent copy of a store that others may be writing, or a check of a copy. */
export type CopyOptions =
  | { readonly task: 'copy'; readonly file: string; readonly to: string }
  | { readonly task: 'check'; readonly file: string };

/** Last message of the copying thread. */
export type Copied = { readonly ok: true } | { readonly ok: false; readonly failure: Failure };
