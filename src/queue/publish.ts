import type { AgentId } from '../shared/ids.ts';
import type { Agent } from '../agents/index.ts';
import { interactionView, messageView, type Interaction, type Publisher } from '../interactions/index.ts';
import type { ContextNow, Contacts, Operators } from './ports.ts';

/** Tells desks what concerns them: offers to the one operator, changes to the queue's people and to who has it in hand. */
export function bindPublisher(
  contacts: Contacts,
  operators: Operators,
  publisher: Publisher,
  contextNow: ContextNow,
): void {
  const toConcerned = (
    interaction: Interaction,
    send: {
      readonly toQueue: (queue: string) => void;
      readonly toUser: (userId: string) => void;
      readonly toSupervisors: () => void;
    },
    before?: Interaction,
  ): void => {
    const { companyId, queue, agent } = interaction;
    if (queue === null) send.toSupervisors();
    else send.toQueue(queue);
    for (const id of new Set([agent?.id, before?.agent?.id])) {
      if (id === undefined) continue;
      const member = operators.get(companyId, id)?.queues.includes(queue ?? '') === true;
      if (!member) send.toUser(id);
    }
  };

  contacts.onChange((interaction, event, before) => {
    const { companyId, id } = interaction;
    // Keystrokes of one desk change nothing that another one shows.
    if (event?.type === 'drafted') return;
    // All tabs of the operator stop ringing when one has answered.
    if (event?.type === 'accepted' && event.direct === undefined)
      publisher.toUser(companyId, event.agentId, 'offer:revoked', {
        interactionId: id,
        reason: 'accepted',
      });
    const payload = { interaction: interactionView(interaction) };
    const send = {
      toQueue: (queue: string) => publisher.toQueue(companyId, queue, 'interaction', payload),
      toUser: (userId: string) => publisher.toUser(companyId, userId, 'interaction', payload),
      toSupervisors: () => publisher.toSupervisors(companyId, 'interaction', payload),
    };
    // Whoever gave it away or lost it is told too: nothing stays on a desk that has no part in it any more.
    toConcerned(interaction, send, before);
  });
  contacts.onMessage((message, interaction) => {
    const { companyId } = interaction;
    const payload = { interactionId: interaction.id, message: messageView(message) };
    toConcerned(interaction, {
      toQueue: (queue) => publisher.toQueue(companyId, queue, 'message', payload),
      toUser: (userId) => publisher.toUser(companyId, userId, 'message', payload),
      toSupervisors: () => publisher.toSupervisors(companyId, 'message', payload),
    });
  });
  // A late repeat must not ring for an offer that is over.
  const show = (interaction: Interaction, agentId: AgentId, hold: string): void => {
    const { companyId, state } = interaction;
    if (state.name === 'offered' && state.claim.hold === hold)
      publisher.toUser(companyId, agentId, 'offer', {
        interaction: interactionView(interaction),
        deadline: state.deadline.toISOString(),
        context: contextNow(interaction),
      });
  };
  contacts.onEffect('offer.show', ({ agentId, hold }, interaction) => {
    show(interaction, agentId, hold);
    return Promise.resolve();
  });
  /** A desk that comes new, or back after a restart, has no history to replay: what rings is shown to it again. */
  operators.onChange((agent, before) => {
    const hasDesk = (one: Agent): boolean => one.desk && one.lostAt === null;
    if (!hasDesk(agent) || before === undefined || hasDesk(before)) return;
    for (const { interactionId, phase, token } of agent.work)
      if (phase === 'hold')
        contacts.get(agent.companyId, interactionId).then(
          (interaction) => interaction !== null && show(interaction, agent.id, token),
          // The desk asks for its work by HTTP too.
          () => undefined,
        );
  });
  contacts.onEffect('offer.revoke', (effect, { companyId, id }) => {
    publisher.toUser(companyId, effect.agentId, 'offer:revoked', {
      interactionId: id,
      reason: effect.reason,
    });
    return Promise.resolve();
  });
}
