import type { Interaction, InteractionEvent } from '../../src/interactions/index.ts';
import { COMPANY, QUEUES, type World } from './world.ts';

/** What customers and operators do; each picks something that may make sense, and some things that do not. */
export function act(world: World): void {
  const { dice } = world;
  const roll = dice.roll();
  if (roll < 0.25) {
    arrive(world);
    return;
  }
  if (roll < 0.4) {
    atPresence(world);
    return;
  }
  const contacts = world.contacts();
  if (contacts.length > 0) onContact(world, dice.pick(contacts));
}

function arrive({ ask, dice, told, serial }: World): void {
  const key = `arrival-${serial()}`;
  const voice = dice.chance(0.5);
  const address = `+55119876543${dice.below(40)}`;
  const channel = voice ? 'voice' : dice.pick(['whatsapp', 'email', 'sms'] as const);
  const queue = dice.pick(QUEUES);
  const command = {
    companyId: COMPANY,
    channel,
    direction: 'inbound',
    contact: { address },
    idempotencyKey: key,
    identity: 'unknown',
    ...(voice ? {} : { thread: address }),
  } as const;
  ask(async (core) => {
    const { interaction } = await core.interactions.open(command);
    told.opened.add(interaction.id);
    if (voice)
      await core.interactions.apply(COMPANY, interaction.id, { type: 'flowStarted', flow: 'principal' });
    await core.interactions.apply(COMPANY, interaction.id, {
      type: 'enqueued',
      queue,
      priority: dice.chance(0.1) ? 1 : 0,
      skills: dice.chance(0.15) ? ['ingles'] : [],
    });
  });
  // The same arrival told twice, as webhooks are.
  if (dice.chance(0.2)) ask((core) => core.interactions.open(command));
}

function atPresence({ ask, dice, agentIds }: World): void {
  const id = dice.pick(agentIds);
  const roll = dice.roll();
  if (roll < 0.6) ask((core) => core.agents.setPresence(COMPANY, id, 'available'));
  else if (roll < 0.7) ask((core) => core.agents.setPresence(COMPANY, id, 'paused', 'break'));
  else if (roll < 0.75) ask((core) => core.agents.setPresence(COMPANY, id, 'offline'));
  else if (roll < 0.85) ask((core) => core.agents.setSoftphone(id, dice.chance(0.85), { autoAnswer: true }));
  else if (roll < 0.95) ask((core) => core.agents.deskOpened(COMPANY, id));
  else ask((core) => core.agents.deskClosed(COMPANY, id));
}

function onContact(world: World, contact: Interaction): void {
  const { ask, dice, told, agentIds } = world;
  const { state, id } = contact;
  const apply = (event: InteractionEvent): void => ask((core) => core.interactions.apply(COMPANY, id, event));
  switch (state.name) {
    case 'offered': {
      const agentId = dice.chance(0.9) ? state.claim.agentId : dice.pick(agentIds);
      if (dice.chance(0.8))
        ask(async (core) => {
          await core.router.accept(COMPANY, id, agentId);
          told.accepted.set(id, agentId);
        });
      else if (dice.chance(0.5)) ask((core) => core.router.reject(COMPANY, id, agentId));
      else apply({ type: 'customerLeft', by: 'customer' });
      return;
    }
    case 'active': {
      onActive(world, contact, apply);
      return;
    }
    case 'wrapUp':
      if (dice.chance(0.7)) apply({ type: 'closed', disposition: 'resolvido', by: { kind: 'system' } });
      return;
    case 'queued':
      if (dice.chance(0.1)) apply({ type: 'customerLeft', by: dice.chance(0.8) ? 'customer' : 'server' });
      else if (dice.chance(0.05))
        apply({ type: 'requeued', queue: dice.pick(QUEUES), priority: dice.below(3) });
      else if (dice.chance(0.05)) ask((core) => core.router.take(COMPANY, id, dice.pick(agentIds)));
      return;
    case 'inFlow':
    case 'arriving':
      if (dice.chance(0.1)) apply({ type: 'customerLeft', by: 'customer' });
      else if (dice.chance(0.3)) apply({ type: 'enqueued', queue: dice.pick(QUEUES) });
      return;
    case 'closed':
    case 'abandoned':
    case 'missed':
    case 'callbackScheduled':
      return;
  }
}

function onActive(world: World, contact: Interaction, apply: (event: InteractionEvent) => void): void {
  const { dice, ask, agentIds } = world;
  const { id } = contact;
  const roll = dice.roll();
  if (roll < 0.08) {
    apply({ type: 'transferred', to: { type: 'queue', id: dice.pick(QUEUES) }, mode: 'blind' });
    return;
  }
  if (roll < 0.12) {
    apply({
      type: 'transferred',
      to: { type: 'agent', id: dice.pick(agentIds) },
      mode: 'blind',
      until: new Date(world.clock.now() + 20_000),
    });
    return;
  }
  if (roll < 0.16) {
    apply({ type: 'agentLost' });
    return;
  }
  if (roll < 0.18) {
    apply({ type: 'requeued' });
    return;
  }
  if (contact.channel === 'voice') {
    if (roll < 0.3) {
      apply({ type: 'connected' });
      return;
    }
    if (roll < 0.36) {
      apply({ type: dice.chance(0.5) ? 'held' : 'resumed' });
      return;
    }
    if (roll < 0.7) {
      apply({ type: 'agentEnded' });
      return;
    }
    if (roll < 0.85) {
      apply({ type: 'customerLeft', by: 'customer' });
      return;
    }
    if (roll < 0.88) {
      apply({ type: 'missed', cause: 'engineLost' });
      return;
    }
    apply({ type: 'closed', disposition: 'cedo', by: { kind: 'system' } });
    return;
  }
  const agent = roll < 0.5;
  if (roll < 0.8)
    ask((core) =>
      core.interactions.addMessage(
        COMPANY,
        id,
        {
          direction: agent ? 'outbound' : 'inbound',
          author: { kind: agent ? 'agent' : 'customer' },
          from: 'a',
          to: ['b'],
          text: 'oi',
        },
        { idempotencyKey: `m-${world.serial()}` },
      ),
    );
  else apply({ type: 'closed', disposition: 'resolvido', by: { kind: 'system' } });
}
