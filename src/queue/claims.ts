import type { Clock, Timer } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import type { Agent, HoldRequest, Proposal } from '../agents/index.ts';
import type { Logger } from '../platform/log/index.ts';
import { toAppError, type Interaction } from '../interactions/index.ts';
import type { Item } from './domain/types.ts';
import type { RouterDeps } from './router.ts';
import { weightNow } from './slots.ts';

/** How much longer than the offer a hold lives: whoever finds it expired may ask whether the contact stands behind it. */
const GRACE_MS = 5_000;
/** After a failure of the store the pair is looked at again after this: not at once, but the item must come back. */
const RETRY_MS = 1_000;

interface Hooks {
  refused(interaction: { readonly id: string }, agentId: string): void;
  settled(attempt: Attempt, token: string, interaction: Interaction | null): void;
}

export interface Claims {
  /** Holds the operator's capacity, then takes the contact; both by compare-and-set. Answers the hold's token. */
  start(companyId: CompanyId, interactionId: InteractionId, agentId: AgentId, item: Item): string;
  /** The same for an operator whose record is about to be written: the hold goes into that write. */
  propose(companyId: CompanyId, interactionId: InteractionId, agentId: AgentId, item: Item): Proposal;
  /** True while this contact is being claimed: what happens to it meanwhile is looked at when the claim is settled. */
  postpone(interaction: Interaction): boolean;
  take(
    companyId: CompanyId,
    interactionId: InteractionId,
    agentId: AgentId,
    own: boolean,
  ): Promise<Interaction | AppError>;
  idle(): Promise<void>;
  stop(): void;
}

/** One try to bring one contact to one operator. */
export interface Attempt {
  readonly companyId: CompanyId;
  readonly interactionId: InteractionId;
  readonly agentId: AgentId;
}

interface Terms {
  readonly ringMs: number;
  readonly wrapUpMs: number;
  readonly request: HoldRequest;
}

type Held = Parameters<Proposal['settled']>[0];

export function createClaims(deps: RouterDeps, hooks: Hooks): Claims {
  const { contacts, operators, clock } = deps;
  /** Contacts that are being claimed, with what was last heard of each meanwhile. */
  const underWay = new Map<string, Interaction | null>();
  const tries = createTries(clock, deps.logger);

  const settle = (attempt: Attempt, token: string, found: Interaction | null): void => {
    const { interactionId } = attempt;
    const heard = underWay.get(interactionId) ?? null;
    underWay.delete(interactionId);
    hooks.settled(attempt, token, newer(found, heard));
  };
  /** What is true now. An offer of ours that the operator's record does not back was never shown: it is taken back. */
  const lookAgain = async (attempt: Attempt, token: string): Promise<void> => {
    const { companyId, interactionId, agentId } = attempt;
    const found = await contacts.get(companyId, interactionId);
    if (found === null || !isUnbacked(found, operators.get(companyId, agentId), token)) {
      settle(attempt, token, found);
      return;
    }
    const event = { type: 'offerRevoked', hold: token, reason: 'notHeld' } as const;
    const back = await contacts.apply(companyId, interactionId, event);
    settle(attempt, token, back.ok ? back.value : await contacts.get(companyId, interactionId));
  };

  /** Nothing is awaited before the contact's write: it is under way before anybody hears of the operator's change. */
  const finish = async (
    attempt: Attempt,
    terms: Terms,
    held: Held,
    stored?: Promise<boolean>,
  ): Promise<void> => {
    const { companyId, interactionId, agentId } = attempt;
    const { ringMs, wrapUpMs, request } = terms;
    if (!held.ok) {
      hooks.refused({ id: interactionId }, agentId);
      return lookAgain(attempt, request.token);
    }
    const offered = {
      type: 'offered',
      agentId,
      agentName: held.agent.name,
      hold: request.token,
      ringMs,
      wrapUpMs,
    } as const;
    const taken = await contacts.apply(companyId, interactionId, offered, stored);
    if (taken.ok) {
      settle(attempt, request.token, taken.value);
      return;
    }
    await operators.release(companyId, agentId, request.token);
    return lookAgain(attempt, request.token);
  };

  const guard = (attempt: Attempt, terms: Terms, work: Promise<void>): void =>
    tries.run(work, () => lookAgain(attempt, terms.request.token), attempt);

  return {
    start(companyId, interactionId, agentId, item) {
      const attempt = { companyId, interactionId, agentId };
      const terms = termsOf(deps, attempt, item);
      underWay.set(interactionId, null);
      const held = operators.hold(companyId, agentId, terms.request);
      guard(
        attempt,
        terms,
        held.then((result) => finish(attempt, terms, result)),
      );
      return terms.request.token;
    },
    propose(companyId, interactionId, agentId, item) {
      const attempt = { companyId, interactionId, agentId };
      const terms = termsOf(deps, attempt, item);
      underWay.set(interactionId, null);
      return {
        request: terms.request,
        settled: (held, stored) => guard(attempt, terms, finish(attempt, terms, held, stored)),
      };
    },
    postpone(interaction) {
      if (!underWay.has(interaction.id)) return false;
      underWay.set(interaction.id, interaction);
      return true;
    },
    take: (companyId, interactionId, agentId, own) => take(deps, companyId, interactionId, agentId, own),
    idle: () => tries.idle(),
    stop: () => tries.stop(),
  };
}

