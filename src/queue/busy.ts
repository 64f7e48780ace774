import type { Agent } from '../agents/index.ts';

/**
 * Operators whose record is about to change in this process: by a hold that was just decided, or by anything else (a pause).
 * What is known of them is a moment old, so nothing new is decided for them until the change is known: a claim that the record then
 * refuses would come back late, and younger contacts would have passed it.
 */
export interface Busy {
  is(agentId: string): boolean;
  /** A hold under this token is on its way into the record. */
  holds(agentId: string, token: string): void;
  /** The record as it is known now: holds that stand in it have arrived. */
  see(agent: Agent): void;
  /** The claim is over: its hold is in the record, or will not come. */
  heldOrNot(agentId: string, token: string): void;
  changes(agentId: string): void;
  changed(agentId: string): void;
}

export function createBusy(): Busy {
  const tokens = new Map<string, Set<string>>();
  const changing = new Set<string>();
  const arrived = (agentId: string, token: string): void => {
    const open = tokens.get(agentId);
    if (open?.delete(token) === true && open.size === 0) tokens.delete(agentId);
  };
  return {
    is: (agentId) => changing.has(agentId) || tokens.has(agentId),
    holds(agentId, token) {
      const open = tokens.get(agentId) ?? new Set();
      tokens.set(agentId, open.add(token));
    },
    see(agent) {
      for (const { token } of agent.work) arrived(agent.id, token);
    },
    heldOrNot: arrived,
    changes: (agentId) => void changing.add(agentId),
    changed: (agentId) => void changing.delete(agentId),
  };
}
