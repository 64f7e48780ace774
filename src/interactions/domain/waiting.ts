import { illegal, changed, same, type Outcome } from './change.ts';
import { endSegment, openSegment, settleHold, unmarkTalk } from './segments.ts';
import type { InteractionEffect, InteractionEvent } from './events.ts';
import type { Actor, Interaction, StateOf, Sticky, Waiting } from './types.ts';

type Of<T extends InteractionEvent['type']> = Extract<InteractionEvent, { type: T }>;

/** Into a queue: for the first time, or again after a call-back was due. */
export function enqueued(interaction: Interaction, event: Of<'enqueued'>, at: Date): Outcome {
  switch (interaction.state.name) {
    case 'arriving':
    case 'inFlow':
    case 'callbackScheduled': {
      const waiting: Waiting = {
        queue: event.queue,
        priority: event.priority ?? interaction.priority,
        skills: event.skills ?? [],
        queuedAt: at,
        since: at,
        sticky: event.sticky ?? null,
        avoid: [],
      };
      return toQueue(interaction, waiting, at, {
        kind: 'queued',
        actor: event.actor,
        protocolType: event.protocolType,
      });
    }
    case 'queued':
    case 'offered':
      // A flow that says it twice after a restart.
      return interaction.queue === event.queue ? same(interaction) : illegal(interaction, event);
    case 'active':
    case 'wrapUp':
    case 'closed':
    case 'abandoned':
    case 'missed':
      return illegal(interaction, event);
  }
}

interface Entry {
  readonly kind: string;
  readonly actor?: Actor | undefined;
  readonly protocolType?: Interaction['protocolType'] | undefined;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly effects?: readonly InteractionEffect[];
}

/** Opens a stay in a queue; an earlier one that still stands ends as moved. */
export function toQueue(interaction: Interaction, waiting: Waiting, at: Date, entry: Entry): Outcome {
  const type = entry.protocolType ?? null;
  return changed(
    interaction,
    {
      ...settleHold(interaction, at),
      state: { name: 'queued', waiting },
      queue: waiting.queue,
      priority: waiting.priority,
      protocolType: type ?? interaction.protocolType,
      agent: null,
      segments: openSegment(endSegment(interaction.segments, 'moved', at), waiting.queue, at),
      timestamps: { ...interaction.timestamps, queuedAt: interaction.timestamps.queuedAt ?? at },
    },
    {
      kind: entry.kind,
      actor: entry.actor,
      data: {
        queue: waiting.queue,
        priority: waiting.priority,
        skills: waiting.skills,
        ...(type === null ? {} : { protocolType: type }),
        ...entry.data,
      },
    },
    [
      ...(entry.effects ?? []),
      ...(type === null ? [] : [{ kind: 'protocol.typed', type } as const]),
      { kind: 'queue.changed', queue: waiting.queue },
    ],
  );
}

/** Back to the place that it had: the stay goes on, only the offer is over. */
export function backToPlace(
  interaction: Interaction,
  state: StateOf<'offered'>,
  line: { readonly kind: string; readonly actor?: Actor; readonly data: Readonly<Record<string, unknown>> },
  effects: readonly InteractionEffect[],
  /** The operator had the chance, by declining or not answering; until when is it not asked again. */
  declined?: { readonly avoid?: Sticky },
): Outcome {
  const { waiting } = state;
  const { avoid } = declined ?? {};
  const preferred = declined !== undefined && interaction.preferredAgent === state.claim.agentId;
  return changed(
    interaction,
    {
      agent: null,
      state: {
        name: 'queued',
        waiting: {
          ...waiting,
          // Whoever was named had the chance, unless the offer was only taken back.
          sticky:
            declined !== undefined && waiting.sticky?.agentId === state.claim.agentId ? null : waiting.sticky,
          ...(preferred ? { preferenceOver: true } : {}),
          avoid:
            avoid === undefined
              ? waiting.avoid
              : [...waiting.avoid.filter((entry) => entry.agentId !== avoid.agentId), avoid],
        },
      },
    },
    line,
    [...effects, { kind: 'queue.changed', queue: waiting.queue }],
  );
}

