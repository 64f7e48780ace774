/**
 * What the jobs port needs of an engine. Semantics, the same on every engine (tests/contract/jobs.test.ts):
 * at least once; unique by (name, key); a key is remembered for a day after its job ended, so adding it again does
 * nothing; a failed attempt waits `(2^attempt − 1) × backoffMs` for the next.
 */
export interface JobEngine {
  readonly kind: 'embedded' | 'redis';
  /** `run` rejects to have the job tried again. Before start() only. */
  define(name: string, concurrency: number, run: Run): void;
  add(job: NewJob): Promise<void>;
  /** True when a waiting job was removed; one that runs or has ended stays. */
  cancel(name: string, key: string): Promise<boolean>;
  start(): Promise<void>;
  health(): Promise<boolean>;
  /** For monitoring; failed are those that gave up within the last day. */
  counts(): Promise<JobCounts>;
  /** Takes no new jobs, waits up to `graceMs` for those that run, closes everything. Idempotent. */
  stop(graceMs: number): Promise<void>;
}

export type JobCounts = Readonly<Record<'waiting' | 'running' | 'failed', number>>;

/** `payload` is JSON text; `attempt` counts from 1. */
export type Run = (job: {
  readonly payload: string;
  readonly attempt: number;
  readonly key: string;
}) => Promise<void>;

export interface NewJob {
  readonly name: string;
  readonly key: string;
  readonly payload: string;
  readonly delayMs: number;
  readonly attempts: number;
  readonly backoffMs: number;
}

/** How long an ended job's key is remembered, ms. */
export const REMEMBER_MS = 24 * 3_600_000;

/** Wait before the next attempt, ms; `attempt` is the one that failed, from 1. Bull's exponential back-off. */
export const backoff = (attempt: number, backoffMs: number): number => (2 ** attempt - 1) * backoffMs;
