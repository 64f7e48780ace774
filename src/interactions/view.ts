import type { InteractionView, MessageView } from '../contracts/interaction.ts';
import type { Interaction, Segment } from './domain/types.ts';
import type { Message } from './ports.ts';

type SegmentView = InteractionView['segments'][number];

const time = <K extends string>(key: K, at: Date | null): Partial<Record<K, string>> =>
  at === null ? {} : ({ [key]: at.toISOString() } as Partial<Record<K, string>>);

const segmentView = (segment: Segment): SegmentView => ({
  queue: segment.queue,
  queuedAt: segment.queuedAt.toISOString(),
  ...time('offeredAt', segment.offeredAt),
  ...time('talkAt', segment.talkAt),
  ...time('endedAt', segment.endedAt),
});

function stateFields({ state }: Interaction): Partial<InteractionView> {
  switch (state.name) {
    case 'offered':
    case 'wrapUp':
      return { deadline: state.deadline.toISOString() };
    case 'active':
      return {
        ...time('connectedAt', state.connectedAt),
        onHold: state.onHold,
        waitingForCustomer: state.waitingForCustomer,
      };
    case 'closed':
      return state.cause === null ? {} : { endCause: state.cause };
    case 'missed':
      return { endCause: state.cause };
    case 'arriving':
    case 'inFlow':
    case 'queued':
    case 'abandoned':
    case 'callbackScheduled':
      return {};
  }
}

/** The contact as the API and the sockets show it. */
export function interactionView(interaction: Interaction): InteractionView {
  const { timestamps: times } = interaction;
  return {
    id: interaction.id,
    channel: interaction.channel,
    direction: interaction.direction,
    state: interaction.state.name,
    queue: interaction.queue,
    priority: interaction.priority,
    customer: interaction.customer,
    identity: interaction.identity,
    contact: interaction.contact,
    protocol: interaction.protocol,
    ...(interaction.protocolType === null ? {} : { protocolType: interaction.protocolType }),
    agent: interaction.agent,
    segments: interaction.segments.map(segmentView),
    timestamps: {
      arrivedAt: times.arrivedAt.toISOString(),
      ...time('queuedAt', times.queuedAt),
      ...time('offeredAt', times.offeredAt),
      ...time('acceptedAt', times.acceptedAt),
      ...time('closedAt', times.closedAt),
    },
    disposition: interaction.disposition,
    ...(interaction.subject === null ? {} : { subject: interaction.subject }),
    ...(interaction.recording ? { recording: true } : {}),
    ...stateFields(interaction),
  };
}

export function messageView(message: Message): MessageView {
  return {
    id: message.id,
    interactionId: message.interactionId,
    direction: message.direction,
    author: message.author,
    from: message.from,
    to: [...message.to],
    ...(message.subject === undefined ? {} : { subject: message.subject }),
    text: message.text,
    attachments: message.attachments,
    status: message.status,
    at: message.at.toISOString(),
  };
}
