/**
 * Quantiles of what was measured, by the nearest rank: the least value that at least this share of all does not exceed; a share of 1 is the
 * largest. NaN when nothing was measured.
 */
export function quantilesOf(values: Iterable<number>): (share: number) => number {
  const sorted = Float64Array.from(values).sort();
  return (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
