import { changed, illegal, isVoice, refuse, same, type Outcome } from './change.ts';
import { markOffered, markTalk } from './segments.ts';
import type { InteractionEffect, InteractionEvent } from './events.ts';
import type { Claim, Interaction, NamedRef, Waiting } from './types.ts';
import { backToPlace, withdraw } from './waiting.ts';
import type { AgentId } from '../../shared/ids.ts';

type Of<T extends InteractionEvent['type']> = Extract<InteractionEvent, { type: T }>;

export function offered(interaction: Interaction, event: Of<'offered'>, at: Date): Outcome {
  const { state } = interaction;
  if (state.name !== 'queued') {
    return state.name === 'offered' || state.name === 'active'
      ? refuse('offer.taken', interaction, event)
      : illegal(interaction, event);
  }
  const { agentId, hold, ringMs, wrapUpMs } = event;
  const deadline = new Date(at.getTime() + ringMs);
  if (interaction.voided.includes(hold)) return refuse('offer.expired', interaction, event);
  return changed(
    interaction,
    {
      state: {
        name: 'offered',
        waiting: state.waiting,
        claim: { agentId, hold, wrapUpMs: isVoice(interaction) ? wrapUpMs : 0 },
        offeredAt: at,
        deadline,
      },
      agent: { id: agentId, name: event.agentName ?? '' },
      segments: markOffered(interaction.segments, at),
      timestamps: { ...interaction.timestamps, offeredAt: interaction.timestamps.offeredAt ?? at },
    },
    { kind: 'offered', data: { agentId, deadline } },
    [
      { kind: 'offer.show', agentId, hold, deadline },
      { kind: 'queue.changed', queue: state.waiting.queue },
    ],
  );
}

/** Unanswered: the item keeps its place, the operator is paused (contract.md, "How work is given"). */
export function offerTimedOut(interaction: Interaction, event: Of<'offerTimedOut'>): Outcome {
  const { state } = interaction;
  if (state.name !== 'offered' || state.claim.hold !== event.hold)
    return refuse('offer.expired', interaction, event);
  const { agentId, hold } = state.claim;
  const effects = [
    { kind: 'offer.revoke', agentId, hold, reason: 'timeout' },
    { kind: 'agent.noAnswer', agentId, hold },
  ] as const;
  return backToPlace(interaction, state, { kind: 'offerTimedOut', data: { agentId } }, effects, {});
}

export function offerRejected(interaction: Interaction, event: Of<'offerRejected'>): Outcome {
  const { state } = interaction;
  if (state.name !== 'offered' || state.claim.agentId !== event.agentId)
    return refuse('offer.expired', interaction, event);
  const { agentId } = event;
  return backToPlace(
    interaction,
    state,
    { kind: 'offerRejected', actor: { kind: 'agent', id: agentId }, data: { agentId } },
    withdraw(state, 'rejected'),
    { avoid: { agentId, until: event.avoidUntil } },
  );
}

export function offerRevoked(interaction: Interaction, event: Of<'offerRevoked'>): Outcome {
  const { state } = interaction;
  if (state.name !== 'offered' || state.claim.hold !== event.hold)
    return refuse('offer.expired', interaction, event);
  return backToPlace(
    interaction,
    state,
    { kind: 'offerRevoked', data: { agentId: state.claim.agentId, reason: event.reason } },
    withdraw(state, event.reason),
  );
}

export function accepted(interaction: Interaction, event: Of<'accepted'>, at: Date): Outcome {
  const { state } = interaction;
  switch (state.name) {
    case 'offered':
      if (state.claim.agentId !== event.agentId) return refuse('offer.taken', interaction, event);
      return activate(interaction, state.claim, state.waiting, interaction.agent, at);
    case 'active':
      return state.claim.agentId === event.agentId && event.direct === undefined
        ? same(interaction)
        : refuse('offer.taken', interaction, event);
    case 'arriving':
    case 'callbackScheduled':
    case 'queued':
      return takenDirectly(interaction, event, at);
    case 'inFlow':
    case 'wrapUp':
    case 'closed':
    case 'abandoned':
    case 'missed':
      return illegal(interaction, event);
  }
}

/** Without an offer: an own outbound call, or a pick from the queue. Nobody may take a caller out of the flow. */
function takenDirectly(interaction: Interaction, event: Of<'accepted'>, at: Date): Outcome {
  const { state } = interaction;
  const { direct, agentId } = event;
  if (direct === undefined)
    return state.name === 'queued'
      ? refuse('offer.expired', interaction, event)
      : illegal(interaction, event);
  if (interaction.voided.includes(direct.hold)) return refuse('offer.expired', interaction, event);
  if (state.name === 'arriving' && interaction.direction === 'inbound') return illegal(interaction, event);
  const wrapUpMs = isVoice(interaction) ? direct.wrapUpMs : 0;
  const agent = { id: agentId, name: direct.agentName ?? '' };
  const waiting = state.name === 'queued' ? state.waiting : null;
  return activate(interaction, { agentId, hold: direct.hold, wrapUpMs }, waiting, agent, at);
}

function activate(
  interaction: Interaction,
  claim: Claim,
  waiting: Waiting | null,
  agent: NamedRef<AgentId> | null,
  at: Date,
): Outcome {
  const voice = isVoice(interaction);
  const { agentId, hold } = claim;
  const effects: InteractionEffect[] = [{ kind: 'agent.confirm', agentId, hold }];
  if (voice) effects.push({ kind: 'voice.connect', agentId, hold });
  if (waiting !== null) effects.push({ kind: 'queue.changed', queue: waiting.queue });
  return changed(
    interaction,
    {
      state: {
        name: 'active',
        claim,
        waiting,
        acceptedAt: at,
        connectedAt: voice ? null : at,
        onHold: false,
        waitingForCustomer: false,
        ...(voice ? {} : { wordless: true }),
      },
      agent,
      segments: voice
        ? markOffered(interaction.segments, at)
        : markTalk(markOffered(interaction.segments, at), agentId, at),
      timestamps: { ...interaction.timestamps, acceptedAt: interaction.timestamps.acceptedAt ?? at },
    },
    {
      kind: 'accepted',
      actor: { kind: 'agent', id: agentId },
      data: voice && waiting === null ? { agentId, own: true } : { agentId },
    },
    effects,
  );
}
