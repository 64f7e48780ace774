import { changed, illegal, isVoice, same, type Outcome } from './change.ts';
import { endSegment, markTalk, settleHold } from './segments.ts';
import type { InteractionEffect, InteractionEvent } from './events.ts';
import type { Actor, Interaction, StateOf, Waiting } from './types.ts';
import { releaseAndPark, toQueue } from './waiting.ts';
import type { AgentId } from '../../shared/ids.ts';

type Of<T extends InteractionEvent['type']> = Extract<InteractionEvent, { type: T }>;

export function connected(interaction: Interaction, event: Of<'connected'>, at: Date): Outcome {
  const { state } = interaction;
  if (state.name !== 'active') return illegal(interaction, event);
  if (state.connectedAt !== null) return same(interaction);
  return changed(
    interaction,
    {
      state: { ...state, connectedAt: at },
      segments: markTalk(interaction.segments, state.claim.agentId, at),
    },
    { kind: 'connected', data: { agentId: state.claim.agentId } },
    interaction.queue === null ? [] : [{ kind: 'queue.changed', queue: interaction.queue }],
  );
}

export function holding(interaction: Interaction, event: Of<'held'> | Of<'resumed'>, at: Date): Outcome {
  const { state } = interaction;
  if (state.name !== 'active' || !isVoice(interaction)) return illegal(interaction, event);
  const onHold = event.type === 'held';
  if (state.onHold === onHold) return same(interaction);
  return changed(
    interaction,
    {
      state: { ...state, onHold },
      ...(onHold ? { heldSince: at } : settleHold(interaction, at)),
    },
    { kind: onHold ? 'hold' : 'resumed', actor: { kind: 'agent', id: state.claim.agentId } },
  );
}

/** A line that stands without a sound is told, not ended: whether somebody is there is found out by asking. */
export function hearing(
  interaction: Interaction,
  event: Of<'customerSilent'> | Of<'customerHeard'>,
  at: Date,
): Outcome {
  const { state } = interaction;
  if (state.name !== 'active' || !isVoice(interaction)) return illegal(interaction, event);
  const silent = event.type === 'customerSilent';
  if (((state.silentSince ?? null) !== null) === silent) return same(interaction);
  const silentSince = silent ? new Date(at.getTime() - event.forMs) : null;
  const data = event.type === 'customerSilent' && event.oneWay === true ? { oneWay: true } : {};
  return changed(interaction, { state: { ...state, silentSince } }, { kind: event.type, data });
}

/** Text: whose word was last decides whether the conversation weighs on the operator. */
export function wrote(interaction: Interaction, event: Of<'replied'> | Of<'customerReplied'>): Outcome {
  const { state } = interaction;
  const ours = event.type === 'replied';
  const send: readonly InteractionEffect[] =
    ours && event.messageId !== undefined ? [{ kind: 'message.send', messageId: event.messageId }] : [];
  const line = {
    kind: event.type,
    data: event.messageId === undefined ? {} : { messageId: event.messageId },
    actor:
      ours && state.name === 'active'
        ? ({ kind: 'agent', id: state.claim.agentId } as const)
        : ({ kind: ours ? 'system' : 'customer' } as const),
  };
  if (isVoice(interaction)) return illegal(interaction, event);
  if (state.name !== 'active') {
    // An automatic text goes out in any state; the customer may write while waiting.
    if (ours) return changed(interaction, {}, line, send);
    return same(interaction);
  }
  if (state.waitingForCustomer === ours && send.length === 0) return same(interaction);
  const now = { ...state, waitingForCustomer: ours, ...(ours ? { wordless: false } : {}) };
  return changed(interaction, { state: now }, line, [
    ...send,
    { kind: 'agent.load', agentId: state.claim.agentId, hold: state.claim.hold, counts: !ours },
  ]);
}

/** Who has the contact in hand has the turn again; whoever gets it next has it anyway. */
export function replyFailed(interaction: Interaction, event: Of<'replyFailed'>): Outcome {
  const { state } = interaction;
  if (isVoice(interaction)) return illegal(interaction, event);
  if (state.name !== 'active' || !state.waitingForCustomer) return same(interaction);
  return changed(
    interaction,
    { state: { ...state, waitingForCustomer: false } },
    { kind: event.type, data: { messageId: event.messageId } },
    [{ kind: 'agent.load', agentId: state.claim.agentId, hold: state.claim.hold, counts: true }],
  );
}

