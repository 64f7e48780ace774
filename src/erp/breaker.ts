import { AppError } from '../shared/errors.ts';
import type { Clock } from '../shared/clock.ts';

/**
 * Circuit breaker: after `failures` failures in a row every call fails at once with `erp.circuitOpen` for
 * `openMs` milliseconds; then one trial call decides whether it closes again.
 */
export function createBreaker(clock: Clock, options: { readonly failures: number; readonly openMs: number }) {
  let failed = 0;
  let openUntil = 0;
  let trial = false;
  return {
    async run<T>(fn: () => Promise<T>): Promise<T> {
      if (failed >= options.failures) {
        if (clock.steady() < openUntil || trial)
          throw new AppError(
            'erp.circuitOpen',
            503,
            'the ERP failed repeatedly; it is left alone for a moment',
          );
        trial = true;
      }
      try {
        const value = await fn();
        failed = 0;
        return value;
      } catch (error) {
        failed += 1;
        openUntil = clock.steady() + options.openMs;
        throw error;
      } finally {
        trial = false;
      }
    },
  };
}
