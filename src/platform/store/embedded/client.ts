import type { Worker } from 'node:worker_threads';
import mongoose from 'mongoose';
import { AppError } from '../../../shared/errors.ts';
import { decodeAll, DecodingTurns } from './decoding.ts';
import {
  type Copied,
  type CopyOptions,
  type Failure,
  HANDED_ON,
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

/** What an operation brought back. The documents are decoded when somebody asks for them. */
export interface Answer {
  readonly result: Doc;
  /** All at once: for an answer of one document or few. */
  readonly documents: Doc[];
  /** The same, at times when the main loop can be held up. */
  inTurns(): Promise<Doc[]>;
}

class Brought implements Answer {
  readonly result: Doc;
  private readonly bytes: Uint8Array;
  private readonly turns: DecodingTurns;
  private decoded: Doc[] | undefined;

  constructor({ result, documents }: Reply, turns: DecodingTurns) {
    this.result = result.length === 0 ? {} : BSON.deserialize(result);
    this.bytes = documents;
    this.turns = turns;
  }

  get documents(): Doc[] {
    this.decoded ??= decodeAll(this.bytes);
    return this.decoded;
  }

  async inTurns(): Promise<Doc[]> {
    this.decoded ??= await this.turns.decode(this.bytes);
    return this.decoded;
  }
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
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** One thread and what was asked of it in this turn. */
class Line {
  readonly worker: Worker;
  private queue: Request[] = [];

  constructor(worker: Worker) {
    this.worker = worker;
  }

  ask(request: Request): void {
    this.queue.push(request);
    // One message for all that is asked in the same turn.
    if (this.queue.length === 1) queueMicrotask(() => this.flush());
  }

  private flush(): void {
    const batch = packRequests(this.queue);
    this.queue = [];
    this.worker.postMessage(batch, [batch.bytes.buffer]);
  }

  async end(): Promise<void> {
    const exited = new Promise<void>((resolve) => {
      this.worker.once('exit', () => resolve());
    });
    // After the flush of this turn: what was asked before stop() is still answered.
    queueMicrotask(() => this.worker.postMessage('stop'));
    await exited;
  }
}

/** Reads that may be long go to a thread of their own, so that no write waits for them. */
const mayBeLong = (operation: Operation, limit: unknown): boolean =>
  operation === 'count' || operation === 'distinct' || (operation === 'find' && limit !== 1);

class Client implements EngineClient {
  private readonly writer: Line;
  private readonly reader: Line;
  private readonly waiting = new Map<number, Waiting>();
  private readonly turns = new DecodingTurns();
  private nextId = 1;
  private stopped: Promise<void> | undefined;
  private dead: AppError | undefined;
  private whenQuiet: (() => void) | undefined;

  constructor(writer: Worker, reader: Worker) {
    this.writer = new Line(writer);
    this.reader = new Line(reader);
  }

  listen(): void {
    for (const { worker } of [this.writer, this.reader]) {
      worker.on('message', (message: ReplyBatch | Opened) => this.hear(message));
      worker.on('error', (error) => this.die(error.message));
      worker.on('exit', () => this.leave());
    }
  }

  /** The reading thread opens while it is asked already. */
  private hear(message: ReplyBatch | Opened): void {
    if (!('opened' in message)) this.receive(unpackReplies(message));
    else if (!message.opened) this.die(message.failure.message);
  }

  private leave(): void {
    if (this.stopped === undefined || this.waiting.size > 0) this.die('its thread ended');
  }

  private die(reason: string): void {
    this.dead ??= new AppError('store.stopped', 503, `The store is closed: ${reason}.`);
    for (const { reject } of this.waiting.values()) reject(this.dead);
    this.waiting.clear();
    this.whenQuiet?.();
  }

  private receive(replies: readonly Reply[]): void {
    for (const reply of replies) {
      const waiting = this.waiting.get(reply.id);
      if (waiting === undefined) continue;
      if (reply.failure?.code === HANDED_ON) {
        this.reader.ask(waiting.request);
        continue;
      }
      this.waiting.delete(reply.id);
      if (reply.failure !== undefined) waiting.reject(toError(reply.failure));
      else waiting.resolve(new Brought(reply, this.turns));
    }
    if (this.waiting.size === 0) this.whenQuiet?.();
  }

  call(operation: Operation, collection: string, parameters: Doc): Promise<Answer> {
    const line = mayBeLong(operation, parameters['limit']) ? this.reader : this.writer;
    return this.ask(line, { operation, collection, body: encode(parameters) });
  }

  callRaw(operation: Operation, collection: string, body: Uint8Array): Promise<Answer> {
    return this.ask(this.writer, { operation, collection, body });
  }

  private ask(line: Line, what: Omit<Request, 'id'>): Promise<Answer> {
    if (this.dead !== undefined) return Promise.reject(this.dead);
    if (this.stopped !== undefined)
      return Promise.reject(new AppError('store.stopped', 503, 'The store is closed: it is stopping.'));
    return new Promise((resolve, reject) => {
      const request = { id: this.nextId++, ...what };
      this.waiting.set(request.id, { request, resolve, reject });
      line.ask(request);
    });
  }

  stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  private async end(): Promise<void> {
    const lines = [this.reader, this.writer];
    // What the writing thread hands on at the last moment is still read, and the lock goes last.
    await this.quiet();
    if (this.dead === undefined) for (const line of lines) await line.end();
    else for (const { worker } of lines) await worker.terminate();
  }

  private quiet(): Promise<void> {
    if (this.waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.whenQuiet = resolve;
    });
  }
}

/** Starts the store's two threads. Errors: AppError `store.locked`, `store.unwritable`, `store.full`, `store.corrupt`. */
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
  const reader = spawnWorker(new URL('./engine.worker.ts', import.meta.url), {
    workerData: { ...options, role: 'read' },
  });
  const client = new Client(worker, reader);
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
