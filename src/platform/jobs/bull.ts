import { systemClock } from '../../shared/clock.ts';
import Bull, { type Queue } from 'bull';
import { Redis } from 'ioredis';
import { AppError } from '../../shared/errors.ts';
import { type JobEngine, type NewJob, REMEMBER_MS, type Run } from './engine.ts';

export interface BullOptions {
  readonly url: string;
  /** Prefix of all keys in Redis, `ramal` by default. */
  readonly prefix?: string;
  /** How long a job may be silent before another process takes it over, ms (30,000). A blocked event loop counts as silence. */
  readonly lockMs?: number;
  readonly onError?: (error: unknown) => void;
}

/** Bull's job ids may not hold its own separator freely (repeatables and keys are split at colons). */
const idOf = (name: string, key: string): string => `${encodeURIComponent(name)}|${encodeURIComponent(key)}`;

/**
 * Every connection that Bull opens. It opens them lazily, even while it closes, and would leave such a one open for
 * ever; here each is known and ended.
 */
function createConnections(url: string) {
  const clients: Redis[] = [];
  let ended = false;
  return {
    open(type: 'client' | 'subscriber' | 'bclient'): Redis {
      const waits = type === 'client' ? {} : { maxRetriesPerRequest: null, enableReadyCheck: false };
      const client = new Redis(url, waits);
      clients.push(client);
      if (ended) client.disconnect();
      return client;
    },
    async end(): Promise<void> {
      ended = true;
      const [first] = clients;
      // What was sent on the first connection is answered before it goes; the others only listen.
      if (first?.status === 'ready') await first.quit().catch(() => undefined);
      for (const client of clients) client.disconnect();
    },
  };
}

type Connections = ReturnType<typeof createConnections>;

function openQueue(options: BullOptions, connections: Connections, report: (error: unknown) => void): Queue {
  const lockMs = options.lockMs ?? 30_000;
  const queue = new Bull('jobs', {
    prefix: options.prefix ?? 'ramal',
    createClient: (type) => connections.open(type),
    settings: {
      lockDuration: lockMs,
      stalledInterval: lockMs,
      // At least once: a crash is no attempt of the job's own, so it may happen again and again.
      maxStalledCount: 1000,
    },
  });
  // Bull leaves this promise to nobody: a stop right after a start would end as an unhandled rejection.
  const setWorkerName = queue.setWorkerName.bind(queue);
  queue.setWorkerName = () => setWorkerName().catch(report);
  return queue;
}

/** Jobs in Redis, run by Bull: for several copies of the process. */
export function createBullEngine(options: BullOptions): JobEngine {
  let stopping: Promise<void> | undefined;
  const report = (error: unknown): void => {
    if (stopping === undefined) options.onError?.(error);
  };
  const connections = createConnections(options.url);
  const queue = openQueue(options, connections, report);
  const kinds = new Map<string, { concurrency: number; run: Run }>();
  queue.on('error', report);
  const patience = createPatience();
  return {
    kind: 'redis',
    define: (name, concurrency, run) => void kinds.set(name, { concurrency, run }),
    async add(job: NewJob) {
      if (stopping !== undefined) throw new AppError('jobs.stopped', 503, 'Jobs are stopping.');
      await queue.add(job.name, job.payload, {
        jobId: idOf(job.name, job.key),
        delay: job.delayMs,
        attempts: job.attempts,
        backoff: { type: 'exponential', delay: job.backoffMs },
        removeOnComplete: { age: REMEMBER_MS / 1000 },
        removeOnFail: { age: REMEMBER_MS / 1000 },
      });
    },
    async cancel(name, key) {
      const job = await queue.getJob(idOf(name, key));
      if (job === null || job.finishedOn !== undefined || (await job.isActive())) return false;
      try {
        await job.remove();
        return true;
      } catch {
        // It began between the question and the removal.
        return false;
      }
    },
    async start() {
      await queue.isReady();
      for (const [name, { concurrency, run }] of kinds)
        queue
          .process(name, concurrency, async (job) => {
            const data: unknown = job.data;
            const key = decodeURIComponent(String(job.id).split('|')[1] ?? '');
            try {
              await patience.bound(run({ payload: String(data), attempt: job.attemptsMade + 1, key }));
            } catch (error) {
              // Left behind by stop(): run again after the next start, whatever attempt it was.
              if (patience.over()) job.opts.attempts = (job.opts.attempts ?? 1) + 1;
              throw error;
            }
          })
          .catch(report);
    },
    async health() {
      await queue.client.ping();
      return true;
    },
    async counts() {
      const { waiting, delayed, active, failed } = await queue.getJobCounts();
      return { waiting: waiting + delayed, running: active, failed };
    },
    stop: (graceMs) => (stopping ??= close(queue, connections, patience, graceMs)),
  };
}

interface Patience {
  bound(work: Promise<void>): Promise<void>;
  over(): boolean;
  end(): void;
}

/** Lets stop() leave handlers that do not come to an end. */
function createPatience(): Patience {
  let over = false;
  let end: () => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = () => {
      over = true;
      reject(new AppError('jobs.stopped', 503, 'The process stopped before the job ended.'));
    };
  });
  ended.catch(() => undefined);
  return { bound: (work) => Promise.race([work, ended]), over: () => over, end: () => end() };
}

/**
 * close() itself waits for running jobs. Pausing first and closing after would cut the blocking connection twice, and
 * the second cut leaves rejections that nobody handles.
 */
async function close(
  queue: Queue,
  connections: Connections,
  patience: Patience,
  graceMs: number,
): Promise<void> {
  const timer = systemClock.after(graceMs, () => patience.end());
  await queue.close();
  await connections.end();
  timer.cancel();
}
