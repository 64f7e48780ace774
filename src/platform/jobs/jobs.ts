import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/clock.ts';
import type { JobCounts, JobEngine } from './engine.ts';
import { nextTick, type Schedule, scheduleText } from './schedule.ts';

export interface JobMeta {
  /** From 1. */
  readonly attempt: number;
  readonly key: string;
}

/** Parses its payload itself (it was JSON on a disk); rejects to be tried again. */
export type JobHandler = (payload: unknown, meta: JobMeta) => Promise<void>;

export interface AddOptions {
  /** One job per (name, key); again within a day after its end is the same job. */
  readonly key: string;
  readonly delayMs?: number;
  /** Attempts in all, 5 by default. */
  readonly attempts?: number;
  /** Unit of the exponential back-off, 1,000 ms by default. */
  readonly backoffMs?: number;
}

/**
 * Work that may wait: retries, reminders, schedules, reports. At least once and idempotent by key: handlers must bear
 * being run twice. Rings, claims and routing never wait for a job.
 */
export interface Jobs {
  readonly kind: 'embedded' | 'redis';
  /** Before start() only. Errors: `jobs.started`. */
  define(name: string, handler: JobHandler, options?: { readonly concurrency?: number }): void;
  /** Resolves when the job is stored. Errors: `jobs.unknown` for a name that nobody defined. */
  add(name: string, payload: unknown, options: AddOptions): Promise<void>;
  /** Removes a job that has not begun; true when there was one. */
  cancel(name: string, key: string): Promise<boolean>;
  /**
   * Runs `name` again and again. A tick missed while the process was down runs once after the start. Declared at
   * every start; declaring another schedule under the same key replaces it. Errors: `jobs.badSchedule`.
   */
  every(
    name: string,
    schedule: Schedule,
    options?: { readonly key?: string; readonly payload?: unknown },
  ): Promise<void>;
  /** Ends a schedule made with every(). */
  unschedule(name: string, key?: string): void;
  start(): Promise<void>;
  health(): Promise<{ readonly ok: boolean; readonly engine: 'embedded' | 'redis' }>;
  /** For monitoring; failed are those that gave up within the last day. */
  counts(): Promise<JobCounts>;
  /** Waits up to 5 s for jobs that run; those still running then are run again after the next start. Idempotent. */
  stop(): Promise<void>;
}

const TICK = '.tick';
const GRACE_MS = 5000;

interface Tick {
  readonly schedule: string;
  readonly scheduleKey: string;
  /** Ms since the epoch. */
  readonly at: number;
}

interface Scheduled {
  readonly schedule: Schedule;
  readonly payload: unknown;
}

export interface JobsDeps {
  readonly engine: JobEngine;
  readonly clock: Clock;
  /** Told of each failed attempt; carries no payload. */
  readonly onFailure?: (failure: { name: string; key: string; attempt: number; error: unknown }) => void;
}

/** Names, payloads and schedules on top of an engine. Schedules are delayed jobs whose key is their tick. */
export function createJobs({ engine, clock, onFailure }: JobsDeps): Jobs {
  const names = new Set<string>();
  const schedules = new Map<string, Scheduled>();
  let started = false;

  const put = (name: string, payload: unknown, options: AddOptions): Promise<void> =>
    engine.add({
      name,
      key: options.key,
      payload: JSON.stringify(payload ?? null),
      delayMs: Math.max(0, options.delayMs ?? 0),
      attempts: options.attempts ?? 5,
      backoffMs: options.backoffMs ?? 1000,
    });

  const plan = async (name: string, key: string, { schedule }: Scheduled, after: number): Promise<void> => {
    const at = nextTick(schedule, after);
    const tick: Tick = { schedule: scheduleText(schedule), scheduleKey: key, at };
    const tickKey = `${key}@${tick.schedule}@${new Date(at).toISOString()}`;
    await put(name + TICK, tick, { key: tickKey, delayMs: at - clock.now() });
  };

  const guarded =
    (name: string, handler: JobHandler) =>
    async (job: { payload: string; attempt: number; key: string }): Promise<void> => {
      try {
        await handler(JSON.parse(job.payload), { attempt: job.attempt, key: job.key });
      } catch (error) {
        onFailure?.({ name, key: job.key, attempt: job.attempt, error });
        throw error;
      }
    };

  const runTick =
    (name: string, handler: JobHandler): JobHandler =>
    async (payload, meta) => {
      const tick = payload as Tick;
      const scheduled = schedules.get(`${name} ${tick.scheduleKey}`);
      // A tick of a schedule that was since replaced or ended.
      if (scheduled === undefined || scheduleText(scheduled.schedule) !== tick.schedule) return;
      // A timer may fire a little early: the same tick again would be the same job, and the chain would end.
      await plan(name, tick.scheduleKey, scheduled, Math.max(clock.now(), tick.at));
      await handler(scheduled.payload, meta);
    };

  return {
    kind: engine.kind,
    define(name, handler, options) {
      if (started) throw new AppError('jobs.started', 500, `The job ${name} was defined after the start.`);
      if (names.has(name)) throw new AppError('jobs.twice', 500, `The job ${name} is defined twice.`);
      names.add(name);
      engine.define(name, options?.concurrency ?? 4, guarded(name, handler));
      engine.define(name + TICK, 1, guarded(name, runTick(name, handler)));
    },
    async add(name, payload, options) {
      if (!names.has(name)) throw new AppError('jobs.unknown', 500, `No job is named ${name}.`);
      await put(name, payload, options);
    },
    cancel: (name, key) => engine.cancel(name, key),
    async every(name, schedule, options = {}) {
      if (!names.has(name)) throw new AppError('jobs.unknown', 500, `No job is named ${name}.`);
      const key = options.key ?? 'default';
      const scheduled = { schedule, payload: options.payload ?? null };
      nextTick(schedule, clock.now());
      schedules.set(`${name} ${key}`, scheduled);
      await plan(name, key, scheduled, clock.now());
    },
    unschedule(name, key = 'default') {
      schedules.delete(`${name} ${key}`);
    },
    async start() {
      started = true;
      await engine.start();
    },
    async health() {
      return { ok: await engine.health(), engine: engine.kind };
    },
    counts: () => engine.counts(),
    stop: () => engine.stop(GRACE_MS),
  };
}
