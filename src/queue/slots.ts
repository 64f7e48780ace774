import {
  canRing,
  DEFAULT_WEIGHTS,
  mayHold,
  onVoice,
  TEXT_CAPACITY,
  textLoad,
  textRings,
  type Agent,
  type Weights,
} from '../agents/index.ts';
import type { Interaction, Waiting } from '../interactions/index.ts';
import type { QueueConfig } from './domain/config.ts';
import type { Item, Slot } from './domain/types.ts';
import type { RouterDeps } from './router.ts';

/** What the operator can take now; the same rules as the claim, so that the index offers nothing that is refused. */
export function slotOf(agent: Agent): Slot {
  const takesText = mayHold(agent, 'email', 0) === undefined && canRing(agent, 'email');
  return {
    id: agent.id,
    queues: agent.queues,
    skills: agent.skills,
    takesVoice: mayHold(agent, 'voice', 0) === undefined && canRing(agent, 'voice'),
    textFree: takesText ? TEXT_CAPACITY - textLoad(agent) : 0,
    textRings: textRings(agent),
    idleSinceMs: agent.idleSince.getTime(),
    inHand: agent.work.length,
    load: textLoad(agent) + (onVoice(agent) ? TEXT_CAPACITY : 0),
    turn: agent.turn,
  };
}

export function weightOf(
  { channel }: Pick<Interaction, 'channel'>,
  queue: QueueConfig,
  weights: Weights,
): number {
  return channel === 'voice' ? 0 : (queue.weights[channel] ?? weights[channel]);
}

/** What this contact would take of whoever got it now, by its queue's settings. */
export const weightNow = (
  { queues, weights }: Pick<RouterDeps, 'queues' | 'weights'>,
  contact: { readonly companyId: string } & Pick<Interaction, 'channel' | 'queue'>,
): number =>
  weightOf(
    contact,
    queues.settings(contact.companyId, contact.queue ?? ''),
    weights?.(contact.companyId) ?? DEFAULT_WEIGHTS,
  );

/** Who must not be asked now, and who alone may be. */
export interface Preference {
  readonly reservedFor: string | null;
  readonly avoid: readonly string[];
}

export function itemOf(
  interaction: Interaction,
  waiting: Waiting,
  weight: number,
  preference: Preference,
): Item {
  return {
    id: interaction.id,
    queue: waiting.queue,
    channel: interaction.channel,
    weight,
    priority: waiting.priority,
    sinceMs: waiting.since.getTime(),
    arrival: interaction.id,
    skills: waiting.skills,
    reservedFor: preference.reservedFor,
    avoid: preference.avoid,
  };
}
