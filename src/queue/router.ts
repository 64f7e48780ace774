import type { Clock, Timer } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import type { QueueLive } from '../contracts/realtime.ts';
import type { Logger } from '../platform/log/index.ts';
import { DEFAULT_WEIGHTS, type Agent, type Weights } from '../agents/index.ts';
import { toAppError, type Interaction } from '../interactions/index.ts';
import { createClaims } from './claims.ts';
import { createDeadlines } from './deadlines.ts';
import { createMatcher, type Matcher } from './domain/matcher.ts';
import { createLive } from './live.ts';
import type { Contacts, DayFigures, Operators } from './ports.ts';
import type { Queues } from './queues.ts';
import { itemOf, preferenceOf, slotOf, weightOf } from './slots.ts';

export interface Router {
  /** The winner may ask twice. Errors: offer.taken 409, offer.expired 409, interaction.ended 409, interaction.notFound 404. */
  accept(companyId: CompanyId, interactionId: InteractionId, agentId: AgentId): Promise<Interaction>;
  reject(companyId: CompanyId, interactionId: InteractionId, agentId: AgentId): Promise<void>;
  /**
   * Straight into an operator's hands: an own outbound call, or a pick from the queue.
   * Errors: agent.onCall, agent.full, agent.notAvailable 409 and those of accept.
   */
  take(
    companyId: CompanyId,
    interactionId: InteractionId,
    agentId: AgentId,
    options?: { readonly own?: boolean },
  ): Promise<Interaction>;
  live(companyId: string, key: string): QueueLive;
  /** Items before this one in its queue; 0 is next. */
  position(companyId: string, interactionId: string): number;
  /** Of a newcomer to the queue, or of one that waits, in ms; null: nobody is there. */
  estimatedWait(companyId: string, key: string, interactionId?: string): number | null;
  /** Rebuilds the index and the timers from the store, then routes. */
  start(): Promise<void>;
  /** Resolves when no claim is under way. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export interface RouterDeps {
  readonly contacts: Contacts;
  readonly operators: Operators;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly logger: Logger;
  /** New ids for holds. */
  readonly ids: () => string;
  readonly day: DayFigures;
  readonly weights?: (companyId: string) => Weights;
}

/** After a claim that the operator's record refused, the pair is not tried again for this long. */
const REFUSED_MS = 100;

/**
 * Gives what waits to who is free. The index lives in memory and follows every committed change; whoever it names is claimed
 * by compare-and-set, first the operator's capacity, then the contact (ADR 0005). Losers look again at what is true now.
 */
