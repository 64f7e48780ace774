import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import { DEFAULT_WEIGHTS, type Agent } from '../agents/index.ts';
import { toAppError, type Interaction } from '../interactions/index.ts';
import type { Item } from './domain/types.ts';
import type { RouterDeps } from './router.ts';
import { weightOf } from './slots.ts';

/** How much longer than the offer a hold lives: whoever finds it expired may ask whether the contact stands behind it. */
const GRACE_MS = 5_000;
/** After a failure of the store the pair is looked at again after this. */
const RETRY_MS = 1_000;

interface Hooks {
  refused(interaction: { readonly id: string }, agentId: string): void;
  settled(interaction: Interaction | null, agent: Agent | undefined): void;
}

export interface Claims {
  /** Holds the operator's capacity, then takes the contact; both by compare-and-set. */
  start(companyId: CompanyId, interactionId: InteractionId, agentId: AgentId, item: Item): void;
  /** True while this contact is being claimed: what happens to it meanwhile is looked at when the claim is settled. */
  postpone(interaction: Interaction): boolean;
  take(
    companyId: CompanyId,
    interactionId: InteractionId,
    agentId: AgentId,
    own: boolean,
  ): Promise<Interaction | AppError>;
  idle(): Promise<void>;
}

export function createClaims(deps: RouterDeps, hooks: Hooks): Claims {
  const { contacts, operators, queues, clock } = deps;
  const underWay = new Map<string, Promise<void>>();

  const offer = async (
    companyId: CompanyId,
    interactionId: InteractionId,
    agentId: AgentId,
    item: Item,
  ): Promise<void> => {
    const { ringMs, wrapUpMs } = queues.settings(companyId, item.queue);
    const hold = deps.ids();
    const deadline = new Date(clock.now() + ringMs);
    const held = await operators.hold(companyId, agentId, {
      interactionId,
      channel: item.channel,
      weight: item.weight,
      token: hold,
      expiresAt: new Date(deadline.getTime() + GRACE_MS),
    });
    if (!held.ok) {
      hooks.refused({ id: interactionId }, agentId);
      return;
    }
    const taken = await contacts.apply(companyId, interactionId, {
      type: 'offered',
      agentId,
      agentName: held.agent.name,
      hold,
      deadline,
      wrapUpMs,
    });
    if (!taken.ok) await operators.release(companyId, agentId, hold);
  };

  const run = async (
    companyId: CompanyId,
    interactionId: InteractionId,
    agentId: AgentId,
    item: Item,
  ): Promise<void> => {
    let failed = false;
    try {
      await offer(companyId, interactionId, agentId, item);
    } catch (error) {
      failed = true;
      deps.logger.error({ err: error, interactionId, agentId }, 'claim failed');
    }
    const settle = async (): Promise<void> => {
      const interaction = await contacts.get(companyId, interactionId);
      underWay.delete(interactionId);
      hooks.settled(interaction, operators.get(companyId, agentId));
    };
    if (!failed) return settle();
    // The store is in trouble: the item must come back to the index, but not at once.
    clock.after(RETRY_MS, () => {
      void settle().catch(() => run(companyId, interactionId, agentId, item));
    });
  };

  return {
    start(companyId, interactionId, agentId, item) {
      underWay.set(
        interactionId,
        run(companyId, interactionId, agentId, item).catch(() => undefined),
      );
    },
    postpone: (interaction) => underWay.has(interaction.id),
    take: (companyId, interactionId, agentId, own) => take(deps, companyId, interactionId, agentId, own),
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
  };
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
    weight: weightOf(interaction, queue, deps.weights?.(companyId) ?? DEFAULT_WEIGHTS),
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
