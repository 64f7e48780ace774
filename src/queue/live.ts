import type { QueueLive } from '../contracts/realtime.ts';
import type { Interaction } from '../interactions/index.ts';
import { estimatedWaitMs, smoothed } from './domain/estimate.ts';
import type { Matcher } from './domain/matcher.ts';
import type { RouterDeps } from './router.ts';
import { slotOf } from './slots.ts';

export interface Live {
  /** Follows a committed change. */
  see(interaction: Interaction): void;
  live(companyId: string, key: string): QueueLive;
  estimatedWait(companyId: string, key: string, interactionId?: string): number | null;
}

/** What a queue looks like now, kept up with each change instead of counted. */
export function createLive(deps: RouterDeps, matcherOf: (companyId: string) => Matcher): Live {
  const { operators, queues, clock } = deps;
  const where = new Map<string, { readonly place: string; readonly state: 'offered' | 'active' }>();
  const counts = new Map<string, { offered: number; active: number }>();
  const handleMs = new Map<string, number>();
  const placeOf = (companyId: string, key: string): string => `${companyId}:${key}`;
  const countOf = (place: string): { offered: number; active: number } => {
    const known = counts.get(place) ?? { offered: 0, active: 0 };
    counts.set(place, known);
    return known;
  };

  const people = (
    companyId: string,
    key: string,
  ): { readonly present: number; readonly free: number; readonly paused: number } => {
    const members = operators.list(companyId).filter((agent) => agent.active && agent.queues.includes(key));
    const present = members.filter((agent) => agent.presence.state === 'available');
    const free = present.filter((agent) => {
      const slot = slotOf(agent);
      return slot.takesVoice || slot.textFree > 0;
    });
    const paused = members.filter((agent) => agent.presence.state === 'paused');
    return { present: present.length, free: free.length, paused: paused.length };
  };

  const estimatedWait = (companyId: string, key: string, interactionId?: string): number | null => {
    const matcher = matcherOf(companyId);
    const position = interactionId === undefined ? matcher.waiting(key) : matcher.position(interactionId);
    const { present, free } = people(companyId, key);
    return estimatedWaitMs(position, present, free, handleMs.get(placeOf(companyId, key)));
  };

  return {
    see(interaction) {
      const { id, state, queue, companyId } = interaction;
      const before = where.get(id);
      if (before !== undefined) countOf(before.place)[before.state]--;
      where.delete(id);
      if (queue === null) return;
      const place = placeOf(companyId, queue);
      if (state.name === 'offered' || state.name === 'active') {
        where.set(id, { place, state: state.name });
        countOf(place)[state.name]++;
      }
      const talkAt = interaction.segments.at(-1)?.talkAt ?? null;
      if (state.name === 'wrapUp' && talkAt !== null) {
        const took = state.endedAt.getTime() - talkAt.getTime() + state.claim.wrapUpMs;
        handleMs.set(place, smoothed(handleMs.get(place), took));
      }
    },
    live(companyId, key) {
      const queue = queues.settings(companyId, key);
      const matcher = matcherOf(companyId);
      const oldest = matcher.oldestSinceMs(key);
      const { present, paused } = people(companyId, key);
      return {
        key,
        name: queue.name,
        waiting: matcher.waiting(key),
        longestWaitMs: oldest === undefined ? 0 : Math.max(0, clock.now() - oldest),
        ...countOf(placeOf(companyId, key)),
        agentsAvailable: present,
        agentsPaused: paused,
        ...deps.day.figures(companyId, key),
        estimatedWaitMs: estimatedWait(companyId, key),
      };
    },
    estimatedWait,
  };
}
