import type { Clock, Timer } from '../shared/clock.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import { DEFAULT_WEIGHTS, type Agent, type Proposal } from '../agents/index.ts';
import type { Interaction, Waiting } from '../interactions/index.ts';
import { createClaims, type Claims } from './claims.ts';
import { createMatcher, type Matcher } from './domain/matcher.ts';
import type { Item } from './domain/types.ts';
import type { Queues } from './queues.ts';
import { createRefusals } from './refusals.ts';
import type { RouterDeps } from './router.ts';
import { itemOf, preferenceOf, slotOf, weightOf, type Preference } from './slots.ts';

/** Keeps the index true and claims whatever it proposes. */
export interface Placement {
  readonly claims: Claims;
  matcherOf(companyId: string): Matcher;
  /** Puts a contact where it belongs now, without looking for an operator. */
  index(interaction: Interaction): void;
  /** The same, and claims an operator if one is free. */
  place(interaction: Interaction): void;
  /** What the operator can take now, and claims the first in order. */
  placeAgent(agent: Agent): void;
  /** The same after a change of the operator's record: what it refused may fit now. */
  agentChanged(agent: Agent): void;
  /** Work for an operator as a change that is not written yet will make it. */
  propose(agent: Agent): Proposal | undefined;
  run(): void;
  stop(): void;
}

/** After a claim that the operator's record refused, the pair is not tried again for this long. */
const REFUSED_MS = 100;

export function createPlacement(deps: RouterDeps): Placement {
  const { queues, clock } = deps;
  const weights = deps.weights ?? (() => DEFAULT_WEIGHTS);
  const refusals = createRefusals();
  const matcherOf = createMatchers(queues);
  let running = false;

  const claims = createClaims(deps, {
    refused: ({ id }, agentId) => refusals.add(id, agentId),
    /** The truth of both sides after a claim, won or lost. */
    settled(interaction, agent) {
      if (interaction !== null) place(interaction);
      if (agent !== undefined) placeAgent(agent);
    },
  });

  const wakes = createWakes(clock, (interaction) => {
    refusals.clear(interaction.id);
    place(interaction);
  });
  /** Puts the item where it belongs now, or takes it out. */
  const index = (interaction: Interaction): void => {
    const { companyId, id, state } = interaction;
    const matcher = matcherOf(companyId);
    if (state.name !== 'queued') {
      matcher.removeItem(id);
      refusals.clear(id);
      wakes.set(interaction, null);
      return;
    }
    const queue = queues.settings(companyId, state.waiting.queue);
    const preference = preferenceNow(deps, interaction, state.waiting, refusals.of(interaction));
    const weight = weightOf(interaction, queue, weights(companyId));
    matcher.putItem(itemOf(interaction, state.waiting, weight, preference));
    wakes.set(interaction, preference.changesAtMs);
  };

  const place = (interaction: Interaction): void => {
    if (!running || claims.postpone(interaction)) return;
    index(interaction);
    const matcher = matcherOf(interaction.companyId);
    const slot = matcher.slotFor(interaction.id);
    const item = matcher.item(interaction.id);
    if (slot !== undefined && item !== undefined) claim(interaction.companyId, item, slot.id as AgentId);
  };

  const placeAgent = (agent: Agent): void => {
    if (!running) return;
    const matcher = matcherOf(agent.companyId);
    const slot = slotOf(agent);
    if (!slot.takesVoice && slot.textFree <= 0) {
      matcher.removeSlot(agent.id);
      return;
    }
    matcher.putSlot(slot);
    const item = matcher.itemFor(agent.id);
    if (item !== undefined) claim(agent.companyId, item, agent.id);
  };

  /** Both leave the index until the claim is settled. */
  const taken = (companyId: CompanyId, item: Item, agentId: AgentId): InteractionId => {
    matcherOf(companyId).removeItem(item.id);
    matcherOf(companyId).removeSlot(agentId);
    return item.id as InteractionId;
  };
  const claim = (companyId: CompanyId, item: Item, agentId: AgentId): void =>
    claims.start(companyId, taken(companyId, item, agentId), agentId, item);

  return {
    claims,
    matcherOf,
    index,
    place,
    placeAgent,
    agentChanged(agent) {
      for (const interaction of refusals.forgive(agent.id))
        if (running && !claims.postpone(interaction)) index(interaction);
      placeAgent(agent);
    },
    propose(agent) {
      const { companyId, id } = agent;
      const item = running ? matcherOf(companyId).itemForSlot(slotOf(agent)) : undefined;
      if (item === undefined) return undefined;
      return claims.propose(companyId, taken(companyId, item, id), id, item);
    },
    run() {
      running = true;
    },
    stop() {
      running = false;
      wakes.stop();
      claims.stop();
    },
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

/** One timer per waiting contact: the moment at which a preference of its own changes. */
function createWakes(
  clock: Clock,
  fire: (interaction: Interaction) => void,
): { set(interaction: Interaction, atMs: number | null): void; stop(): void } {
  const timers = new Map<string, Timer>();
  let stopped = false;
  return {
    set(interaction, atMs) {
      timers.get(interaction.id)?.cancel();
      timers.delete(interaction.id);
      if (atMs === null || stopped) return;
      const timer = clock.after(Math.max(0, atMs - clock.now()), () => {
        timers.delete(interaction.id);
        fire(interaction);
      });
      timers.set(interaction.id, timer);
    },
    stop() {
      stopped = true;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}

/** Whoever refused it a moment ago is not asked at once. */
function preferenceNow(
  { operators, queues, clock }: RouterDeps,
  interaction: Interaction,
  waiting: Waiting,
  refusedBy: readonly string[],
): Preference {
  const { companyId } = interaction;
  const { stickyMs } = queues.settings(companyId, waiting.queue);
  const present = (agentId: string): boolean =>
    operators.get(companyId, agentId)?.presence.state === 'available';
  const nowMs = clock.now();
  const preference = preferenceOf(interaction, waiting, stickyMs, present, nowMs);
  if (refusedBy.length === 0) return preference;
  return {
    ...preference,
    avoid: [...preference.avoid, ...refusedBy],
    changesAtMs: Math.min(preference.changesAtMs ?? Infinity, nowMs + REFUSED_MS),
  };
}
