/** Smooths how long work of a queue takes: each new one counts a tenth, so that the last twenty or so decide. */
const SHARE = 0.1;

export const smoothed = (mean: number | undefined, sample: number): number =>
  mean === undefined ? sample : mean + SHARE * (sample - mean);

/** Before anything was handled today: three minutes, the usual length of a support call. */
export const UNKNOWN_HANDLE_MS = 180_000;

/**
 * Estimated wait in ms of who stands at `position` (0 is next). null: nobody is there to answer.
 * `servers` operators each finish one contact every `handleMs`, so the queue moves one place every `handleMs / servers`.
 */
export function estimatedWaitMs(
  position: number,
  servers: number,
  free: number,
  handleMs: number | undefined,
): number | null {
  if (servers === 0) return null;
  if (position < free) return 0;
  const ahead = position - free + 1;
  return Math.round((ahead * (handleMs ?? UNKNOWN_HANDLE_MS)) / servers);
}
