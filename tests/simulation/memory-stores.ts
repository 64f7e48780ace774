import type { AgentStore } from '../../src/agents/index.ts';
import type { QueueConfig, QueueStore } from '../../src/queue/index.ts';
import type { CoreStores } from './core-rig.ts';
import { openGate, type Disk, type Gate } from './memory-disk.ts';
import { interactionStore } from './memory-interactions.ts';
import { protocolStore } from './memory-protocols.ts';

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
