import type { InteractionView, MessageView, UndeliveredReply } from '../contracts/interaction.ts';
import { failureWords } from '../contracts/failures.ts';
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
      return { deadline: state.deadline.toISOString() };
    case 'wrapUp':
      return { deadline: state.deadline.toISOString(), endedAt: state.endedAt.toISOString() };
    case 'active':
      return {
        ...time('connectedAt', state.connectedAt),
        onHold: state.onHold,
        ...time('customerSilentSince', state.silentSince ?? null),
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
    version: interaction.version,
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

/** A mail that waits for its relay has a reason too. */
function failureOf({ status, error }: Message): Pick<MessageView, 'failure'> {
  if (error === undefined || error === '' || (status !== 'failed' && status !== 'queued')) return {};
  return { failure: { code: error, message: failureWords(error, status).pt } };
}

export function messageView(message: Message): MessageView {
  return {
    id: message.id,
    interactionId: message.interactionId,
    direction: message.direction,
    author: message.author,
    from: message.from,
    to: [...message.to],
    ...(message.cc === undefined ? {} : { cc: [...message.cc] }),
    ...(message.replyCc === undefined ? {} : { replyCc: [...message.replyCc] }),
    ...(message.via === undefined ? {} : { via: message.via }),
    ...(message.notices === undefined ? {} : { notices: [...message.notices] }),
    ...(message.subject === undefined ? {} : { subject: message.subject }),
    text: message.text,
    ...(message.otherText === undefined ? {} : { otherText: message.otherText }),
    attachments: message.attachments,
    status: message.status,
    ...failureOf(message),
    ...(message.undelivered === true ? { undelivered: true } : {}),
    at: message.at.toISOString(),
  };
}

/** A line of the list of undelivered replies. */
export const undeliveredView = (message: Message, contact: Interaction): UndeliveredReply => ({
  id: message.id,
  interactionId: contact.id,
  name: contact.customer?.name ?? contact.contact.name ?? contact.contact.address,
  protocol: contact.protocol,
  queue: contact.queue,
  ...failureOf(message),
  at: message.at.toISOString(),
});
