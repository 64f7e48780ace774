import type { Clock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import type { QueueLive } from '../contracts/realtime.ts';
import type { Logger } from '../platform/log/index.ts';
import { type Agent, type HoldRefusal, mayHold, type Weights } from '../agents/index.ts';
import { toAppError, type Interaction } from '../interactions/index.ts';
import { createAbsence } from './absence.ts';
import { createContactDeadlines } from './deadlines.ts';
import { createLive } from './live.ts';
import { createPlacement } from './placement.ts';
import { createGossip } from './neighbours.ts';
import type { Contacts, DayFigures, Neighbours, Operators } from './ports.ts';
import type { Queues } from './queues.ts';
import { weightNow } from './slots.ts';

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
  /** Why this operator could not be given this contact now, whatever its queue; null: could. undefined: no such operator. */
  refusal(contact: Interaction, agentId: string): HoldRefusal | null | undefined;
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
  /** Several processes over one store tell each other what changed. */
  readonly neighbours?: Neighbours;
}

/**
 * Gives what waits to who is free. The index lives in memory and follows every committed change; whoever it names is claimed
 * by compare-and-set, first the operator's capacity, then the contact (ADR 0005). Losers look again at what is true now.
 */
export function createRouter(deps: RouterDeps): Router {
  const { contacts, operators, queues, clock } = deps;
  const placement = createPlacement(deps);
  const deadlines = createContactDeadlines(deps);
  const absence = createAbsence(deps);
  const live = createLive(deps, (companyId) => placement.matcherOf(companyId));
  let running = false;

  const follow = (interaction: Interaction): void => {
    // Every process keeps the timers: when one dies the others' fire, and an event that comes twice is refused.
    deadlines.sync(interaction);
    live.see(interaction);
    placement.place(interaction);
  };
  const gossip = createGossip(deps, deps.neighbours, {
    contact: (interaction) => {
      if (!running) return;
      follow(interaction);
      deps.day.see(interaction);
    },
  });

  contacts.onCommit((interaction) => {
    follow(interaction);
  });
  contacts.onChange((interaction) => {
    gossip.contact(interaction);
    if (running) absence.contactChanged(interaction);
  });
  queues.onChange((queue) => placement.queueChanged(queue));
  operators.propose({
    changing: (agent) => placement.propose(agent),
    changed: (agent) => placement.proposed(agent),
  });
  operators.onChange((agent, before) => {
    if (before !== undefined) gossip.agent(agent);
    absence.agentChanged(agent, before);
    placement.agentChanged(agent);
  });

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
      const result = await placement.claims.take(companyId, interactionId, agentId, options?.own === true);
      if (result instanceof AppError) throw result;
      return result;
    },
    refusal(contact, agentId) {
      const agent = operators.get(contact.companyId, agentId);
      return agent === undefined
        ? undefined
        : (mayHold(agent, contact.channel, weightNow(deps, contact)) ?? null);
    },
    live: (companyId, key) => live.live(companyId, key),
    position: (companyId, id) => placement.matcherOf(companyId).position(id),
    estimatedWait: (companyId, key, id) => live.estimatedWait(companyId, key, id),
    async start() {
      const known = await contacts.inStates(['queued', 'offered', 'active', 'wrapUp']);
      running = true;
      placement.run();
      for (const interaction of known) {
        deadlines.resume(interaction);
        live.see(interaction);
        placement.index(interaction);
      }
      // Operators choose in turn, each the first in order, so that a restart does not shuffle the queue.
      for (const agent of operators.all()) placement.placeAgent(agent);
      for (const interaction of known) absence.contactChanged(interaction);
      for (const interaction of known) await takeBackUnbacked(deps, interaction);
    },
    idle: () => placement.claims.idle(),
    async stop() {
      running = false;
      deadlines.stop();
      placement.stop();
      await placement.claims.idle();
    },
  };
}

/** An offer whose hold never came to the disk, because the process ended between the two, was never shown: made anew. */
async function takeBackUnbacked(
  { operators, contacts }: RouterDeps,
  { companyId, id, state }: Interaction,
): Promise<void> {
  if (state.name !== 'offered') return;
  const { agentId, hold } = state.claim;
  const backs = (agent: Agent | undefined): boolean =>
    agent?.work.some((work) => work.token === hold) === true;
  // Another process may have written it since the operators were read.
  if (backs(operators.get(companyId, agentId)) || backs(await operators.refresh(companyId, agentId))) return;
  await contacts.apply(companyId, id, { type: 'offerRevoked', hold, reason: 'serverRestart' });
}
