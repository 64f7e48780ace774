import type { Interaction } from '../interactions/index.ts';

/** Pairs of contact and operator whose claim was just refused: not tried again until one of the two changed. */
export interface Refusals {
  add(contactId: string, agentId: string): void;
  /** Who refused this contact; remembers the contact for `forgive`. */
  of(interaction: Interaction): readonly string[];
  clear(contactId: string): void;
  /** The operator's record changed: the contacts that may be tried again. */
  forgive(agentId: string): readonly Interaction[];
}

export function createRefusals(): Refusals {
  const byContact = new Map<string, Set<string>>();
  const latest = new Map<string, Interaction>();
  const clear = (contactId: string): void => {
    byContact.delete(contactId);
    latest.delete(contactId);
  };
  return {
    add(contactId, agentId) {
      const agents = byContact.get(contactId) ?? new Set();
      byContact.set(contactId, agents.add(agentId));
    },
    of(interaction) {
      const agents = byContact.get(interaction.id);
      if (agents === undefined) return [];
      latest.set(interaction.id, interaction);
      return [...agents];
    },
    clear,
    forgive(agentId) {
      const free: Interaction[] = [];
      for (const [contactId, agents] of byContact) {
        if (!agents.delete(agentId)) continue;
        const interaction = latest.get(contactId);
        if (interaction !== undefined) free.push(interaction);
        if (agents.size === 0) clear(contactId);
      }
      return free;
    },
  };
}
