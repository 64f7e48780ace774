import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createSecrets, loadSecretKey, type Secrets } from '../access/index.ts';
import type { Config } from '../config.ts';
import { makeFolder } from '../platform/folder.ts';
import { createHealth, type Health } from '../platform/http/index.ts';
import { type Jobs, openJobs } from '../platform/jobs/index.ts';
import { createLogger, type Logger } from '../platform/log/index.ts';
import { createMetrics, type Metrics } from '../platform/metrics/index.ts';
import { openStore, restoreWasCut, type Store } from '../platform/store/index.ts';
import { type Clock, systemClock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import { type Random, systemRandom } from '../shared/random.ts';

/** What every room stands on: time, chance, log, figures, health, store, jobs, secrets. */
export interface Platform {
  readonly config: Config;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly store: Store;
  readonly jobs: Jobs;
  readonly secrets: Secrets;
  stop(): Promise<void>;
}

async function ensureWritable(dataDir: string): Promise<void> {
  try {
    // Recordings and mail: other users of the machine have no business there.
    await makeFolder(dataDir);
    await writeFile(join(dataDir, '.writable'), '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('data.unwritable', 500, `DATA_DIR ${dataDir} cannot be written: ${reason}`);
  }
  if (await restoreWasCut(dataDir))
    throw new AppError('data.restoring', 500, `A restore into ${dataDir} did not end. Run it again.`);
}

/** `onHoldLost`: another process took the documents; this one has to end without a further write. */
export async function openPlatform(config: Config, onHoldLost: (error: AppError) => void): Promise<Platform> {
  const dataDir = resolve(config.dataDir);
  await ensureWritable(dataDir);
  const clock = systemClock;
  const logger = createLogger({ level: config.logLevel });
  const metrics = createMetrics();
  const health = createHealth(clock);
  const store = await openStore(
    config.mongodbUrl === undefined
      ? { kind: 'embedded', dataDir }
      : {
          ...{ kind: 'mongodb', url: config.mongodbUrl },
          hold: { clock, random: systemRandom, onLost: onHoldLost },
        },
  );
  const faults = {
    clock,
    onFailure: (failure: object) =>
      logger.warn(failure as Record<string, unknown>, 'a job failed and will be tried again'),
    onError: (error: unknown) => logger.error({ err: error }, 'the job engine failed'),
  };
  const jobs = openJobs(
    config.redisUrl === undefined
      ? { ...faults, kind: 'embedded', connection: store.connection, alone: store.kind === 'embedded' }
      : { ...faults, kind: 'redis', url: config.redisUrl },
  );
  health.register({
    name: 'store',
    check: async () => {
      const { ok, engine, detail } = await store.health();
      return {
        ok,
        detail: detail ?? engine,
        facts: [{ says: detail === undefined ? engine : 'storeFails' }],
      };
    },
  });
  health.register({
    name: 'jobs',
    check: async () => {
      const { ok, engine } = await jobs.health();
      return { ok, detail: engine, facts: [{ says: ok ? engine : 'stopped' }] };
    },
  });
  return {
    config,
    dataDir,
    clock,
    random: systemRandom,
    logger,
    metrics,
    health,
    store,
    jobs,
    secrets: createSecrets(loadSecretKey(dataDir, config.secretKey)),
    async stop() {
      await jobs.stop();
      await store.stop();
      metrics.stop();
    },
  };
}

/** PEM texts of TLS_CERT and TLS_KEY; a sentence when a file cannot be read. */
export async function readTls(config: Config): Promise<{ cert: string; key: string } | undefined> {
  const { tls } = config.http;
  if (tls === undefined) return undefined;
  try {
    return { cert: await readFile(tls.cert, 'utf8'), key: await readFile(tls.key, 'utf8') };
  } catch (error) {
    throw new AppError(
      'tls.unreadable',
      500,
      `TLS_CERT or TLS_KEY cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
