import { isAwaited, type Agent } from '../agents/index.ts';
import type { Interaction, InteractionEvent } from '../interactions/index.ts';
import type { RouterDeps } from './router.ts';

type Work = Agent['work'][number];

/** Why this operator cannot answer what rings, or undefined. */
function unableSince(agent: Agent, before: Agent | undefined, { channel }: Work): string | undefined {
  if (!agent.active) return 'deactivated';
  if (agent.presence.state !== 'available') return 'presence';
  // A phone that was not there when it began (an own call) is not missed.
  const unregistered = before?.softphone.up === true && !agent.softphone.up;
  return channel === 'voice' && unregistered ? 'phoneGone' : undefined;
}

const without = (all: readonly string[], some: readonly string[]): readonly string[] =>
  all.filter((one) => !some.includes(one));

const lostAny = (agent: Agent, before: Agent): boolean =>
  without(before.queues, agent.queues).length > 0 ||
  Object.keys(before.skills).some((skill) => !(skill in agent.skills));

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
  /** Who cannot answer, or may not any more, is not rung: the contact keeps its place and nobody is paused for it. */
  const revokeIfMoot = (agent: Agent, before: Agent | undefined, work: Work): void => {
    const { companyId } = agent;
    const { interactionId: id, token: hold } = work;
    const revoke = (reason: string): void => send({ companyId, id }, { type: 'offerRevoked', hold, reason });
    const reason = unableSince(agent, before, work);
    if (reason !== undefined) {
      revoke(reason);
      return;
    }
    if (before === undefined || !lostAny(agent, before)) return;
    contacts.get(companyId, id).then(
      (contact) => {
        if (contact?.state.name !== 'offered' || contact.state.claim.hold !== hold) return;
        const { queue, skills } = contact.state.waiting;
        const lost =
          without(before.queues, agent.queues).includes(queue) ||
          skills.some((skill) => skill in before.skills && !(skill in agent.skills));
        if (lost) revoke('notEligible');
      },
      (error: unknown) => logger.error({ err: error, interactionId: id }, 'an offer could not be looked at'),
    );
  };
  return {
    agentChanged(agent, before) {
      const { companyId, presence } = agent;
      for (const work of agent.work) if (work.phase === 'hold') revokeIfMoot(agent, before, work);
      if (presence.state === 'available') return;
      const left = presence.state === 'offline' && before?.presence.state !== 'offline';
      if (!left) return;
      for (const { interactionId: id } of agent.work.filter(isAwaited))
        send({ companyId, id }, { type: 'agentLost', reason: 'offline' });
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
