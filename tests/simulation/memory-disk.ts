import type { Agent } from '../../src/agents/index.ts';
import type { JournalEntry, Message, StoredInteraction } from '../../src/interactions/index.ts';
import type { Protocol } from '../../src/protocols/index.ts';
import type { QueueConfig } from '../../src/queue/index.ts';

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
