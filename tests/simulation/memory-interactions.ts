import type { Interaction, InteractionStore, ListFilter, Message } from '../../src/interactions/index.ts';
import type { Disk, Gate } from './memory-disk.ts';

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

export function interactionStore(disk: Disk, gate: Gate, inOrder: boolean): InteractionStore {
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
    listUndelivered: (companyId, id) =>
      gate(() => {
        const message = disk.messages.get(id);
        if (message?.companyId !== companyId || message.status !== 'failed') return null;
        if (message.undelivered !== undefined) return null;
        const next: Message = { ...message, undelivered: true };
        disk.messages.set(id, next);
        return next;
      }),
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

const servedAt = (interaction: Interaction | null): number =>
  interaction?.timestamps.acceptedAt?.getTime() ?? 0;
