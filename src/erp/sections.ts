import type { SectionName } from '../contracts/context.ts';
import type { Clock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import { createBreaker } from './breaker.ts';
import type { ErpConnector, ErpSection, ErpSections, LookupKey } from './connector.ts';

/** How long an answer counts as fresh, in milliseconds (erp.md: customer 60 s, invoices 30 s). */
const FRESH_MS: Readonly<Record<SectionName, number>> = {
  customer: 60_000,
  contracts: 60_000,
  invoices: 30_000,
  connection: 15_000,
  tickets: 60_000,
  outage: 30_000,
};
/** Answers older than this are not shown any more, not even as stale (no mirror of the ERP). */
const KEEP_MS = 60 * 60_000;
const MAX_ENTRIES = 20_000;
/** A failure is shown until the next try ends, for at most this long, ms. */
const FAILURE_MS = 30_000;

export interface SectionState<S extends ErpSection = ErpSection> {
  readonly state: 'loading' | 'ok' | 'stale' | 'failed';
  /** Milliseconds since the epoch at which the ERP gave `data`. */
  readonly fetchedAt?: number;
  readonly error?: { readonly code: string; readonly message: string };
  readonly data?: ErpSections[S];
}

type Failure = NonNullable<SectionState['error']>;

interface Entry {
  data: unknown;
  fetchedAt: number;
}

/**
 * Sections of one ERP with a short cache, one request in flight per section and customer, and a breaker per
 * section, so that one broken table does not take the others along.
 */
export function createSections(connector: ErpConnector, clock: Clock) {
  const cache = new Map<string, Entry>();
  const failures = new Map<string, { readonly error: Failure; readonly at: number }>();
  const inFlight = new Map<string, Promise<SectionState>>();
  const breakers = new Map<ErpSection, ReturnType<typeof createBreaker>>();
  const stopping = new AbortController();

  const keep = (key: string, data: unknown): number => {
    const fetchedAt = clock.now();
    cache.delete(key);
    cache.set(key, { data, fetchedAt });
    failures.delete(key);
    const oldest = cache.size > MAX_ENTRIES ? cache.keys().next().value : undefined;
    if (oldest !== undefined) cache.delete(oldest);
    return fetchedAt;
  };
  const recall = (key: string): Entry | undefined => {
    const entry = cache.get(key);
    return entry !== undefined && clock.now() - entry.fetchedAt <= KEEP_MS ? entry : undefined;
  };
  const breakerOf = (name: ErpSection) => {
    const known = breakers.get(name);
    if (known !== undefined) return known;
    const fresh = createBreaker(clock, { failures: 3, openMs: 5_000 });
    breakers.set(name, fresh);
    return fresh;
  };

  async function fetchSection<S extends ErpSection>(
    name: S,
    externalId: string,
    key: string,
  ): Promise<SectionState<S>> {
    try {
      const data = await breakerOf(name).run(() => connector.section(name, externalId, stopping.signal));
      return { state: 'ok', data, fetchedAt: keep(key, data) };
    } catch (error) {
      const failure =
        error instanceof AppError
          ? { code: error.code, message: error.message }
          : { code: 'erp.failed', message: 'the ERP failed' };
      failures.set(key, { error: failure, at: clock.steady() });
      if (failures.size > MAX_ENTRIES) failures.clear();
      const old = recall(key);
      if (old === undefined) return { state: 'failed', error: failure };
      return { state: 'stale', data: old.data as ErpSections[S], fetchedAt: old.fetchedAt, error: failure };
    }
  }

  return {
    /** What is known this instant, without asking: ok (fresh), stale (old, being asked again) or loading. */
    peek<S extends ErpSection>(name: S, externalId: string): SectionState<S> {
      const key = `${externalId}/${name}`;
      const entry = recall(key);
      const failed = failures.get(key);
      const error =
        failed !== undefined && clock.steady() - failed.at <= FAILURE_MS ? failed.error : undefined;
      if (entry === undefined)
        return error === undefined || inFlight.has(key) ? { state: 'loading' } : { state: 'failed', error };
      const fresh = error === undefined && clock.now() - entry.fetchedAt <= FRESH_MS[name];
      return {
        state: fresh ? 'ok' : 'stale',
        data: entry.data as ErpSections[S],
        fetchedAt: entry.fetchedAt,
        ...(error === undefined ? {} : { error }),
      };
    },
    /** Asks the ERP unless the cache is fresh; never rejects. */
    async load<S extends ErpSection>(name: S, externalId: string): Promise<SectionState<S>> {
      const key = `${externalId}/${name}`;
      const known = this.peek(name, externalId);
      if (known.state === 'ok') return known;
      const running = inFlight.get(key);
      if (running !== undefined) return running as Promise<SectionState<S>>;
      const promise = fetchSection(name, externalId, key).finally(() => inFlight.delete(key));
      inFlight.set(key, promise);
      return promise;
    },
    find: (by: LookupKey, value: string) => connector.find(by, value, stopping.signal),
    /** Gives up what is under way. */
    stop: () => stopping.abort(),
  };
}
export type Sections = ReturnType<typeof createSections>;
