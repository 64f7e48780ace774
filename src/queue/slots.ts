import { mayHold, onVoice, TEXT_CAPACITY, textLoad, type Agent, type Weights } from '../agents/index.ts';
import type { Interaction, Waiting } from '../interactions/index.ts';
import type { QueueConfig } from './domain/config.ts';
import type { Item, Slot } from './domain/types.ts';

/** What the operator can take now; the same rules as the claim, so that the index offers nothing that is refused. */
export function slotOf(agent: Agent): Slot {
  const takesText = mayHold(agent, 'email', 0) === undefined;
  return {
    id: agent.id,
    queues: agent.queues,
    skills: agent.skills,
    takesVoice: mayHold(agent, 'voice', 0) === undefined,
    textFree: takesText ? TEXT_CAPACITY - textLoad(agent) : 0,
    idleSinceMs: agent.idleSince.getTime(),
    load: textLoad(agent) + (onVoice(agent) ? TEXT_CAPACITY : 0),
    turn: agent.turn,
  };
}

export function weightOf(interaction: Interaction, queue: QueueConfig, weights: Weights): number {
  const { channel } = interaction;
  return channel === 'voice' ? 0 : (queue.weights[channel] ?? weights[channel]);
}

/** Who must not be asked now, who alone may be, and when that changes next (ms since the epoch). */
export interface Preference {
  readonly reservedFor: string | null;
  readonly avoid: readonly string[];
  readonly changesAtMs: number | null;
}

export function preferenceOf(
  interaction: Interaction,
  waiting: Waiting,
  stickyMs: number,
  present: (agentId: string) => boolean,
  nowMs: number,
): Preference {
  const named = stickyOf(interaction, waiting, stickyMs);
  const sticky = named !== null && named.untilMs > nowMs && present(named.agentId) ? named : null;
  const avoid = waiting.avoid.filter((entry) => entry.until.getTime() > nowMs);
  const moments = avoid.map((entry) => entry.until.getTime());
  if (sticky !== null) moments.push(sticky.untilMs);
  return {
    reservedFor: sticky?.agentId ?? null,
    avoid: avoid.map((entry) => entry.agentId),
    changesAtMs: moments.length === 0 ? null : Math.min(...moments),
  };
}

/** A named target (transfer) first, else the last operator or the owner of the portfolio for the queue's time. */
function stickyOf(
  interaction: Interaction,
  waiting: Waiting,
  stickyMs: number,
): { readonly agentId: string; readonly untilMs: number } | null {
  if (waiting.sticky !== null)
    return { agentId: waiting.sticky.agentId, untilMs: waiting.sticky.until.getTime() };
  const { preferredAgent } = interaction;
  if (preferredAgent === null || stickyMs <= 0) return null;
  return { agentId: preferredAgent, untilMs: waiting.queuedAt.getTime() + stickyMs };
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
