import { assertNever } from '../../shared/assert-never.ts';
import { changed, illegal, isEnd, refuse, same, type Outcome } from './change.ts';
import { callbackScheduled, closed, customerLeft, endedByOrder, missed, wrapUpExpired } from './endings.ts';
import { accepted, offered, offerRejected, offerRevoked, offerTimedOut } from './offers.ts';
import { agentEnded, connected, hearing, holding, replyFailed, transferred, wrote } from './talking.ts';
import type { InteractionEvent } from './events.ts';
import type { Interaction } from './types.ts';
import { agentLost, enqueued, requeued } from './waiting.ts';
import { drafted, wrapUpExtended } from './wrap-up.ts';

/**
 * The one function that changes the state of a contact (diagram at `InteractionState`). Total: each pair of state and
 * event is a change, "it had already happened", or an error with a name. `at` is the instant of the event.
 */
// eslint-disable-next-line complexity -- total by design: one branch for each event
export function transition(interaction: Interaction, event: InteractionEvent, at: Date): Outcome {
  switch (event.type) {
    case 'flowStarted':
      return flowStarted(interaction, event, at);
    case 'enqueued':
      return enqueued(interaction, event, at);
    case 'offered':
      return offered(interaction, event, at);
    case 'offerTimedOut':
      return offerTimedOut(interaction, event);
    case 'offerRejected':
      return offerRejected(interaction, event);
    case 'offerRevoked':
      return offerRevoked(interaction, event);
    case 'accepted':
      return accepted(interaction, event, at);
    case 'connected':
      return connected(interaction, event, at);
    case 'held':
    case 'resumed':
      return holding(interaction, event, at);
    case 'customerSilent':
    case 'customerHeard':
      return hearing(interaction, event, at);
    case 'agentLost':
      return agentLost(interaction, event, at);
    case 'requeued':
      return requeued(interaction, event, at);
    case 'transferred':
      return transferred(interaction, event, at);
    case 'customerLeft':
      return customerLeft(interaction, event, at);
    case 'agentEnded':
      return agentEnded(interaction, event, at);
    case 'replied':
    case 'customerReplied':
      return wrote(interaction, event);
    case 'replyFailed':
      return replyFailed(interaction, event);
    case 'wrapUpExtended':
      return wrapUpExtended(interaction, event, at);
    case 'drafted':
      return drafted(interaction, event);
    case 'wrapUpExpired':
      return wrapUpExpired(interaction, event, at);
    case 'closed':
      return closed(interaction, event, at);
    case 'endedByOrder':
      return endedByOrder(interaction, event, at);
    case 'missed':
      return missed(interaction, event, at);
    case 'callbackScheduled':
      return callbackScheduled(interaction, event, at);
    case 'identified':
      return identified(interaction, event);
    case 'holdVoided':
      return holdVoided(interaction, event);
    case 'messageQueued':
      return changed(interaction, {}, { kind: 'messageQueued', data: { messageId: event.messageId } }, [
        { kind: 'message.send', messageId: event.messageId },
      ]);
    case 'recordingStarted':
      return interaction.recording
        ? same(interaction)
        : changed(interaction, { recording: true }, { kind: 'recordingStarted' });
    default:
      return assertNever(event);
  }
}

function flowStarted(
  interaction: Interaction,
  event: Extract<InteractionEvent, { type: 'flowStarted' }>,
  at: Date,
): Outcome {
  if (interaction.state.name === 'inFlow' && interaction.state.flow === event.flow) return same(interaction);
  if (interaction.state.name !== 'arriving') return illegal(interaction, event);
  return changed(
    interaction,
    { state: { name: 'inFlow', flow: event.flow, startedAt: at } },
    { kind: 'flowStarted', data: { flow: event.flow } },
  );
}

/** How many taken back holds are remembered; claims that sleep through so many others do not exist. */
const VOIDED_KEPT = 20;

function holdVoided(
  interaction: Interaction,
  event: Extract<InteractionEvent, { type: 'holdVoided' }>,
): Outcome {
  const { state, voided } = interaction;
  if ('claim' in state && state.claim.hold === event.hold) return refuse('hold.stands', interaction, event);
  // What is over cannot be claimed.
  if (isEnd(state) || voided.includes(event.hold)) return same(interaction);
  return changed(
    interaction,
    { voided: [...voided, event.hold].slice(-VOIDED_KEPT) },
    { kind: 'holdVoided', data: { hold: event.hold } },
  );
}

/** Who it is may become known, or be corrected, at any time, also after the end. */
function identified(
  interaction: Interaction,
  event: Extract<InteractionEvent, { type: 'identified' }>,
): Outcome {
  const { customer, identity } = event;
  const unchanged =
    interaction.customer?.id === customer?.id &&
    interaction.customer?.name === customer?.name &&
    interaction.identity === identity &&
    (event.preferredAgent === undefined || interaction.preferredAgent === event.preferredAgent);
  if (unchanged) return same(interaction);
  return changed(
    interaction,
    { customer, identity, preferredAgent: event.preferredAgent ?? interaction.preferredAgent },
    { kind: 'identified', data: { customerId: customer?.id ?? null, identity } },
    [{ kind: 'protocol.customer' }],
  );
}
