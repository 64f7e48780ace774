import type { Agent, AgentStore } from '../../src/agents/index.ts';
import type { CoreStores } from './core-rig.ts';
import type {
  Interaction,
  InteractionStore,
  JournalEntry,
  ListFilter,
  Message,
  StoredInteraction,
} from '../../src/interactions/index.ts';
import type { Protocol, ProtocolStore } from '../../src/protocols/index.ts';
import type { QueueConfig, QueueStore } from '../../src/queue/index.ts';

/** What survives a crash. */
export interface Disk {
  readonly interactions: Map<string, StoredInteraction>;
  readonly journal: Map<string, JournalEntry>;
  readonly messages: Map<string, Message>;
  readonly agents: Map<string, Agent>;
  readonly protocols: Map<string, Protocol>;
  readonly gaps: Set<string>;
  readonly counters: Map<string, { companyId: string; month: string; kind: string; used: number }>;
  readonly queues: Map<string, QueueConfig>;
}

export const newDisk = (): Disk => ({
  interactions: new Map(),
  journal: new Map(),
  messages: new Map(),
  agents: new Map(),
  protocols: new Map(),
  gaps: new Set(),
  counters: new Map(),
  queues: new Map(),
});

/** Runs one store operation; the simulation decides when, and whether its answer still finds anybody. */
export type Gate = <T>(operation: () => T | Promise<T>) => Promise<T>;

export const openGate: Gate = (operation) => Promise.resolve().then(operation);

const ENDED = new Set(['closed', 'abandoned', 'missed']);
const openThread = ({ thread, state }: Interaction): string | null => (ENDED.has(state.name) ? null : thread);

function matches(interaction: Interaction, companyId: string, filter: ListFilter): boolean {
  if (interaction.companyId !== companyId) return false;
  if (filter.states !== undefined && !filter.states.includes(interaction.state.name)) return false;
  if (filter.channel !== undefined && interaction.channel !== filter.channel) return false;
  if (filter.queue !== undefined && interaction.queue !== filter.queue) return false;
  if (filter.customerId !== undefined && interaction.customer?.id !== filter.customerId) return false;
  if (filter.protocol !== undefined && interaction.protocol !== filter.protocol) return false;
  const { visibleTo } = filter;
  return (
    visibleTo === undefined ||
    interaction.agent?.id === visibleTo.agentId ||
    (interaction.queue !== null && visibleTo.queues.includes(interaction.queue))
  );
}

