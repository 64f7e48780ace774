/** What the main thread asks of the store's thread. Documents cross as BSON, several of them end to end. */
export const readOperations = ['find', 'count', 'distinct', 'listIndexes', 'listCollections'] as const;
export const writeOperations = [
  'insert',
  'update',
  'remove',
  'bulk',
  'createIndex',
  'dropIndex',
  'dropCollection',
  'check',
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
  /** BSON of the result's plain fields, empty when there are none. */
  readonly result: Uint8Array;
  /** Documents end to end. */
  readonly documents: Uint8Array;
  readonly failure?: Failure;
}

/** Splits BSON documents that lie end to end. */
export function split(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = view.getInt32(at, true);
    out.push(bytes.subarray(at, at + length));
    at += length;
  }
  return out;
}

/** Code of the failure that sends a read from the writing thread to the reading one; it never leaves the client. */
export const HANDED_ON = 'store.handedOn';

/**
 * Many requests or replies as one message: numbers and names flat, all bytes in one buffer that is handed over. A small
 * Buffer lies in Node's shared pool, and posting it would copy the whole pool, each time.
 */
export interface RequestBatch {
  /** id, operation, collection, length of the body; and again. */
  readonly head: readonly (number | string)[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface ReplyBatch {
  /** id, length of the result, length of the documents; and again. */
  readonly head: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly failures: ReadonlyMap<number, Failure> | undefined;
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function packRequests(requests: readonly Request[]): RequestBatch {
  const head: (number | string)[] = [];
  for (const { id, operation, collection, body } of requests)
    head.push(id, operation, collection, body.length);
  return { head, bytes: join(requests.map((request) => request.body)) };
}

export function unpackRequests({ head, bytes }: RequestBatch): Request[] {
  const requests: Request[] = [];
  for (let i = 0, at = 0; i < head.length; i += 4) {
    const end = at + Number(head[i + 3]);
    requests.push({
      id: Number(head[i]),
      operation: head[i + 1] as Operation,
      collection: String(head[i + 2]),
      body: bytes.subarray(at, end),
    });
    at = end;
  }
  return requests;
}

export function packReplies(replies: readonly Reply[]): ReplyBatch {
  const head: number[] = [];
  const parts: Uint8Array[] = [];
  const failures = new Map<number, Failure>();
  for (const { id, result, documents, failure } of replies) {
    head.push(id, result.length, documents.length);
    parts.push(result, documents);
    if (failure !== undefined) failures.set(id, failure);
  }
  return { head, bytes: join(parts), failures: failures.size > 0 ? failures : undefined };
}

export function unpackReplies({ head, bytes, failures }: ReplyBatch): Reply[] {
  const replies: Reply[] = [];
  for (let i = 0, at = 0; i < head.length; i += 3) {
    const id = Number(head[i]);
    const middle = at + Number(head[i + 1]);
    const end = middle + Number(head[i + 2]);
    const failure = failures?.get(id);
    const reply = { id, result: bytes.subarray(at, middle), documents: bytes.subarray(middle, end) };
    replies.push(failure === undefined ? reply : { ...reply, failure });
    at = end;
  }
  return replies;
}

/** First message of the thread: open, or why not. */
export type Opened = { readonly opened: true } | { readonly opened: false; readonly failure: Failure };

export interface WorkerOptions {
  /** `write`: the connection that writes and answers short reads. `read`: another one, for reads that may be long. */
  readonly role?: 'write' | 'read';
  /** For tests: an operation that looks at so many documents in vain ends with `store.scan`. */
  readonly mostInVain?: number;
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
  /** `knownSchema`: the newest migration of this program; a copy beyond it is refused. */
  | { readonly task: 'check'; readonly file: string; readonly knownSchema: number };

/** Last message of the copying thread. */
export type Copied = { readonly ok: true } | { readonly ok: false; readonly failure: Failure };
