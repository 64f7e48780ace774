import { changed, illegal, isEnd, isVoice, refuse, same, type Outcome } from './change.ts';
import { endSegment, settleHold } from './segments.ts';
import { toWrapUp } from './talking.ts';
import type { InteractionEffect, InteractionEvent } from './events.ts';
import type { Actor, Interaction, InteractionState, SegmentOutcome, StateOf } from './types.ts';
import { withdraw } from './waiting.ts';

type Of<T extends InteractionEvent['type']> = Extract<InteractionEvent, { type: T }>;

export function customerLeft(interaction: Interaction, event: Of<'customerLeft'>, at: Date): Outcome {
  const { state } = interaction;
  switch (state.name) {
    case 'arriving':
    case 'inFlow':
      return leftFlow(interaction, event, at);
    case 'queued':
    case 'offered':
      return leftQueue(interaction, event, at);
    case 'active':
      return isVoice(interaction) ? leftTalk(interaction, state, event, at) : illegal(interaction, event);
    case 'wrapUp':
    case 'closed':
    case 'abandoned':
    case 'missed':
    case 'callbackScheduled':
      return same(interaction);
  }
}

function leftTalk(
  interaction: Interaction,
  state: StateOf<'active'>,
  event: Of<'customerLeft'>,
  at: Date,
): Outcome {
  const { by, cause = by } = event;
  const actor = leaverOf(event);
  if (actor.kind === 'agent' && state.connectedAt === null) return givenUp(interaction, actor, cause, at);
  return toWrapUp(interaction, state, { cause, actor, ...(event.actor === undefined && { by }) }, at, [
    { kind: 'voice.end', legs: 'agent', cause },
    ...callbackIfDropped(event, cause),
  ]);
}

/** Before anybody answered: there is nothing to write up, and the next number may be dialled at once. */
const givenUp = (interaction: Interaction, actor: Actor, cause: string, at: Date): Outcome =>
  end(interaction, { name: 'closed', closedAt: at, cause }, at, {
    kind: 'closed',
    actor,
    data: { disposition: null, cause },
    outcome: 'closed',
  });

const leaverOf = ({ by, actor }: Of<'customerLeft'>): Actor =>
  actor ?? { kind: by === 'customer' ? 'customer' : 'system' };

/** A hang-up in the menu; our engine failing the caller there is no choice of the caller's. */
function leftFlow(interaction: Interaction, event: Of<'customerLeft'>, at: Date): Outcome {
  const { by, cause = by } = event;
  if (by === 'server') return lost(interaction, cause, at);
  return end(interaction, { name: 'closed', closedAt: at, cause: 'hungUpInFlow' }, at, {
    kind: 'closed',
    actor: leaverOf(event),
    data: { cause: 'hungUpInFlow', by, ...(by === 'line' && { line: cause }) },
    outcome: 'closed',
  });
}

/** Dropped by us is not the caller's choice: it is missed, and ours to call back. */
function leftQueue(interaction: Interaction, event: Of<'customerLeft'>, at: Date): Outcome {
  const { by, cause = by } = event;
  if (by === 'server') return lost(interaction, cause, at);
  return end(interaction, { name: 'abandoned', abandonedAt: at }, at, {
    kind: 'abandoned',
    actor: leaverOf(event),
    data: { by, cause },
    outcome: 'abandoned',
  });
}

/** RGC: a call that drops after an operator spoke is called back at once. */
const callbackIfDropped = (event: Of<'customerLeft'>, cause: string): readonly InteractionEffect[] =>
  event.by === 'customer' ? [] : [{ kind: 'callback.schedule', cause }];

export function missed(interaction: Interaction, event: Of<'missed'>, at: Date): Outcome {
  switch (interaction.state.name) {
    case 'arriving':
    case 'inFlow':
    case 'queued':
    case 'offered':
    case 'active':
      return lost(interaction, event.cause, at);
    case 'missed':
    case 'wrapUp':
      return same(interaction);
    case 'closed':
    case 'abandoned':
    case 'callbackScheduled':
      return illegal(interaction, event);
  }
}

const lost = (interaction: Interaction, cause: string, at: Date): Outcome =>
  end(interaction, { name: 'missed', missedAt: at, cause }, at, {
    kind: 'missed',
    data: { cause },
    outcome: 'missed',
    effects: [{ kind: 'callback.schedule', cause }],
  });

export function closed(interaction: Interaction, event: Of<'closed'>, at: Date): Outcome {
  const { state } = interaction;
  if (state.name === 'closed') return classifyLate(interaction, event);
  if (state.name === 'abandoned') return illegal(interaction, event);
  // close ends the wrap-up, hangup ends the call (contract.md).
  if (state.name === 'active' && isVoice(interaction))
    return refuse('interaction.stillTalking', interaction, event);
  // Who waits in a flow or a queue, or rings somewhere, is in nobody's hands: a closing form must not end that (an order does).
  if (event.by.kind === 'agent' && isOnTheWay(state))
    return refuse('interaction.notYours', interaction, event);
  const cause = event.cause ?? (state.name === 'wrapUp' ? state.cause : null);
  return end(interaction, { name: 'closed', closedAt: at, cause }, at, {
    kind: 'closed',
    actor: event.by,
    data: { ...saidAtClose(event), ...(cause === null ? {} : { cause }) },
    outcome: 'closed',
    disposition: event.disposition,
    noticed: true,
  });
}

