import { type Connection, type Model, Schema } from 'mongoose';
import { inserted, removeInBatches } from '../store/index.ts';
import type { Clock, Timer } from '../../shared/clock.ts';
import { backoff, type JobCounts, type JobEngine, type NewJob, REMEMBER_MS, type Run } from './engine.ts';

interface JobRecord {
  _id: string;
  name: string;
  key: string;
  payload: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** When it is due; while running, when its lease ends. */
  at: Date;
  attempt: number;
  attempts: number;
  backoffMs: number;
  lastError?: string | null;
}

const schema = new Schema<JobRecord>(
  {
    _id: String,
    name: String,
    key: String,
    payload: String,
    state: String,
    at: Date,
    attempt: Number,
    attempts: Number,
    backoffMs: Number,
    lastError: String,
  },
  { versionKey: false, minimize: false, collection: 'jobs' },
);
schema.index({ state: 1, at: 1 });
schema.index({ state: 1, name: 1, at: 1 });

export interface EmbeddedJobsOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /**
   * This process alone runs jobs of this store (embedded store), so whatever is marked running at the start was
   * left by a crash. Otherwise a lease has to run out first.
   */
  readonly alone: boolean;
  /** Told when the store fails while nobody waits for an answer. */
  readonly onError?: (error: unknown) => void;
}

const LEASE_MS = 30_000;
/** Longest sleep when other processes may add jobs, and when none can (clock jumps), ms. */
const LOOK_MS = { shared: 1000, alone: 30_000 };
const CLEAN_MS = 3_600_000;

interface Kind {
  readonly concurrency: number;
  readonly run: Run;
  running: number;
}

const idOf = (name: string, key: string): string => `${name}:${key}`;

/** Jobs as documents of the store, timers in this process. */
class EmbeddedEngine implements JobEngine {
  readonly kind = 'embedded';
  private readonly model: Model<JobRecord>;
  private readonly options: EmbeddedJobsOptions;
  private readonly clock: Clock;
  private readonly kinds = new Map<string, Kind>();
  private readonly active = new Set<Promise<void>>();
  private wake: { timer: Timer; at: number } | undefined;
  private pumping: Promise<void> | undefined;
  private again = false;
  private state: 'new' | 'started' | 'stopped' = 'new';
  private stopping: Promise<void> | undefined;
  private cleanedAt = 0;
  private cleaning: Promise<void> | undefined;

  constructor(options: EmbeddedJobsOptions) {
    this.options = options;
    this.clock = options.clock;
    this.model =
      (options.connection.models['Job'] as Model<JobRecord> | undefined) ??
      options.connection.model<JobRecord>('Job', schema);
  }

  define(name: string, concurrency: number, run: Run): void {
    this.kinds.set(name, { concurrency, run, running: 0 });
  }

  async add(job: NewJob): Promise<void> {
    const at = this.clock.now() + job.delayMs;
    const { delayMs: _, ...rest } = job;
    const fresh = { ...rest, state: 'waiting' as const, at: new Date(at), attempt: 0 };
    // A key that stands is the same job.
    await inserted(() =>
      this.model.collection.insertOne({ _id: idOf(job.name, job.key), ...fresh } as never),
    );
    this.wakeAt(at);
  }

  async cancel(name: string, key: string): Promise<boolean> {
    const { deletedCount } = await this.model.deleteOne({ _id: idOf(name, key), state: 'waiting' });
    return deletedCount > 0;
  }

  async start(): Promise<void> {
    if (this.state !== 'new') return;
    await this.model.createIndexes();
    if (this.options.alone)
      await this.model.updateMany({ state: 'running' }, { $set: { state: 'waiting', at: this.now() } });
    this.state = 'started';
    this.pump();
  }

  async health(): Promise<boolean> {
    await this.model.findOne({ _id: '' }).lean();
    return this.state === 'started';
  }

  async counts(): Promise<JobCounts> {
    const count = (state: JobRecord['state']): Promise<number> => this.model.countDocuments({ state });
    const [waiting, running, failed] = await Promise.all([
      count('waiting'),
      count('running'),
      count('failed'),
    ]);
    return { waiting, running, failed };
  }

  stop(graceMs: number): Promise<void> {
    this.stopping ??= this.end(graceMs);
    return this.stopping;
  }

  private async end(graceMs: number): Promise<void> {
    this.state = 'stopped';
    this.wake?.timer.cancel();
    this.wake = undefined;
    await this.pumping;
    await this.cleaning;
    if (this.active.size === 0) return;
    let timer: Timer | undefined;
    const late = new Promise<void>((resolve) => {
      timer = this.clock.after(graceMs, resolve);
    });
    await Promise.race([Promise.allSettled(this.active), late]);
    timer?.cancel();
  }

  private now(): Date {
    return new Date(this.clock.now());
  }