/** What is under way; when the store is in trouble it is looked at again after a while, until it answers. */
function createTries(clock: Clock, logger: Logger) {
  const running = new Set<Promise<void>>();
  const timers = new Set<Timer>();
  let stopped = false;
  const run = (work: Promise<void>, again: () => Promise<void>, what: Attempt): void => {
    const task = work
      .catch((error: unknown) => {
        logger.error({ err: error, interactionId: what.interactionId }, 'claim failed');
        if (stopped) return;
        const timer = clock.after(RETRY_MS, () => {
          timers.delete(timer);
          run(again(), again, what);
        });
        timers.add(timer);
      })
      .finally(() => running.delete(task));
    running.add(task);
  };
  return {
    run,
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
    stop() {
      stopped = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}

/** Offered in the name of this hold, which the operator's record does not know. */
const isUnbacked = ({ state }: Interaction, agent: Agent | undefined, token: string): boolean =>
  state.name === 'offered' &&
  state.claim.hold === token &&
  agent?.work.some((work) => work.token === token) !== true;

const newer = (a: Interaction | null, b: Interaction | null): Interaction | null =>
  a === null || (b !== null && b.version > a.version) ? b : a;

/** What the operator's hold and the offer agree on. */
function termsOf(deps: RouterDeps, { companyId, interactionId }: Attempt, item: Item): Terms {
  const { ringMs, wrapUpMs } = deps.queues.settings(companyId, item.queue);
  const request = {
    interactionId,
    channel: item.channel,
    weight: item.weight,
    token: deps.ids(),
    expiresAt: new Date(deps.clock.now() + ringMs + GRACE_MS),
    rings: true,
  } as const;
  return { ringMs, wrapUpMs, request };
}

/** Straight into an operator's hands: the same two steps, without an offer. */
async function take(
  deps: RouterDeps,
  companyId: CompanyId,
  interactionId: InteractionId,
  agentId: AgentId,
  own: boolean,
): Promise<Interaction | AppError> {
  const { contacts, operators, queues, clock } = deps;
  const interaction = await contacts.get(companyId, interactionId);
  const agent = operators.get(companyId, agentId);
  if (interaction === null || agent === undefined)
    return new AppError('interaction.notFound', 404, 'There is no such contact.');
  const queue = queues.settings(companyId, interaction.queue ?? '');
  const hold = deps.ids();
  const held = await operators.hold(companyId, agentId, {
    interactionId,
    channel: interaction.channel,
    weight: weightNow(deps, interaction),
    token: hold,
    expiresAt: new Date(clock.now() + GRACE_MS),
    own,
  });
  if (!held.ok) return new AppError(held.error, 409, 'The operator cannot take this now.');
  const direct = { hold, wrapUpMs: queue.wrapUpMs, agentName: agent.name };
  const taken = await contacts.apply(companyId, interactionId, { type: 'accepted', agentId, direct });
  if (taken.ok) return taken.value;
  await operators.release(companyId, agentId, hold);
  return toAppError(taken.error);
}