const saidAtClose = ({ disposition, note, followUp }: Of<'closed'>): Readonly<Record<string, unknown>> => ({
  disposition,
  ...(note === undefined ? {} : { note }),
  ...(followUp === undefined ? {} : { followUp }),
});

const ON_THE_WAY: ReadonlySet<InteractionState['name']> = new Set([
  'arriving',
  'inFlow',
  'queued',
  'offered',
]);
const isOnTheWay = (state: InteractionState): boolean => ON_THE_WAY.has(state.name);

/** The explicit end: a live call goes to its operator's wrap-up as after any hang-up, everything else is over. */
export function endedByOrder(interaction: Interaction, event: Of<'endedByOrder'>, at: Date): Outcome {
  const { state } = interaction;
  const { by: actor, reason } = event;
  const cause = 'endedByOrder';
  if (isEnd(state)) return illegal(interaction, event);
  if (state.name === 'active' && isVoice(interaction))
    return toWrapUp(interaction, state, { cause, actor, reason }, at, [
      { kind: 'voice.end', legs: 'agent', cause },
    ]);
  return end(interaction, { name: 'closed', closedAt: at, cause }, at, {
    kind: 'closed',
    actor,
    data: { disposition: null, cause, reason },
    outcome: 'closed',
    noticed: true,
  });
}

/** The wrap-up ran out before the operator named a reason: the reason is still welcome, once. */
function classifyLate(interaction: Interaction, event: Of<'closed'>): Outcome {
  if (interaction.disposition !== null || event.disposition === null)
    return interaction.disposition === event.disposition ? same(interaction) : illegal(interaction, event);
  return changed(
    interaction,
    { disposition: event.disposition },
    {
      kind: 'classified',
      actor: event.by,
      data: saidAtClose(event),
    },
    [{ kind: 'contact.closed', disposition: event.disposition }],
  );
}

export function wrapUpExpired(interaction: Interaction, event: Of<'wrapUpExpired'>, at: Date): Outcome {
  const { state } = interaction;
  if (state.name !== 'wrapUp' || state.claim.hold !== event.hold) return illegal(interaction, event);
  // What was typed is kept, although nobody pressed the button in time.
  const { disposition, note } = state.draft ?? { disposition: null, note: null };
  return end(interaction, { name: 'closed', closedAt: at, cause: state.cause }, at, {
    kind: 'closed',
    data: { disposition, ...(note === null ? {} : { note }), cause: state.cause, wrapUpExpired: true },
    outcome: 'closed',
    disposition,
    noticed: true,
  });
}

export function callbackScheduled(
  interaction: Interaction,
  event: Of<'callbackScheduled'>,
  at: Date,
): Outcome {
  switch (interaction.state.name) {
    case 'inFlow':
    case 'queued':
    case 'missed':
    case 'abandoned':
    case 'callbackScheduled':
      return changed(
        interaction,
        {
          state: { name: 'callbackScheduled', dueAt: event.dueAt },
          segments: endSegment(interaction.segments, 'moved', at),
        },
        { kind: 'callbackScheduled', actor: event.actor, data: { dueAt: event.dueAt } },
        interaction.queue === null ? [] : [{ kind: 'queue.changed', queue: interaction.queue }],
      );
    case 'arriving':
    case 'offered':
    case 'active':
    case 'wrapUp':
    case 'closed':
      return illegal(interaction, event);
  }
}

interface Ending {
  readonly kind: string;
  readonly actor?: Actor;
  readonly data: Readonly<Record<string, unknown>>;
  readonly outcome: SegmentOutcome;
  readonly disposition?: string | null;
  readonly effects?: readonly InteractionEffect[];
  /** The customer is told that it was concluded. */
  readonly noticed?: boolean;
}

/** Whatever stood before is given back: the offer, the operator's capacity, the legs. */
function end(interaction: Interaction, state: InteractionState, at: Date, how: Ending): Outcome {
  return changed(
    interaction,
    {
      ...settleHold(interaction, at),
      state,
      segments: endSegment(interaction.segments, how.outcome, at),
      timestamps: { ...interaction.timestamps, closedAt: at },
      ...(how.disposition === undefined ? {} : { disposition: how.disposition }),
    },
    { kind: how.kind, actor: how.actor, data: how.data },
    [
      ...giveBack(interaction, how.kind),
      ...(how.effects ?? []),
      ...(interaction.queue === null ? [] : [{ kind: 'queue.changed', queue: interaction.queue } as const]),
      ...(state.name === 'closed'
        ? [{ kind: 'contact.closed', disposition: how.disposition ?? null } as const]
        : []),
      ...(how.noticed === true ? [{ kind: 'protocol.notice', notice: 'closed' } as const] : []),
    ],
  );
}

function giveBack(interaction: Interaction, cause: string): readonly InteractionEffect[] {
  const { state } = interaction;
  const legs: readonly InteractionEffect[] = isVoice(interaction)
    ? [{ kind: 'voice.end', legs: 'all', cause }]
    : [];
  switch (state.name) {
    case 'offered':
      return [...withdraw(state, cause), ...legs];
    case 'active':
    case 'wrapUp':
      return [
        { kind: 'agent.release', agentId: state.claim.agentId, hold: state.claim.hold },
        // In wrap-up the customer may still be in the survey: nobody cuts that short.
        ...(state.name === 'active' ? legs : []),
      ];
    case 'arriving':
    case 'inFlow':
    case 'queued':
      return legs;
    case 'closed':
    case 'abandoned':
    case 'missed':
    case 'callbackScheduled':
      return [];
  }
}
