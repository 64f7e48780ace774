import type { Agent } from '../agents/index.ts';
import type { Interaction, InteractionEvent } from '../interactions/index.ts';
import type { RouterDeps } from './router.ts';

/** What happens to the work of an operator who is not there any more. */
export interface Absence {
  /** Nobody rings at an operator who went away; conversations in which the customer waits go to somebody who is there. */
  agentChanged(agent: Agent, before: Agent | undefined): void;
  /** A customer who writes to an operator who went home is served by another. */
  contactChanged(interaction: Interaction): void;
}

export function createAbsence({ contacts, operators, logger }: RouterDeps): Absence {
  const send = (interaction: Pick<Interaction, 'companyId' | 'id'>, event: InteractionEvent): void => {
    const { companyId, id } = interaction;
    contacts.apply(companyId, id, event).catch((error: unknown) => {
      logger.error({ err: error, interactionId: id, event: event.type }, 'event not applied');
    });
  };
  return {
    agentChanged(agent, before) {
      const { companyId, presence } = agent;
      if (presence.state === 'available') return;
      const left = presence.state === 'offline' && before?.presence.state !== 'offline';
      for (const { interactionId: id, phase, token, channel, counts } of agent.work) {
        if (phase === 'hold')
          send({ companyId, id }, { type: 'offerRevoked', hold: token, reason: 'presence' });
        else if (left && channel !== 'voice' && counts)
          send({ companyId, id }, { type: 'agentLost', reason: 'offline' });
      }
    },
    contactChanged(interaction) {
      const { state, companyId } = interaction;
      if (state.name !== 'active' || interaction.channel === 'voice' || state.waitingForCustomer) return;
      const agent = operators.get(companyId, state.claim.agentId);
      if (agent === undefined || agent.presence.state === 'offline')
        send(interaction, { type: 'agentLost', reason: 'offline' });
    },
  };
}
