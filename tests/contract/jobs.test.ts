import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Jobs, openJobs } from '../../src/platform/jobs/index.ts';
import { openStore, type Store } from '../../src/platform/store/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { programs } from '../support/programs.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';

/** A handler whose runs the test waits for, one by one. */
function recorder() {
  const runs: { payload: unknown; attempt: number; key: string }[] = [];
  let wake: () => void = () => undefined;
  return {
    runs,
    handler(payload: unknown, meta: { attempt: number; key: string }): Promise<void> {
      runs.push({ payload, ...meta });
      wake();
      return Promise.resolve();
    },
    async seen(count: number): Promise<void> {
      while (runs.length < count)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    },
  };
}

interface Engine {
  readonly name: 'embedded' | 'redis';
  readonly missing: boolean;
  setUp(): Promise<void>;
  tearDown(): Promise<void>;
  /** A process's jobs; called again after stop() it is the same process started anew. */
  open(): Promise<Jobs>;
  close(jobs: Jobs): Promise<void>;
  /** What a child process needs to share these jobs. */
  where(): string;
}

function embedded(): Engine {
  let dir = '';
  const stores = new Map<Jobs, Store>();
  return {
    name: 'embedded',
    missing: false,
    async setUp() {
      dir = await mkdtemp(join(tmpdir(), 'ramal-jobs-'));
    },
    tearDown: () => rm(dir, { recursive: true, force: true }),
    async open() {
      const store = await openStore({ kind: 'embedded', dataDir: dir });
      const jobs = openJobs({
        kind: 'embedded',
        connection: store.connection,
        alone: true,
        clock: systemClock,
      });
      stores.set(jobs, store);
      return jobs;
    },
    async close(jobs) {
      await jobs.stop();
      await stores.get(jobs)?.stop();
    },
    where: () => dir,
  };
}

function redis(): Engine {
  let server: RedisServer;
  return {
    name: 'redis',
    missing: programs.redis === undefined,
    async setUp() {
      server = await startRedis(programs.redis!);
    },
    tearDown: () => server.stop(),
    open: () =>
      Promise.resolve(openJobs({ kind: 'redis', url: server.url, lockMs: 1000, clock: systemClock })),
    close: (jobs) => jobs.stop(),
    where: () => server.url,
  };
}