export function transferred(interaction: Interaction, event: Of<'transferred'>, at: Date): Outcome {
  const { state } = interaction;
  if (event.to.type === 'number') return transferredOut(interaction, event, at);
  if (state.name !== 'active') return illegal(interaction, event);
  const queue = event.to.type === 'queue' ? event.to.id : (event.queue ?? interaction.queue);
  if (queue === null) return illegal(interaction, event);
  const waiting: Waiting = {
    queue,
    priority: interaction.priority,
    skills: event.to.type === 'queue' ? [] : (state.waiting?.skills ?? []),
    queuedAt: at,
    since: at,
    sticky:
      event.to.type === 'agent' && event.until !== undefined
        ? // The id comes from the directory of operators (parsed at the edge).
          { agentId: event.to.id as AgentId, until: event.until }
        : null,
    // Who gives it away does not want it back at once.
    avoid: event.until === undefined ? [] : [{ agentId: state.claim.agentId, until: event.until }],
  };
  return toQueue(interaction, waiting, at, {
    kind: 'transferred',
    actor: event.actor ?? { kind: 'agent', id: state.claim.agentId },
    data: { to: event.to, mode: event.mode },
    effects: releaseAndPark(interaction, state),
  });
}

/** To a number outside: the legs are joined elsewhere, for us the contact is over. */
function transferredOut(interaction: Interaction, event: Of<'transferred'>, at: Date): Outcome {
  const { state } = interaction;
  if (state.name === 'active')
    return toWrapUp(interaction, state, { cause: 'transferredOut', actor: { kind: 'system' } }, at, []);
  if (state.name !== 'inFlow') return illegal(interaction, event);
  return changed(
    interaction,
    {
      state: { name: 'closed', closedAt: at, cause: 'transferredOut' },
      timestamps: { ...interaction.timestamps, closedAt: at },
    },
    { kind: 'transferred', data: { to: event.to, mode: event.mode } },
    [{ kind: 'contact.closed', disposition: null }],
  );
}

export function agentEnded(interaction: Interaction, event: Of<'agentEnded'>, at: Date): Outcome {
  const { state } = interaction;
  if (state.name === 'wrapUp' || state.name === 'closed') return same(interaction);
  if (state.name !== 'active' || !isVoice(interaction)) return illegal(interaction, event);
  const actor: Actor = { kind: 'agent', id: state.claim.agentId };
  return toWrapUp(interaction, state, { cause: 'agentEnded', actor }, at, [
    { kind: 'voice.end', legs: 'agent', cause: 'agentEnded' },
  ]);
}

/** How a talk ended, and who ended it: the regulator asks who hung up, and nobody did when a line dropped. */
interface TalkEnd {
  readonly cause: string;
  readonly actor: Actor;
  readonly by?: 'customer' | 'line' | 'server';
  /** What a supervisor gave as the reason. */
  readonly reason?: string;
}

/** Talk is over, the operator writes it up; the wrap-up ends with close or by its deadline. */
export function toWrapUp(
  interaction: Interaction,
  state: StateOf<'active'>,
  how: TalkEnd,
  at: Date,
  effects: readonly InteractionEffect[],
): Outcome {
  const deadline = new Date(at.getTime() + state.claim.wrapUpMs);
  const { agentId, hold } = state.claim;
  return changed(
    interaction,
    {
      ...settleHold(interaction, at),
      state: {
        name: 'wrapUp',
        claim: state.claim,
        endedAt: at,
        deadline,
        cause: how.cause,
        ...(state.draft === undefined ? {} : { draft: state.draft }),
      },
      segments: endSegment(interaction.segments, 'closed', at),
    },
    {
      kind: 'ended',
      actor: how.actor,
      data: {
        cause: how.cause,
        ...(how.by === undefined ? {} : { by: how.by }),
        ...(how.reason === undefined ? {} : { reason: how.reason }),
      },
    },
    [
      ...effects,
      { kind: 'agent.wrapUp', agentId, hold, deadline },
      ...(interaction.queue === null ? [] : [{ kind: 'queue.changed', queue: interaction.queue } as const]),
    ],
  );
}
