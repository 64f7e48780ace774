import type { Connection } from 'mongoose';
import type { Clock } from '../../shared/clock.ts';
import { createBullEngine } from './bull.ts';
import { createEmbeddedEngine } from './embedded.ts';
import { createJobs, type Jobs, type JobsDeps } from './jobs.ts';

export type { AddOptions, JobHandler, JobMeta, Jobs } from './jobs.ts';
export type { Schedule } from './schedule.ts';

export type JobsOptions = {
  readonly clock: Clock;
  /** A failed attempt of a job, without its payload. */
  readonly onFailure?: JobsDeps['onFailure'];
  /** The engine itself failed while nobody waits for an answer. */
  readonly onError?: (error: unknown) => void;
} & (
  | {
      readonly kind: 'embedded';
      readonly connection: Connection;
      /** True when this process alone uses the store (embedded store). */
      readonly alone: boolean;
    }
  | {
      readonly kind: 'redis';
      readonly url: string;
      readonly prefix?: string;
      readonly lockMs?: number;
    }
);

/** The jobs port on the engine that the settings chose. define() everything, then start(). */
export function openJobs(options: JobsOptions): Jobs {
  const engine = options.kind === 'embedded' ? createEmbeddedEngine(options) : createBullEngine(options);
  return createJobs({
    engine,
    clock: options.clock,
    ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
  });
}
