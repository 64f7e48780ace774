import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/**
 * Prometheus figures of this process, in a registry of its own. Labels are small fixed sets (queue keys, route
 * patterns, statuses), never personal data and never ids that grow without end.
 */
export interface Metrics {
  counter<L extends string>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  /** `collect` is called at each scrape to set the value. */
  gauge<L extends string>(
    name: string,
    help: string,
    labels?: readonly L[],
    collect?: (gauge: Gauge<L>) => void | Promise<void>,
  ): Gauge<L>;
  /** Buckets in seconds, as Prometheus wants them. */
  histogram<L extends string>(
    name: string,
    help: string,
    labels?: readonly L[],
    bucketsSeconds?: readonly number[],
  ): Histogram<L>;
  /** Called once at each scrape, before any gauge is read: for gauges that are read off one thing. */
  onScrape(read: () => void | Promise<void>): void;
  /** Text exposition format. */
  text(): Promise<string>;
  readonly contentType: string;
  /** Forgets everything, ends collection. */
  stop(): void;
}

const LATENCY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** `defaults`: event loop lag, memory, CPU, garbage collection (default true). */
export function createMetrics(options: { readonly defaults?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.defaults ?? true) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const readers: (() => void | Promise<void>)[] = [];
  return {
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: [...labels], registers }),
    gauge: <L extends string>(
      name: string,
      help: string,
      labels: readonly L[] = [],
      collect?: (gauge: Gauge<L>) => void | Promise<void>,
    ) => {
      const gauge: Gauge<L> = new Gauge<L>({
        name,
        help,
        labelNames: [...labels],
        registers,
        ...(collect === undefined ? {} : { collect: () => collect(gauge) }),
      });
      return gauge;
    },
    histogram: (name, help, labels = [], bucketsSeconds = LATENCY_SECONDS) =>
      new Histogram({ name, help, labelNames: [...labels], buckets: [...bucketsSeconds], registers }),
    onScrape: (read) => void readers.push(read),
    async text() {
      for (const read of readers) await read();
      return registry.metrics();
    },
    contentType: registry.contentType,
    stop: () => {
      readers.length = 0;
      registry.clear();
    },
  };
}
