import { systemClock, type Timer } from '../../shared/clock.ts';

/** Milliseconds of one packet. */
export const TICK_MS = 20;
/** Ticks that are made up for after a stall; the rest is let go, since a burst helps no jitter buffer. */
const CATCH_UP = 5;

/** One 20 ms beat for every source of sound, tied to the monotonic clock: lateness never accumulates. */
export function startTicker(beat: (nowMs: number) => void): { stop(): void } {
  let due = systemClock.steady() + TICK_MS;
  let timer: Timer;
  const arm = (): void => {
    timer = systemClock.after(due - systemClock.steady(), run);
  };
  const run = (): void => {
    const now = systemClock.steady();
    if (now - due > CATCH_UP * TICK_MS) due = now;
    while (due <= now) {
      beat(now);
      due += TICK_MS;
    }
    arm();
  };
  arm();
  return { stop: () => timer.cancel() };
}
