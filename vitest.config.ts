import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'softphone/src/**/*.test.ts'],
    pool: 'forks',
    reporters: ['default', './tests/support/skipped-reporter.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // What a poll waits for comes later on a busy machine; one second is no rule of the product.
    expect: { poll: { timeout: 10_000 } },
  },
});
