import type { Answer, EngineClient } from './client.ts';
import { parseProjection, type Project } from './projection.ts';

type Doc = Record<string, unknown>;

const BATCH = 500;

/** The options of a find that the engine knows; Mongoose adds others that concern only itself. */
export interface FindOptions {
  readonly sort?: unknown;
  readonly skip?: number;
  readonly limit?: number;
  readonly projection?: unknown;
  readonly batchSize?: number;
}

/** Sort in any of the shapes the MongoDB driver takes, as a document. */
export function sortDocument(sort: unknown): Doc {
  if (sort instanceof Map) return Object.fromEntries(sort as Map<string, unknown>);
  if (Array.isArray(sort)) return Object.fromEntries(sort as [string, unknown][]);
  if (typeof sort === 'string') return { [sort]: 1 };
  return (sort ?? {}) as Doc;
}

/** Lets a question that was just asked leave for the thread; what becomes of it is seen by who awaits it. */
async function sent(asked: Promise<unknown>): Promise<void> {
  asked.catch(() => undefined);
  await Promise.resolve();
}

/** Reads a result in batches, as a MongoDB driver's cursor does. */
export class EmbeddedCursor implements AsyncIterable<Doc> {
  private readonly client: EngineClient;
  private readonly collection: string;
  private readonly filter: Doc;
  private readonly options: FindOptions;
  private readonly project: Project | undefined;
  private buffer: Doc[] = [];
  private at = 0;
  private given = 0;
  private after: unknown;
  private started = false;
  closed = false;

  constructor(client: EngineClient, collection: string, filter: Doc, options: FindOptions) {
    this.client = client;
    this.collection = collection;
    this.filter = filter;
    this.options = options;
    this.project = parseProjection(options.projection);
  }

  /** Nothing when all was asked for. */
  private async ask(batch: number): Promise<Answer | undefined> {
    const { sort, skip = 0, limit = 0 } = this.options;
    const left = Math.abs(limit) - this.given;
    if (this.closed || (this.started && (this.after === undefined || (limit !== 0 && left <= 0))))
      return undefined;
    const answer = await this.client.call('find', this.collection, {
      filter: this.filter,
      sort: sortDocument(sort),
      skip: this.started ? 0 : skip,
      limit: limit === 0 ? 0 : left,
      batch,
      ...(this.after === undefined ? {} : { after: this.after }),
    });
    this.started = true;
    this.after = answer.result['next'];
    return answer;
  }

  private async take(answer: Answer): Promise<void> {
    const documents = await answer.inTurns();
    this.given += documents.length;
    this.buffer = this.project === undefined ? documents : documents.map(this.project);
    this.at = 0;
  }

  private async fill(batch: number): Promise<boolean> {
    const answer = await this.ask(batch);
    if (answer === undefined) return false;
    await this.take(answer);
    return this.buffer.length > 0;
  }

  async next(): Promise<Doc | null> {
    if (this.closed) return null;
    if (this.at === this.buffer.length && !(await this.fill(this.options.batchSize ?? BATCH))) return null;
    return this.buffer[this.at++] ?? null;
  }

  async hasNext(): Promise<boolean> {
    return (
      this.at < this.buffer.length || (!this.closed && (await this.fill(this.options.batchSize ?? BATCH)))
    );
  }

  async toArray(): Promise<Doc[]> {
    const all: Doc[] = this.buffer.slice(this.at);
    let asked: Promise<Answer | undefined> | undefined;
    for (;;) {
      const answer = await (asked ?? this.ask(BATCH * 4));
      if (answer === undefined || this.closed) break;
      // The thread reads the next batch while this one is decoded here.
      asked = (this.options.limit ?? 0) === 0 ? this.ask(BATCH * 4) : undefined;
      if (asked !== undefined) await sent(asked);
      await this.take(answer);
      for (const doc of this.buffer) all.push(doc);
    }
    this.buffer = [];
    this.at = 0;
    return all;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Doc> {
    for (let doc = await this.next(); doc !== null; doc = await this.next()) yield doc;
  }

  close(): Promise<void> {
    this.closed = true;
    this.buffer = [];
    this.at = 0;
    return Promise.resolve();
  }
}