/** Moved by a supervisor or the server: other queue, other priority, or away from an operator. */
export function requeued(interaction: Interaction, event: Of<'requeued'>, at: Date): Outcome {
  const { state } = interaction;
  switch (state.name) {
    case 'queued':
    case 'offered':
      return moved(interaction, state, event, at);
    case 'active':
      return leaveAgent(interaction, state, event, at);
    case 'arriving':
    case 'inFlow':
    case 'wrapUp':
    case 'closed':
    case 'abandoned':
    case 'missed':
    case 'callbackScheduled':
      return illegal(interaction, event);
  }
}

/** Another queue is another stay; another priority is the same one. */
function moved(
  interaction: Interaction,
  state: StateOf<'queued'> | StateOf<'offered'>,
  event: Of<'requeued'>,
  at: Date,
): Outcome {
  const { queue = state.waiting.queue, priority = state.waiting.priority, actor } = event;
  const effects = state.name === 'offered' ? withdraw(state, 'requeued') : [];
  if (queue !== state.waiting.queue) {
    const waiting: Waiting = { ...state.waiting, queue, priority, queuedAt: at };
    return toQueue(interaction, waiting, at, { kind: 'requeued', actor, effects });
  }
  return changed(
    interaction,
    { state: { name: 'queued', waiting: { ...state.waiting, priority } }, priority, agent: null },
    { kind: 'requeued', actor, data: { queue, priority } },
    [...effects, { kind: 'queue.changed', queue }],
  );
}

export const withdraw = (state: StateOf<'offered'>, reason: string): readonly InteractionEffect[] => [
  { kind: 'offer.revoke', agentId: state.claim.agentId, hold: state.claim.hold, reason },
  { kind: 'agent.release', agentId: state.claim.agentId, hold: state.claim.hold },
];

/** The operator is gone, the customer is still here: back into the queue with the first arrival. */
export function agentLost(interaction: Interaction, event: Of<'agentLost'>, at: Date): Outcome {
  const { state } = interaction;
  return state.name === 'active' ? leaveAgent(interaction, state, event, at) : illegal(interaction, event);
}

function leaveAgent(
  interaction: Interaction,
  state: StateOf<'active'>,
  event: Of<'agentLost'> | Of<'requeued'>,
  at: Date,
): Outcome {
  const queue =
    event.type === 'requeued'
      ? (event.queue ?? interaction.queue)
      : (interaction.queue ?? event.queue ?? null);
  // An outbound call that no queue has seen has nowhere to go back to, unless it is named.
  if (queue === null) return illegal(interaction, event);
  const waiting: Waiting = {
    queue,
    priority: (event.type === 'requeued' ? event.priority : undefined) ?? interaction.priority,
    skills: state.waiting?.skills ?? [],
    queuedAt: at,
    since: interaction.timestamps.queuedAt ?? at,
    sticky: null,
    avoid: [],
  };
  return toQueue(withoutBounce(interaction, state), waiting, at, {
    kind: event.type,
    actor: event.type === 'requeued' ? event.actor : undefined,
    data: { agentId: state.claim.agentId, ...(event.type === 'agentLost' ? { reason: event.reason } : {}) },
    // Who goes offline knows it, or is told with what else went back.
    effects: releaseAndPark(interaction, state, event.type === 'agentLost' && event.reason !== 'offline'),
  });
}

/** Accepted, and out of these hands before a word: it counts as answered nowhere. A word said earlier stands. */
function withoutBounce(interaction: Interaction, state: StateOf<'active'>): Interaction {
  const { timestamps, segments } = interaction;
  const spoken = interaction.channel === 'voice' ? state.connectedAt !== null : state.wordless !== true;
  if (spoken) return interaction;
  const first = timestamps.acceptedAt?.getTime() === state.acceptedAt.getTime();
  return {
    ...interaction,
    segments: unmarkTalk(segments),
    timestamps: first ? { ...timestamps, acceptedAt: null } : timestamps,
  };
}

export const releaseAndPark = (
  interaction: Interaction,
  state: StateOf<'active'>,
  lineLost = false,
): readonly InteractionEffect[] => {
  const { agentId, hold } = state.claim;
  if (interaction.channel !== 'voice') return [{ kind: 'agent.release', agentId, hold }];
  return [
    { kind: 'agent.release', agentId, hold, ...(lineLost && { callLost: true }) },
    { kind: 'voice.park' },
  ];
};
