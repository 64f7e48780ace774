import type { Clock, Timer } from '../shared/clock.ts';
import type { Logger } from '../platform/log/index.ts';

/** Reads something of each company in the background and begins again after a failure, until it is done once. */
export interface Reading {
  begin(companyId: string): void;
  /** It was begun and is not done. */
  of(companyId: string): boolean;
  onDone(listener: (companyId: string) => void): void;
  /** Resolves when no read is under way. */
  idle(): Promise<void>;
  stop(): void;
}

interface ReadingDeps {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** `going`: false when nobody wants the rest any more. */
  readonly run: (companyId: string, going: () => boolean) => Promise<void>;
}

const AGAIN_MS = 5_000;

export function createReading({ clock, logger, run }: ReadingDeps): Reading {
  const listeners: ((companyId: string) => void)[] = [];
  const begun = new Set<string>();
  const runs = new Set<Promise<void>>();
  const timers = new Set<Timer>();
  let stopped = false;

  const attempt = async (companyId: string): Promise<void> => {
    try {
      await run(companyId, () => !stopped);
      if (stopped) return;
      begun.delete(companyId);
      for (const listener of listeners) listener(companyId);
    } catch (error) {
      if (stopped) return;
      logger.warn(
        { err: error, companyId },
        'the figures of today could not be read; they will be read again',
      );
      const timer = clock.after(AGAIN_MS, () => {
        timers.delete(timer);
        start(companyId);
      });
      timers.add(timer);
    }
  };
  const start = (companyId: string): void => {
    const running = attempt(companyId).finally(() => runs.delete(running));
    runs.add(running);
  };

  return {
    begin(companyId) {
      if (begun.has(companyId)) return;
      begun.add(companyId);
      start(companyId);
    },
    of: (companyId) => begun.has(companyId),
    onDone: (listener) => void listeners.push(listener),
    async idle() {
      while (runs.size > 0) await Promise.all(runs);
    },
    stop() {
      stopped = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