export function createRouter(deps: RouterDeps): Router {
  const { contacts, operators, queues, clock } = deps;
  const weights = deps.weights ?? (() => DEFAULT_WEIGHTS);
  const matchers = new Map<string, Matcher>();
  /** The moment at which a preference of a waiting item changes. */
  const wakes = new Map<string, Timer>();
  /** Pairs that were just refused: item → operators, until the item is placed again. */
  const refused = new Map<string, Set<string>>();
  const deadlines = createDeadlines(deps);
  const live = createLive(deps, (companyId) => matcherOf(companyId));
  let running = false;

  const matcherOf = (companyId: string): Matcher => {
    const known = matchers.get(companyId);
    if (known !== undefined) return known;
    const made = createMatcher((queue) => queues.settings(companyId, queue).strategy);
    matchers.set(companyId, made);
    return made;
  };

  const claims = createClaims(deps, {
    refused(interaction, agentId) {
      const pairs = refused.get(interaction.id) ?? new Set();
      refused.set(interaction.id, pairs.add(agentId));
    },
    /** The truth of both sides after a claim, won or lost. */
    settled(interaction, agent) {
      if (interaction !== null) place(interaction);
      if (agent !== undefined) placeAgent(agent);
    },
  });

  const wake = (interaction: Interaction, atMs: number | null): void => {
    wakes.get(interaction.id)?.cancel();
    wakes.delete(interaction.id);
    if (atMs === null || !running) return;
    const timer = clock.after(Math.max(0, atMs - clock.now()), () => {
      wakes.delete(interaction.id);
      refused.delete(interaction.id);
      place(interaction);
    });
    wakes.set(interaction.id, timer);
  };

  /** Puts the item where it belongs now, or takes it out. */
  const index = (interaction: Interaction): void => {
    const { companyId, id, state } = interaction;
    const matcher = matcherOf(companyId);
    if (state.name !== 'queued') {
      matcher.removeItem(id);
      refused.delete(id);
      wake(interaction, null);
      return;
    }
    const queue = queues.settings(companyId, state.waiting.queue);
    const present = (agentId: string): boolean =>
      operators.get(companyId, agentId)?.presence.state === 'available';
    const preference = preferenceOf(interaction, state.waiting, queue.stickyMs, present, clock.now());
    const refusedBy = [...(refused.get(id) ?? [])];
    const retryAtMs = refusedBy.length === 0 ? null : clock.now() + REFUSED_MS;
    matcher.putItem(
      itemOf(interaction, state.waiting, weightOf(interaction, queue, weights(companyId)), {
        ...preference,
        avoid: [...preference.avoid, ...refusedBy],
      }),
    );
    wake(interaction, earlier(preference.changesAtMs, retryAtMs));
  };

  const place = (interaction: Interaction): void => {
    if (!running || claims.postpone(interaction)) return;
    index(interaction);
    const matcher = matcherOf(interaction.companyId);
    const slot = matcher.slotFor(interaction.id);
    if (slot !== undefined) claim(interaction.companyId, interaction.id, slot.id as AgentId);
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
    if (item !== undefined) claim(agent.companyId, item.id as InteractionId, agent.id);
  };

  /** Both leave the index until the claim is settled. */
  const claim = (companyId: CompanyId, interactionId: InteractionId, agentId: AgentId): void => {
    const matcher = matcherOf(companyId);
    const item = matcher.item(interactionId);
    if (item === undefined) return;
    matcher.removeItem(interactionId);
    matcher.removeSlot(agentId);
    claims.start(companyId, interactionId, agentId, item);
  };

  contacts.onChange((interaction) => {
    deadlines.sync(interaction);
    live.see(interaction);
    place(interaction);
    giveBackIfOffline(interaction);
  });
  operators.onChange((agent, before) => {
    if (agent.presence.state !== 'available') withdrawOffers(agent, 'presence');
    if (agent.presence.state === 'offline' && before?.presence.state !== 'offline') giveBackText(agent);
    placeAgent(agent);
  });

  /** Nobody rings at an operator who went away. */
  const withdrawOffers = (agent: Agent, reason: string): void => {
    for (const work of agent.work)
      if (work.phase === 'hold')
        void send(agent.companyId, work.interactionId, { type: 'offerRevoked', hold: work.token, reason });
  };

  /** Conversations in which the customer waits go to somebody who is there. */
  const giveBackText = (agent: Agent): void => {
    for (const work of agent.work)
      if (work.phase === 'work' && work.channel !== 'voice' && work.counts)
        void send(agent.companyId, work.interactionId, { type: 'agentLost', reason: 'offline' });
  };

  const giveBackIfOffline = (interaction: Interaction): void => {
    const { state, companyId, id } = interaction;
    if (!running || state.name !== 'active' || interaction.channel === 'voice') return;
    if (state.waitingForCustomer) return;
    const agent = operators.get(companyId, state.claim.agentId);
    if (agent === undefined || agent.presence.state === 'offline')
      void send(companyId, id, { type: 'agentLost', reason: 'offline' });
  };

  const send = async (
    companyId: CompanyId,
    id: InteractionId,
    event: Parameters<Contacts['apply']>[2],
  ): Promise<void> => {
    try {
      await contacts.apply(companyId, id, event);
    } catch (error) {
      deps.logger.error({ err: error, interactionId: id, event: event.type }, 'event not applied');
    }
  };

  return {
    async accept(companyId, interactionId, agentId) {
      const result = await contacts.apply(companyId, interactionId, { type: 'accepted', agentId });
      if (!result.ok) throw toAppError(result.error);
      return result.value;
    },
    async reject(companyId, interactionId, agentId) {
      const queue = (await contacts.get(companyId, interactionId))?.queue ?? '';
      const avoidUntil = new Date(clock.now() + queues.settings(companyId, queue).rejectMs);
      const result = await contacts.apply(companyId, interactionId, {
        type: 'offerRejected',
        agentId,
        avoidUntil,
      });
      if (!result.ok) throw toAppError(result.error);
    },
    async take(companyId, interactionId, agentId, options) {
      const result = await claims.take(companyId, interactionId, agentId, options?.own === true);
      if (result instanceof AppError) throw result;
      return result;
    },
    live: (companyId, key) => live.live(companyId, key),
    position: (companyId, id) => matcherOf(companyId).position(id),
    estimatedWait: (companyId, key, id) => live.estimatedWait(companyId, key, id),
    async start() {
      const known = await contacts.inStates(['queued', 'offered', 'active', 'wrapUp']);
      running = true;
      for (const interaction of known) {
        deadlines.sync(interaction);
        live.see(interaction);
        index(interaction);
      }
      // Operators choose in turn, each the first in order, so that a restart does not shuffle the queue.
      for (const agent of operators.all()) placeAgent(agent);
      for (const interaction of known) giveBackIfOffline(interaction);
    },
    idle: () => claims.idle(),
    async stop() {
      running = false;
      deadlines.stop();
      for (const timer of wakes.values()) timer.cancel();
      wakes.clear();
      await claims.idle();
    },
  };
}

const earlier = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);
