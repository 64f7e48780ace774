import { createAgentStore, type Agent } from '../../src/agents/index.ts';
import { createInteractionStore, type JournalEntry } from '../../src/interactions/index.ts';
import type { Store } from '../../src/platform/store/index.ts';
import { createProtocolStore, type Protocol } from '../../src/protocols/index.ts';
import { createQueueStore, type QueueConfig } from '../../src/queue/index.ts';
import type { AgentId, CompanyId, InteractionId } from '../../src/shared/ids.ts';
import type { CoreStores } from './core-rig.ts';
import { newDisk, type Disk, type Gate } from './memory-disk.ts';
import { memoryStores } from './memory-stores.ts';

/** Where a simulated company keeps its data, and what the checks see of it. */
export interface Ground {
  readonly disk: Disk;
  /** Operations take effect in the order in which they were asked for. */
  readonly inOrder: boolean;
  /** As many operations as this may be on their way at the same moment. */
  readonly atOnce: number;
  /** The stores of one process; every operation passes its gate. */
  stores(gate: Gate): CoreStores;
  seed(queue: QueueConfig): Promise<void>;
  /** Brings `disk` up to date in what single operations do not: journal and protocols. */
  refresh(): Promise<void>;
}

/** Maps in memory: any order, or the order of the embedded store. */
export function memoryGround(inOrder: boolean): Ground {
  const disk = newDisk();
  return {
    disk,
    inOrder,
    atOnce: 1,
    stores: (gate) => memoryStores(disk, gate, inOrder),
    seed: (queue) => Promise.resolve(void disk.queues.set(`${queue.companyId}:${queue.key}`, queue)),
    refresh: () => Promise.resolve(),
  };
}

/**
 * The product's own stores on the embedded engine. `disk` is read back from it after each write, so that the checks see what
 * a reader of the store would see; several operations share a group commit, and reads may overtake writes.
 */
export function embeddedGround(store: Store, companyId: CompanyId): Ground {
  const disk = newDisk();
  const { connection } = store;
  const real: CoreStores = {
    interactions: createInteractionStore(connection, { inOrder: true }),
    agents: createAgentStore(connection, { inOrder: true }),
    protocols: createProtocolStore(connection),
    queues: createQueueStore(connection),
  };
  const readAgent = async (id: AgentId): Promise<void> => {
    const agent = await real.agents.load(companyId, id);
    if (agent !== null) disk.agents.set(id, agent);
  };
  const readContact = async (id: InteractionId): Promise<void> => {
    const stored = await real.interactions.load(companyId, id);
    if (stored !== null) disk.interactions.set(id, stored);
  };
  const { agents, interactions } = real;
  return {
    disk,
    inOrder: true,
    atOnce: 4,
    stores: (gate) => ({
      protocols: gated(real.protocols, gate),
      queues: gated(real.queues, gate),
      agents: {
        ...gated(agents, gate),
        insert: (agent) => gate(() => after(agents.insert(agent), () => readAgent(agent.id))),
        replace: (from, next) => gate(() => after(agents.replace(from, next), () => readAgent(next.id))),
      },
      interactions: {
        ...gated(interactions, gate),
        insert: (stored) =>
          gate(() => after(interactions.insert(stored), () => readContact(stored.interaction.id))),
        replace: (from, next, entry) =>
          gate(() => after(interactions.replace(from, next, entry), () => readContact(next.id))),
        settle: (id, version, outbox) =>
          gate(() => after(interactions.settle(id, version, outbox), () => readContact(id))),
      },
    }),
    async seed(queue) {
      await real.queues.insert(queue);
    },
    async refresh() {
      const all = <D>(name: string): Promise<D[]> =>
        connection.collection(name).find({ companyId }).toArray() as unknown as Promise<D[]>;
      for (const line of await all<JournalEntry & { _id: string }>('journal'))
        disk.journal.set(line._id, line);
      for (const protocol of await all<Protocol>('protocols'))
        disk.protocols.set(`${companyId}:${protocol.number}`, protocol);
      for (const agent of await all<Agent & { _id: AgentId }>('agents')) await readAgent(agent._id);
    },
  };
}

async function after<T>(operation: Promise<T>, then: () => Promise<void>): Promise<T> {
  const answer = await operation;
  await then();
  return answer;
}

/** Each function of a store behind the gate. */
function gated<S extends object>(store: S, gate: Gate): S {
  const behind = (member: unknown): unknown =>
    typeof member === 'function'
      ? (...args: unknown[]) => gate(() => Reflect.apply(member, store, args) as unknown)
      : member;
  return Object.fromEntries(Object.entries(store).map(([name, member]) => [name, behind(member)])) as S;
}
