import type { CompanyId, AgentId, InteractionId } from '../shared/ids.ts';
import type { Agent } from '../agents/index.ts';
import type { Interaction } from '../interactions/index.ts';
import type { Neighbours } from './ports.ts';
import type { RouterDeps } from './router.ts';

/** What this process and the others tell each other of changes, so that each one's index follows them all. */
export interface Gossip {
  /** A change that this process committed, or heard of: others are told of the former only. */
  contact(interaction: Interaction): void;
  agent(agent: Agent): void;
}

interface Hooks {
  /** A contact that another process changed, as it is stored now. */
  contact(interaction: Interaction): void;
}

/**
 * A word from a neighbour names a record and its version; the record itself is read from the store, so a word that is lost,
 * late or repeated costs time and is never believed. The compare-and-set stays the only judge.
 */
export function createGossip(deps: RouterDeps, neighbours: Neighbours | undefined, hooks: Hooks): Gossip {
  /** The newest version seen of what is under way, own or heard. */
  const seen = new Map<string, number>();
  const heardAgents = new Map<string, number>();

  const readContact = async (companyId: CompanyId, id: InteractionId): Promise<void> => {
    const found = await deps.contacts.get(companyId, id);
    // An own change may have come while this was read.
    if (found === null || found.version <= (seen.get(id) ?? 0)) return;
    note(found);
    hooks.contact(found);
  };
  const note = ({ id, version, state }: Interaction): void => {
    if (['closed', 'abandoned', 'missed'].includes(state.name)) seen.delete(id);
    else seen.set(id, version);
  };

  neighbours?.onTold((word) => {
    const { companyId, id, version } = word;
    const failed = (error: unknown): void =>
      deps.logger.warn({ err: error, kind: word.kind, id }, 'a change elsewhere could not be read');
    if (word.kind === 'contact') {
      readContact(companyId as CompanyId, id as InteractionId).catch(failed);
      return;
    }
    heardAgents.set(id, Math.max(version, heardAgents.get(id) ?? 0));
    if ((deps.operators.get(companyId, id)?.version ?? 0) < version)
      deps.operators.refresh(companyId as CompanyId, id as AgentId).catch(failed);
  });

  return {
    contact(interaction) {
      note(interaction);
      const { companyId, id, version } = interaction;
      neighbours?.tell({ kind: 'contact', companyId, id, version });
    },
    agent({ companyId, id, version }) {
      // Read because a neighbour told of it: the others know.
      if (version <= (heardAgents.get(id) ?? 0)) return;
      neighbours?.tell({ kind: 'agent', companyId, id, version });
    },
  };
}