  private wakeAt(at: number): void {
    if (this.state !== 'started') return;
    if (this.wake !== undefined && this.wake.at <= at) return;
    this.wake?.timer.cancel();
    const timer = this.clock.after(at - this.clock.now(), () => {
      this.wake = undefined;
      this.pump();
    });
    this.wake = { timer, at };
  }

  /** Starts all that is due; one pass at a time. */
  private pump(): void {
    if (this.state !== 'started') return;
    if (this.pumping !== undefined) {
      this.again = true;
      return;
    }
    this.pumping = this.pass()
      .catch((error: unknown) => {
        this.options.onError?.(error);
        this.wakeAt(this.clock.now() + LOOK_MS.shared);
      })
      .finally(() => {
        this.pumping = undefined;
        if (!this.again) return;
        this.again = false;
        this.pump();
      });
  }

  private async pass(): Promise<void> {
    const now = this.now();
    if (!this.options.alone)
      await this.model.updateMany({ state: 'running', at: { $lte: now } }, { $set: { state: 'waiting' } });
    const free = [...this.kinds].filter(([, kind]) => kind.running < kind.concurrency).map(([name]) => name);
    const due = await this.model
      .find({ state: 'waiting', at: { $lte: now }, name: { $in: free } })
      .sort({ at: 1 })
      .limit(64)
      .lean();
    for (const job of due) await this.claim(job);
    if (due.length === 64) this.again = true;
    this.clean();
    const next = await this.model
      .findOne({ state: 'waiting', at: { $gt: now } })
      .sort({ at: 1 })
      .select({ at: 1 })
      .lean();
    const look = this.clock.now() + (this.options.alone ? LOOK_MS.alone : LOOK_MS.shared);
    this.wakeAt(Math.min(next?.at.getTime() ?? look, look));
  }

  /** Only the winner of the compare-and-set runs the job. */
  private async claim(job: JobRecord): Promise<void> {
    const kind = this.kinds.get(job.name);
    if (this.state !== 'started' || kind === undefined || kind.running >= kind.concurrency) return;
    const lease = new Date(this.clock.now() + LEASE_MS);
    const attempt = job.attempt + 1;
    const { modifiedCount } = await this.model.updateOne(
      { _id: job._id, state: 'waiting', attempt: job.attempt },
      { $set: { state: 'running', attempt, at: lease } },
    );
    if (modifiedCount === 0) return;
    kind.running++;
    const running = this.work(job, attempt, kind)
      .catch((error: unknown) => this.options.onError?.(error))
      .finally(() => {
        kind.running--;
        this.active.delete(running);
        this.pump();
      });
    this.active.add(running);
  }

  private async work(job: JobRecord, attempt: number, kind: Kind): Promise<void> {
    const renew = this.renewing(job._id, attempt);
    let failure: { error: unknown } | undefined;
    try {
      await kind.run({ payload: job.payload, attempt, key: job.key });
    } catch (error) {
      failure = { error };
    } finally {
      renew.cancel();
    }
    await this.model.updateOne(
      { _id: job._id, state: 'running', attempt },
      { $set: this.ending(job, attempt, failure) },
    );
  }

  private ending(
    job: JobRecord,
    attempt: number,
    failure: { error: unknown } | undefined,
  ): Partial<JobRecord> {
    if (failure === undefined) return { state: 'done', at: this.now(), lastError: null };
    const { error } = failure;
    const lastError = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    if (attempt >= job.attempts) return { state: 'failed', at: this.now(), lastError };
    return { state: 'waiting', at: new Date(this.clock.now() + backoff(attempt, job.backoffMs)), lastError };
  }

  private renewing(id: string, attempt: number): Timer {
    let timer: Timer = { cancel: () => undefined };
    const plan = (): void => {
      timer = this.clock.after(LEASE_MS / 3, () => {
        plan();
        this.model
          .updateOne(
            { _id: id, state: 'running', attempt },
            { $set: { at: new Date(this.clock.now() + LEASE_MS) } },
          )
          .catch((error: unknown) => this.options.onError?.(error));
      });
    };
    plan();
    return { cancel: () => timer.cancel() };
  }

  /** Beside the work: due jobs do not wait for it. */
  private clean(): void {
    if (this.cleaning !== undefined || this.clock.now() - this.cleanedAt < CLEAN_MS) return;
    this.cleanedAt = this.clock.now();
    const over = {
      state: { $in: ['done', 'failed'] },
      at: { $lt: new Date(this.clock.now() - REMEMBER_MS) },
    };
    this.cleaning = removeInBatches(this.model, over, () => this.state === 'started')
      .then(() => undefined)
      .catch((error: unknown) => this.options.onError?.(error))
      .finally(() => {
        this.cleaning = undefined;
      });
  }
}

export const createEmbeddedEngine = (options: EmbeddedJobsOptions): JobEngine => new EmbeddedEngine(options);
