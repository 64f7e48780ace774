/** Milliseconds of one packet. */
export const TICK_MS = 20;
/** Ticks that are made up for after a stall; the rest is let go, since a burst helps no jitter buffer. */
const CATCH_UP = 5;

/** One 20 ms beat for every source of sound, tied to the monotonic clock: lateness never accumulates. */
export function startTicker(beat: (nowMs: number) => void): { stop(): void } {
  let due = performance.now() + TICK_MS;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    timer = setTimeout(run, Math.max(0, due - performance.now()));
  };
  const run = (): void => {
    const now = performance.now();
    if (now - due > CATCH_UP * TICK_MS) due = now;
    while (due <= now) {
      beat(now);
      due += TICK_MS;
    }
    arm();
  };
  arm();
  return { stop: () => clearTimeout(timer) };
}