for (const make of [embedded, redis]) {
  const engine = make();
  describe.skipIf(engine.missing)(
    `jobs on ${engine.name}${engine.missing ? ' (needs redis-server)' : ''}`,
    () => {
      const opened: Jobs[] = [];
      const open = async (): Promise<Jobs> => {
        const jobs = await engine.open();
        opened.push(jobs);
        return jobs;
      };
      beforeAll(() => engine.setUp());
      afterEach(async () => {
        for (const jobs of opened.splice(0)) await engine.close(jobs);
      });
      afterAll(() => engine.tearDown());

      it('runs a job with its payload, key and attempt', async () => {
        const jobs = await open();
        const seen = recorder();
        jobs.define('plain', (p, m) => seen.handler(p, m));
        await jobs.start();
        await jobs.add('plain', { a: [1, null, 'ç'] }, { key: 'p:1/ã' });
        await seen.seen(1);
        expect(seen.runs).toEqual([{ payload: { a: [1, null, 'ç'] }, attempt: 1, key: 'p:1/ã' }]);
      });

      it('runs one key once, while it waits and after it ended', async () => {
        const jobs = await open();
        const seen = recorder();
        jobs.define('unique', (p, m) => seen.handler(p, m));
        await jobs.start();
        await Promise.all(
          Array.from({ length: 16 }, (_, i) => jobs.add('unique', i, { key: 'same', delayMs: 20 })),
        );
        await seen.seen(1);
        await jobs.add('unique', 'again', { key: 'same' });
        await jobs.add('unique', 'end', { key: 'other' });
        await seen.seen(2);
        expect(seen.runs.map((run) => run.key)).toEqual(['same', 'other']);
      });

      it('keeps to the delay, earliest first', async () => {
        const jobs = await open();
        const seen = recorder();
        jobs.define('delayed', (p, m) => seen.handler(p, m), { concurrency: 1 });
        await jobs.start();
        const from = Date.now();
        await jobs.add('delayed', 'late', { key: 'b', delayMs: 300 });
        await jobs.add('delayed', 'soon', { key: 'a', delayMs: 100 });
        await seen.seen(2);
        expect(seen.runs.map((run) => run.payload)).toEqual(['soon', 'late']);
        expect(Date.now() - from).toBeGreaterThanOrEqual(295);
      });

      it('tries again with a growing pause until the attempts are spent', async () => {
        const jobs = await open();
        const seen = recorder();
        const at: number[] = [];
        jobs.define('failing', async (p, m) => {
          at.push(Date.now());
          await seen.handler(p, m);
          throw new Error('no');
        });
        const after = recorder();
        jobs.define('after', (p, m) => after.handler(p, m));
        await jobs.start();
        await jobs.add('failing', 1, { key: 'f', attempts: 3, backoffMs: 50 });
        await seen.seen(3);
        await jobs.add('after', 1, { key: 'x', delayMs: 300 });
        await after.seen(1);
        expect(seen.runs.map((run) => run.attempt)).toEqual([1, 2, 3]);
        expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(45);
        expect(at[2]! - at[1]!).toBeGreaterThanOrEqual(140);
      });

      it('cancels a job that waits, not one that runs', async () => {
        const jobs = await open();
        const seen = recorder();
        let release: () => void = () => undefined;
        jobs.define('cancelled', async (p, m) => {
          await seen.handler(p, m);
          await new Promise<void>((resolve) => {
            release = resolve;
          });
        });
        await jobs.start();
        await jobs.add('cancelled', 1, { key: 'waits', delayMs: 60_000 });
        await jobs.add('cancelled', 1, { key: 'runs' });
        await seen.seen(1);
        expect(await jobs.cancel('cancelled', 'waits')).toBe(true);
        expect(await jobs.cancel('cancelled', 'waits')).toBe(false);
        expect(await jobs.cancel('cancelled', 'runs')).toBe(false);
        expect(await jobs.cancel('cancelled', 'never was')).toBe(false);
        release();
      });

      it('repeats by interval and by cron, and stops when unscheduled', async () => {
        const jobs = await open();
        const often = recorder();
        const cron = recorder();
        jobs.define('often', (p, m) => often.handler(p, m));
        jobs.define('cron', (p, m) => cron.handler(p, m));
        await jobs.start();
        await jobs.every('often', { everyMs: 100 }, { payload: { report: 1 } });
        await jobs.every('cron', { cron: '* * * * * *', timeZone: 'America/Sao_Paulo' });
        await often.seen(3);
        await cron.seen(2);
        jobs.unschedule('often');
        expect(often.runs[0]?.payload).toEqual({ report: 1 });
        expect(new Set(often.runs.map((run) => run.key)).size).toBe(often.runs.length);
        await expect(jobs.every('cron', { cron: 'nonsense', timeZone: 'UTC' })).rejects.toMatchObject({
          code: 'jobs.badSchedule',
        });
      });

      it('keeps what waits over a restart', async () => {
        const first = await open();
        first.define('restart', () => Promise.resolve());
        await first.start();
        await first.add('restart', 'kept', { key: 'r', delayMs: 400 });
        await engine.close(first);
        const second = await open();
        const seen = recorder();
        second.define('restart', (p, m) => seen.handler(p, m));
        await second.start();
        await seen.seen(1);
        expect(seen.runs[0]?.payload).toBe('kept');
      });

      it('leaves nothing unhandled when it stops right after a start', async () => {
        const unhandled: unknown[] = [];
        const collect = (error: unknown): void => void unhandled.push(error);
        process.on('unhandledRejection', collect);
        try {
          // Bull opens its connections when it likes; a store that opens is the same work each time.
          const rounds = engine.name === 'redis' ? 8 : 2;
          for (let round = 0; round < rounds; round++) {
            const jobs = await open();
            for (const name of ['one', 'two', 'three']) jobs.define(name, () => Promise.resolve());
            await jobs.start();
            await engine.close(jobs);
          }
        } finally {
          process.off('unhandledRejection', collect);
        }
        expect(unhandled).toEqual([]);
      });

      it('runs again what a killed process had begun', async () => {
        const file = fileURLToPath(new URL('../support/jobs-child.ts', import.meta.url));
        const child = fork(file, [engine.name, engine.where()], { execArgv: ['--import', 'tsx'] });
        await once(child, 'message');
        child.kill('SIGKILL');
        await once(child, 'exit');
        const jobs = await open();
        const seen = recorder();
        jobs.define('fragile', (p, m) => seen.handler(p, m));
        await jobs.start();
        await seen.seen(1);
        expect(seen.runs[0]).toMatchObject({ payload: { n: 1 }, key: 'k' });
      });

      it('refuses unknown names and late definitions, and stops twice', async () => {
        const jobs = await open();
        jobs.define('known', () => Promise.resolve());
        await jobs.start();
        await expect(jobs.add('unknown', 1, { key: 'k' })).rejects.toMatchObject({ code: 'jobs.unknown' });
        expect(() => jobs.define('late', () => Promise.resolve())).toThrow('defined after the start');
        expect(await jobs.health()).toEqual({ ok: true, engine: engine.name });
        await jobs.stop();
        await jobs.stop();
      });
    },
  );
}
