import { openJobs } from '../../src/platform/jobs/index.ts';
import { openStore } from '../../src/platform/store/index.ts';
import { systemClock } from '../../src/shared/clock.ts';

/** Takes one job, says so and never finishes it: the parent kills this process in the middle. */
const [kind, where] = process.argv.slice(2) as ['embedded' | 'redis', string];
const jobs =
  kind === 'redis'
    ? openJobs({ kind, url: where, lockMs: 1000, clock: systemClock })
    : openJobs({
        kind,
        connection: (await openStore({ kind: 'embedded', dataDir: where })).connection,
        alone: true,
        clock: systemClock,
      });
jobs.define('fragile', () => {
  process.send?.('running');
  return new Promise(() => undefined);
});
await jobs.start();
await jobs.add('fragile', { n: 1 }, { key: 'k' });
