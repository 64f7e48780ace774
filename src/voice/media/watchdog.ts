import { systemClock, type Timer } from '../../shared/clock.ts';

/** How often a living media process is asked for a sign of life. */
const ASK_EVERY_MS = 500;

/**
 * Calls `onHang` once when `ask` stays unanswered for about `limitMs`. Only turns of our own loop are counted, never the
 * clock: after a stall of ours the answers that arrived meanwhile are read before the next turn.
 */
export function startWatchdog(
  ask: () => Promise<unknown>,
  limitMs: number,
  onHang: () => void,
): { stop(): void } {
  const limit = Math.max(1, Math.round(limitMs / ASK_EVERY_MS));
  let waiting = false;
  let missed = 0;
  const answered = (): void => {
    waiting = false;
    missed = 0;
  };
  let timer: Timer;
  const arm = (): void => {
    timer = systemClock.after(ASK_EVERY_MS, turn);
  };
  const turn = (): void => {
    if (!waiting) {
      waiting = true;
      ask().then(answered, answered);
    } else if (++missed >= limit) {
      onHang();
      return;
    }
    arm();
  };
  arm();
  return { stop: () => timer.cancel() };
}
