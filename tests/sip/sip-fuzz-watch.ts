import { appendFileSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** An input that takes longer is told, ms: a parse takes microseconds. */
const SLOW_MS = 100;
const TELL_EVERY_MS = 10_000;

/** Tells how far a long search is. The input at hand lies in a file before it is tried: whoever never comes back is found there. */
export function createFuzzWatch(path: string | undefined): {
  /** Before a case; what it answers, after it. */
  begin(what: string, input: string): () => void;
} {
  if (path === undefined) return { begin: () => () => undefined };
  const cases = new Map<string, { count: number; slowestMs: number }>();
  let toldAt = performance.now();
  return {
    begin(what, input) {
      writeFileSync(`${path}.at-hand`, input, 'latin1');
      const startedAt = performance.now();
      return () => {
        const tookMs = performance.now() - startedAt;
        const seen = cases.get(what) ?? { count: 0, slowestMs: 0 };
        cases.set(what, { count: seen.count + 1, slowestMs: Math.max(seen.slowestMs, tookMs) });
        if (tookMs > SLOW_MS) {
          const kept = `${path}.slow-${what}-${seen.count}`;
          writeFileSync(kept, input, 'latin1');
          appendFileSync(`${path}.log`, `${what}: ${tookMs.toFixed(0)} ms, ${input.length} long: ${kept}\n`);
        }
        if (performance.now() - toldAt < TELL_EVERY_MS) return;
        toldAt = performance.now();
        appendFileSync(`${path}.log`, `${JSON.stringify(Object.fromEntries(cases))}\n`);
      };
    },
  };
}
