import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** They drive browsers, phones and whole products, or measure sound: each wants the machine to itself. */
const ALONE = [
  'tests/e2e/**/*.test.ts',
  'tests/sip/**/*.test.ts',
  'tests/contract/{media,sip-edge}*.test.ts',
];

const BUNDLED = join(import.meta.dirname, 'tests/support/bundled-worker.ts');
/** Threads and processes of the product start from made JavaScript, as they do in the build. */
const bundledWorkers = {
  name: 'bundled-workers',
  enforce: 'pre' as const,
  resolveId: (source: string) => (source.endsWith('/worker.ts') ? BUNDLED : undefined),
};

export default defineConfig({
  plugins: [bundledWorkers],
  test: {
    pool: 'forks',
    reporters: ['default', './tests/support/skipped-reporter.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // What a poll waits for comes later on a busy machine; one second is no rule of the product.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'rules',
          include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'softphone/src/**/*.test.ts'],
          exclude: ALONE,
          // They wait for timers and for the disk more than they work.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'programs', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