function interactionStore(disk: Disk, gate: Gate, inOrder: boolean): InteractionStore {
  const all = (): Interaction[] => [...disk.interactions.values()].map((stored) => stored.interaction);
  const newest = (test: (interaction: Interaction) => boolean): Interaction | null =>
    all()
      .filter(test)
      .sort((a, b) => (a.id < b.id ? 1 : -1))[0] ?? null;
  return {
    inOrder,
    insert: (stored) =>
      gate(() => {
        const { interaction } = stored;
        const thread = openThread(interaction);
        for (const other of disk.interactions.values()) {
          if (other.interaction.companyId !== interaction.companyId) continue;
          if (other.idempotencyKey === stored.idempotencyKey) return 'duplicate';
          if (thread !== null && openThread(other.interaction) === thread) return 'duplicate';
        }
        disk.interactions.set(interaction.id, stored);
        return 'inserted';
      }),
    load: (companyId, id) =>
      gate(() => {
        const stored = disk.interactions.get(id);
        return stored?.interaction.companyId === companyId ? stored : null;
      }),
    byKey: (companyId, key) =>
      gate(() => {
        for (const stored of disk.interactions.values())
          if (stored.idempotencyKey === key && stored.interaction.companyId === companyId)
            return stored.interaction;
        return null;
      }),
    byOpenThread: (companyId, thread) =>
      gate(() => newest((i) => i.companyId === companyId && openThread(i) === thread)),
    lastOfThread: (companyId, thread) =>
      gate(() => newest((i) => i.companyId === companyId && i.thread === thread)),
    lastServed: (companyId, address) =>
      gate(() =>
        all()
          .filter((i) => i.companyId === companyId && i.contact.address === address)
          .reduce<Interaction | null>((last, i) => (servedAt(i) > servedAt(last) ? i : last), null),
      ),
    byProtocol: (companyId, protocol) =>
      gate(() => all().filter((i) => i.companyId === companyId && i.protocol === protocol)),
    replace: (fromVersion, next, entry) =>
      gate(() => {
        const stored = disk.interactions.get(next.id);
        if (stored?.interaction.version !== fromVersion) return false;
        disk.interactions.set(next.id, {
          ...stored,
          interaction: next,
          outbox: [...stored.outbox, entry],
        });
        return true;
      }),
    settle: (id, version, outbox) =>
      gate(() => {
        const stored = disk.interactions.get(id);
        if (stored?.interaction.version !== version) return false;
        disk.interactions.set(id, { ...stored, outbox });
        return true;
      }),
    unsettled: () =>
      gate(() =>
        [...disk.interactions.values()]
          .filter((stored) => stored.outbox.length > 0)
          .map((stored) => stored.interaction),
      ),
    inStates: (states, channel) =>
      gate(() =>
        all().filter(
          (i) => states.includes(i.state.name) && (channel === undefined || i.channel === channel),
        ),
      ),
    staysSince: (companyId, from, { limit, after }) =>
      gate(() => {
        const keyOf = ({ id, segments }: Interaction): string =>
          `${segments.at(-1)?.queuedAt.toISOString() ?? ''} ${id}`;
        const past =
          after === undefined ? from.toISOString() : `${after.lastQueuedAt.toISOString()} ${after.id}`;
        return all()
          .filter((i) => i.companyId === companyId && keyOf(i) > past)
          .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
          .slice(0, limit);
      }),
    list: (companyId, filter, page) =>
      gate(() =>
        all()
          .filter((i) => matches(i, companyId, filter))
          .filter(
            (i) =>
              page.after === undefined || (page.order === 'newest' ? i.id < page.after : i.id > page.after),
          )
          .sort((a, b) => (a.id < b.id === (page.order === 'newest') ? 1 : -1))
          .slice(0, page.limit),
      ),
    insertJournal: (entries) =>
      gate(() => {
        for (const entry of entries) if (!disk.journal.has(entry.id)) disk.journal.set(entry.id, entry);
      }),
    journal: (companyId, ids) =>
      gate(() =>
        [...disk.journal.values()].filter(
          (entry) => entry.companyId === companyId && ids.includes(entry.interactionId),
        ),
      ),
    insertMessage: (message) =>
      gate(() => {
        for (const other of disk.messages.values())
          if (other.companyId === message.companyId && other.idempotencyKey === message.idempotencyKey)
            return 'duplicate';
        disk.messages.set(message.id, message);
        return 'inserted';
      }),
    messages: (companyId, filter, page = {}) =>
      gate(() => {
        const found = [...disk.messages.values()].filter(
          (message) =>
            message.companyId === companyId &&
            (filter.id === undefined || message.id === filter.id) &&
            (filter.externalId === undefined || message.externalId === filter.externalId) &&
            (filter.idempotencyKey === undefined || message.idempotencyKey === filter.idempotencyKey) &&
            (filter.interactionIds === undefined || filter.interactionIds.includes(message.interactionId)) &&
            (filter.direction === undefined || message.direction === filter.direction) &&
            (filter.until === undefined || message.at <= filter.until),
        );
        const ordered = page.order === 'newest' ? found.toReversed() : found;
        return page.limit === undefined ? ordered : ordered.slice(0, page.limit);
      }),
    updateMessage: (companyId, id, from, patch, reach) =>
      gate(() => {
        const message = disk.messages.get(id);
        if (message?.companyId !== companyId || !from.includes(message.status)) return null;
        const next: Message = { ...message, ...patch, undelivered: reach !== undefined };
        disk.messages.set(id, next);
        return next;
      }),
    // Who sees which is asked of the true stores.
    undelivered: (companyId, { limit }) =>
      gate(() =>
        [...disk.messages.values()]
          .filter((one) => one.companyId === companyId && one.undelivered === true)
          .toReversed()
          .slice(0, limit),
      ),
    acknowledge: (companyId, id) =>
      gate(() => {
        const message = disk.messages.get(id);
        if (message?.companyId !== companyId || message.undelivered !== true) return null;
        const next: Message = { ...message, undelivered: false };
        disk.messages.set(id, next);
        return next;
      }),
    unsentMessages: () =>
      gate(() => [...disk.messages.values()].filter((message) => message.status === 'queued')),
  };
}

function agentStore(disk: Disk, gate: Gate, inOrder: boolean): AgentStore {
  return {
    inOrder,
    load: (companyId, id) =>
      gate(() => {
        const agent = disk.agents.get(id);
        return agent?.companyId === companyId ? agent : null;
      }),
    insert: (agent) =>
      gate(() => {
        if (disk.agents.has(agent.id)) return 'duplicate';
        disk.agents.set(agent.id, agent);
        return 'inserted';
      }),
    replace: (fromVersion, next) =>
      gate(() => {
        if (disk.agents.get(next.id)?.version !== fromVersion) return false;
        disk.agents.set(next.id, next);
        return true;
      }),
    all: () => gate(() => [...disk.agents.values()]),
  };
}

function protocolStore(disk: Disk, gate: Gate): ProtocolStore {
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

function queueStore(disk: Disk, gate: Gate): QueueStore {
  const key = (queue: QueueConfig): string => `${queue.companyId}:${queue.key}`;
  return {
    all: () => gate(() => [...disk.queues.values()]),
    insert: (queue) =>
      gate(() => {
        if (disk.queues.has(key(queue))) return 'duplicate';
        disk.queues.set(key(queue), queue);
        return 'inserted';
      }),
    replace: (fromVersion, next) =>
      gate(() => {
        if (disk.queues.get(key(next))?.version !== fromVersion) return false;
        disk.queues.set(key(next), next);
        return true;
      }),
  };
}

/** The stores of the core over one disk; the same ports that Mongoose implements. */
export const memoryStores = (disk: Disk, gate: Gate = openGate, inOrder = false): CoreStores => ({
  interactions: interactionStore(disk, gate, inOrder),
  agents: agentStore(disk, gate, inOrder),
  protocols: protocolStore(disk, gate),
  queues: queueStore(disk, gate),
});

const servedAt = (interaction: Interaction | null): number =>
  interaction?.timestamps.acceptedAt?.getTime() ?? 0;
