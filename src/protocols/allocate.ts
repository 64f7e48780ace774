import type { CompanyId, ProtocolNumber } from '../shared/ids.ts';
import type { Clock } from '../shared/clock.ts';
import { monthReader, numberOf, type ProtocolKind } from './domain/number.ts';
import type { ProtocolStore } from './store.ts';

interface Waiter {
  readonly resolve: (position: number) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Hands out numbers. One atomic increment serves all who wait at that moment, so that 10,000 openings at once cost a
 * few writes and still leave no hole; only a crash can, and that hole gets a record at the next start (ADR 0006).
 */
export function createAllocator(
  store: ProtocolStore,
  clock: Clock,
  timeZone: (companyId: CompanyId) => string,
): (companyId: CompanyId, kind: ProtocolKind) => Promise<ProtocolNumber> {
  const waiting = new Map<string, Waiter[]>();
  const months = new Map<string, (at: Date) => string>();
  const monthOf = (zone: string): string => {
    const read = months.get(zone) ?? monthReader(zone);
    months.set(zone, read);
    return read(new Date(clock.now()));
  };

  const serve = async (
    id: string,
    counter: { readonly companyId: CompanyId; readonly month: string; readonly kind: ProtocolKind },
  ): Promise<void> => {
    for (;;) {
      const batch = waiting.get(id) ?? [];
      if (batch.length === 0) {
        waiting.delete(id);
        return;
      }
      waiting.set(id, []);
      try {
        const first = await store.take({ id, ...counter }, batch.length);
        batch.forEach((waiter, i) => waiter.resolve(first + i));
      } catch (error) {
        for (const waiter of batch) waiter.reject(error);
      }
    }
  };

  return async (companyId, kind) => {
    const month = monthOf(timeZone(companyId));
    const id = `${companyId}:${month}:${kind}`;
    const position = await new Promise<number>((resolve, reject) => {
      const queue = waiting.get(id);
      if (queue !== undefined) {
        queue.push({ resolve, reject });
        return;
      }
      waiting.set(id, [{ resolve, reject }]);
      void serve(id, { companyId, month, kind });
    });
    return numberOf(month, kind, position);
  };
}

/** Numbers that were counted and have no record get one that says so. Safe to repeat. */
export async function recordGaps(store: ProtocolStore, at: Date): Promise<number> {
  let found = 0;
  for (const counter of await store.counters()) {
    if (counter.used === 0) continue;
    const { companyId, month, kind } = counter;
    const from = numberOf(month, kind, 0);
    const to = numberOf(month, kind, counter.used - 1);
    const known = new Set(await store.numbersBetween(companyId, from, to));
    if (known.size === counter.used) continue;
    for (let i = 0; i < counter.used; i++) {
      const number = numberOf(month, kind, i);
      if (known.has(number)) continue;
      await store.insertGap({ number, companyId, at, reason: 'counted, not used: the process ended' });
      found++;
    }
  }
  return found;
}
