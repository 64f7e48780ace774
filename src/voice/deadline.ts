import type { Clock } from '../shared/clock.ts';

/** Runs `work` with a signal that aborts after `ms` of the product's clock, or with `parent`; the timer ends with the work. */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  parent: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = clock.after(ms, () => late.abort());
  try {
    return await work(AbortSignal.any([parent, late.signal]));
  } finally {
    timer.cancel();
  }
}

/** The answer, or `otherwise` after `ms`. */
export async function within<T>(clock: Clock, ms: number, answer: Promise<T>, otherwise: T): Promise<T> {
  let late: (value: T) => void = () => undefined;
  const timer = clock.after(ms, () => late(otherwise));
  try {
    return await Promise.race([answer, new Promise<T>((resolve) => (late = resolve))]);
  } finally {
    timer.cancel();
  }
}

/** Resolves after `ms`, or at once when `over` aborts. */
export function pause(clock: Clock, ms: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      timer.cancel();
      over.removeEventListener('abort', finish);
      resolve();
    };
    const timer = clock.after(ms, finish);
    over.addEventListener('abort', finish);
    if (over.aborted) finish();
  });
}
