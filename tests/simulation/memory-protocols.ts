import type { Protocol, ProtocolStore } from '../../src/protocols/index.ts';
import type { Disk, Gate } from './memory-disk.ts';

export function protocolStore(disk: Disk, gate: Gate): ProtocolStore {
  const key = (companyId: string, number: string): string => `${companyId}:${number}`;
  return {
    take: ({ id, companyId, month, kind }, count) =>
      gate(() => {
        const counter = disk.counters.get(id) ?? { companyId, month, kind, used: 0 };
        disk.counters.set(id, { ...counter, used: counter.used + count });
        return counter.used;
      }),
    counters: () =>
      gate(() =>
        [...disk.counters].map(([id, counter]) => ({
          ...counter,
          id,
          companyId: counter.companyId as Protocol['companyId'],
          kind: counter.kind as Protocol['kind'],
        })),
      ),
    insert: (protocol) =>
      gate(() => {
        const id = key(protocol.companyId, protocol.number);
        if (disk.protocols.has(id) || disk.gaps.has(id)) return 'duplicate';
        for (const other of disk.protocols.values())
          if (other.companyId === protocol.companyId && other.openKey === protocol.openKey)
            return 'duplicate';
        disk.protocols.set(id, protocol);
        return 'inserted';
      }),
    insertGap: ({ companyId, number }) =>
      gate(() => {
        if (!disk.protocols.has(key(companyId, number))) disk.gaps.add(key(companyId, number));
      }),
    numbersBetween: (companyId, from, to) =>
      gate(() =>
        [...disk.protocols.keys(), ...disk.gaps]
          .filter((id) => id.startsWith(`${companyId}:`))
          .map((id) => id.slice(companyId.length + 1))
          .filter((number) => number >= from && number <= to),
      ),
    load: (companyId, number) => gate(() => disk.protocols.get(key(companyId, number)) ?? null),
    byOpenKey: (companyId, openKey) =>
      gate(
        () =>
          [...disk.protocols.values()].find((p) => p.companyId === companyId && p.openKey === openKey) ??
          null,
      ),
    openOf: (companyId, customerId, since) =>
      gate(() =>
        [...disk.protocols.values()].filter(
          (p) =>
            p.companyId === companyId &&
            p.customer?.id === customerId &&
            p.status === 'open' &&
            p.lastTouchedAt >= since,
        ),
      ),
    stand: () => gate(() => undefined),
    replace: (fromVersion, next) =>
      gate(() => {
        const id = key(next.companyId, next.number);
        if (disk.protocols.get(id)?.version !== fromVersion) return false;
        disk.protocols.set(id, next);
        return true;
      }),
    search: (companyId, filter, page) =>
      gate(() =>
        [...disk.protocols.values()]
          .filter(
            (p) =>
              p.companyId === companyId &&
              (filter.number === undefined || p.number === filter.number) &&
              (filter.document === undefined || p.document === filter.document) &&
              (filter.phone === undefined || p.phones.includes(filter.phone)) &&
              (filter.status === undefined || p.status === filter.status) &&
              (filter.customerId === undefined || p.customer?.id === filter.customerId) &&
              (page.before === undefined || p.number < page.before),
          )
          .sort((a, b) => (a.number < b.number ? 1 : -1))
          .slice(0, page.limit),
      ),
  };
}
