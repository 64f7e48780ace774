import type { Agent } from '../agents/index.ts';
import type { Interaction } from '../interactions/index.ts';

/** The contacts that wait, as this process knows them: by queue, and by the operator whom they would rather have. */
export interface Waiters {
  put(interaction: Interaction): void;
  remove(contactId: string): void;
  get(contactId: string): Interaction | undefined;
  of(companyId: string, queue: string): readonly Interaction[];
  /** Those that name this operator, if it may take other work now than when it was last asked about. */
  named(agent: Agent): readonly string[];
}

/** What decides whether a preference for an operator holds. */
const standing = ({ active, presence, softphone, queues, skills }: Agent): string =>
  JSON.stringify([active, presence.state, softphone.up, queues, skills]);

export function createWaiters(): Waiters {
  const contacts = new Map<string, Interaction>();
  const byQueue = new Map<string, Set<string>>();
  const byAgent = new Map<string, Set<string>>();
  const seen = new Map<string, string>();

  const placesOf = (interaction: Interaction): readonly (readonly [Map<string, Set<string>>, string])[] => {
    const { companyId, state, preferredAgent } = interaction;
    const sticky = state.name === 'queued' ? state.waiting.sticky : null;
    return [
      [byQueue, `${companyId}:${interaction.queue ?? ''}`],
      ...(preferredAgent === null ? [] : [[byAgent, preferredAgent] as const]),
      ...(sticky === null ? [] : [[byAgent, sticky.agentId] as const]),
    ];
  };
  const remove = (contactId: string): void => {
    const interaction = contacts.get(contactId);
    if (interaction === undefined) return;
    contacts.delete(contactId);
    for (const [places, key] of placesOf(interaction)) {
      const there = places.get(key);
      there?.delete(contactId);
      if (there?.size === 0) places.delete(key);
    }
  };

  return {
    put(interaction) {
      remove(interaction.id);
      contacts.set(interaction.id, interaction);
      for (const [places, key] of placesOf(interaction))
        places.set(key, (places.get(key) ?? new Set()).add(interaction.id));
    },
    remove,
    get: (contactId) => contacts.get(contactId),
    of: (companyId, queue) =>
      [...(byQueue.get(`${companyId}:${queue}`) ?? [])].flatMap((id) => contacts.get(id) ?? []),
    named(agent) {
      const now = standing(agent);
      if (seen.get(agent.id) === now) return [];
      seen.set(agent.id, now);
      return [...(byAgent.get(agent.id) ?? [])];
    },
  };
}
