import type { Worker } from 'node:worker_threads';
import mongoose from 'mongoose';
import { AppError } from '../../../shared/errors.ts';
import {
  type Copied,
  type CopyOptions,
  type Failure,
  type Opened,
  type Operation,
  packRequests,
  type Reply,
  type ReplyBatch,
  type Request,
  unpackReplies,
  type WorkerOptions,
} from './protocol.ts';
import { spawnWorker } from '../../worker.ts';

const { BSON } = mongoose.mongo;
type Doc = Record<string, unknown>;

/** What an operation brought back. */
export interface Answer {
  readonly result: Doc;
  readonly documents: Doc[];
}

/** The main thread's end of the embedded engine. */
export interface EngineClient {
  /** Parameters as a document. Errors: AppError `store.*`, MongoServerError. */
  call(operation: Operation, collection: string, parameters: Doc): Promise<Answer>;
  /** As `call`, with a body that is already bytes (`insert`). */
  callRaw(operation: Operation, collection: string, body: Uint8Array): Promise<Answer>;
  /** Resolves when all that was asked is answered and the files are closed. Idempotent. */
  stop(): Promise<void>;
}

/** `undefined` becomes null, as the MongoDB driver does by default. */
export const encode = (doc: Doc): Uint8Array => BSON.serialize(doc, { ignoreUndefined: false });

export function decodeAll(bytes: Uint8Array): Doc[] {
  const out: Doc[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const length = view.getInt32(at, true);
    out.push(BSON.deserialize(bytes.subarray(at, at + length)));
    at += length;
  }
  return out;
}

function toError(failure: Failure): Error {
  if (failure.kind === 'app')
    return new AppError(String(failure.code), failure.status ?? 500, failure.message, failure.extra ?? {});
  if (failure.kind === 'server')
    return new mongoose.mongo.MongoServerError({
      message: failure.message,
      code: failure.code,
      codeName: failure.codeName,
      ...failure.extra,
    });
  return new AppError('store.internal', 500, `The store failed: ${failure.message} (${failure.code})`);
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

class Client implements EngineClient {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private queue: Request[] = [];
  private nextId = 1;
  private stopped: Promise<void> | undefined;
  private dead: AppError | undefined;

  constructor(worker: Worker) {
    this.worker = worker;
  }

  listen(): void {
    this.worker.on('message', (batch: ReplyBatch) => this.receive(unpackReplies(batch)));
    this.worker.on('error', (error) => this.die(error.message));
    this.worker.on('exit', () => this.die('its thread ended'));
  }

  private die(reason: string): void {
    this.dead ??= new AppError('store.stopped', 503, `The store is closed: ${reason}.`);
    for (const { reject } of this.waiting.values()) reject(this.dead);
    this.waiting.clear();
  }

  private receive(replies: readonly Reply[]): void {
    for (const reply of replies) {
      const waiting = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if (waiting === undefined) continue;
      if (reply.failure !== undefined) waiting.reject(toError(reply.failure));
      else
        waiting.resolve({
          result: reply.result.length === 0 ? {} : BSON.deserialize(reply.result),
          documents: decodeAll(reply.documents),
        });
    }
  }

  call(operation: Operation, collection: string, parameters: Doc): Promise<Answer> {
    return this.callRaw(operation, collection, encode(parameters));
  }

  callRaw(operation: Operation, collection: string, body: Uint8Array): Promise<Answer> {
    if (this.dead !== undefined) return Promise.reject(this.dead);
    if (this.stopped !== undefined)
      return Promise.reject(new AppError('store.stopped', 503, 'The store is closed: it is stopping.'));
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      this.waiting.set(id, { resolve, reject });
      this.queue.push({ id, operation, collection, body });
      // One message for all that is asked in the same turn.
      if (this.queue.length === 1) queueMicrotask(() => this.flush());
    });
  }

  private flush(): void {
    const requests = this.queue;
    this.queue = [];
    const batch = packRequests(requests);
    this.worker.postMessage(batch, [batch.bytes.buffer]);
  }

  stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  private async end(): Promise<void> {
    if (this.dead !== undefined) return;
    const exited = new Promise<void>((resolve) => {
      this.worker.once('exit', () => resolve());
    });
    // After the flush of this turn: what was asked before stop() is still answered.
    queueMicrotask(() => this.worker.postMessage('stop'));
    await exited;
  }
}

/** Starts the store's thread. Errors: AppError `store.locked`, `store.unwritable`, `store.full`, `store.corrupt`. */
export async function startEngine(options: WorkerOptions): Promise<EngineClient> {
  const worker = spawnWorker(new URL('./engine.worker.ts', import.meta.url), { workerData: options });
  const opened = await new Promise<Opened>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  worker.removeAllListeners('error');
  if (!opened.opened) {
    await worker.terminate();
    throw toError(opened.failure);
  }
  const client = new Client(worker);
  client.listen();
  return client;
}

/** Copies or checks a store's file in a thread. Errors: as of the engine. */
export async function runCopy(options: CopyOptions): Promise<void> {
  const worker = spawnWorker(new URL('./copy.worker.ts', import.meta.url), { workerData: options });
  const done = await new Promise<Copied>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  if (!done.ok) throw toError(done.failure);
}
