import { DEFAULT_WEIGHTS, type Agent } from '../agents/index.ts';
import type { Interaction } from '../interactions/index.ts';
import { createMatcher, type Matcher } from './domain/matcher.ts';
import { createPatience } from './patience.ts';
import type { Queues } from './queues.ts';
import type { RouterDeps } from './router.ts';
import { itemOf, weightOf } from './slots.ts';
import { createWaiters } from './waiters.ts';

/** Everybody who waits, each where it belongs now. */
export interface Line {
  readonly matcherOf: (companyId: string) => Matcher;
  /** Puts the contact where it belongs now, or takes it out. */
  index(interaction: Interaction): void;
  /** Does this with the contact if it still waits. */
  waiting(contactId: string, act: (interaction: Interaction) => void): void;
  of(companyId: string, queue: string): readonly Interaction[];
  /** Those for whom this change of the operator's record means something: it refused them, or they are kept for it. */
  touchedBy(agent: Agent): readonly Interaction[];
  /** The operator's record refused a claim on this contact just now. */
  refused(contactId: string, agentId: string): void;
  stop(): void;
}

/** `due`: a time of this contact ran out, it belongs somewhere else now. */
export function createLine(deps: RouterDeps, due: (interaction: Interaction) => void): Line {
  const { queues } = deps;
  const weights = deps.weights ?? (() => DEFAULT_WEIGHTS);
  const waiters = createWaiters();
  const matcherOf = createMatchers(queues);
  const waiting: Line['waiting'] = (contactId, act) => {
    const interaction = waiters.get(contactId);
    if (interaction !== undefined) act(interaction);
  };
  const patience = createPatience(deps, (contactId) => waiting(contactId, due));
  return {
    matcherOf,
    index(interaction) {
      const { companyId, id, state } = interaction;
      if (state.name !== 'queued') {
        matcherOf(companyId).removeItem(id);
        waiters.remove(id);
        // From an offer it may come back, and from whom it was kept it is kept still.
        if (state.name !== 'offered') patience.forget(id);
        return;
      }
      waiters.put(interaction);
      const queue = queues.settings(companyId, state.waiting.queue);
      const preference = patience.read(interaction, state.waiting);
      const weight = weightOf(interaction, queue, weights(companyId));
      matcherOf(companyId).putItem(itemOf(interaction, state.waiting, weight, preference));
    },
    waiting,
    of: (companyId, queue) => waiters.of(companyId, queue),
    touchedBy: (agent) =>
      [...patience.forgive(agent.id), ...waiters.named(agent)].flatMap((id) => waiters.get(id) ?? []),
    refused: (contactId, agentId) => patience.refused(contactId, agentId),
    stop: () => patience.stop(),
  };
}

/** One index per company: nobody sees another's. */
function createMatchers(queues: Queues): (companyId: string) => Matcher {
  const matchers = new Map<string, Matcher>();
  return (companyId) => {
    const known = matchers.get(companyId);
    if (known !== undefined) return known;
    const made = createMatcher((queue) => queues.settings(companyId, queue).strategy);
    matchers.set(companyId, made);
    return made;
  };
}
