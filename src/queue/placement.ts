import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import type { Agent, Proposal } from '../agents/index.ts';
import type { Interaction } from '../interactions/index.ts';
import { createBusy } from './busy.ts';
import { createClaims, type Claims } from './claims.ts';
import type { Matcher } from './domain/matcher.ts';
import type { Item } from './domain/types.ts';
import { createLine } from './line.ts';
import type { RouterDeps } from './router.ts';
import { slotOf } from './slots.ts';

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
  /** Another strategy, other times or weights: they hold at once for whoever waits. */
  queueChanged(queue: { readonly companyId: string; readonly key: string }): void;
  /** Work for an operator as a change that is not written yet will make it. */
  propose(agent: Agent): Proposal | undefined;
  /** That change is over, written or not. */
  proposed(agent: Agent): void;
  run(): void;
  stop(): void;
}

export function createPlacement(deps: RouterDeps): Placement {
  const { operators } = deps;
  const busy = createBusy();
  const line = createLine(deps, (interaction) => place(interaction));
  const { matcherOf } = line;
  let running = false;

  const claims = createClaims(deps, {
    refused: ({ id }, agentId) => line.refused(id, agentId),
    /** The truth of both sides after a claim, won or lost. */
    settled({ companyId, agentId }, token, interaction) {
      busy.heldOrNot(agentId, token);
      if (interaction !== null) place(interaction);
      const agent = operators.get(companyId, agentId);
      if (agent !== undefined) placeAgent(agent);
    },
  });

  const place = (interaction: Interaction): void => {
    if (!running || claims.postpone(interaction)) return;
    line.index(interaction);
    const { companyId, id } = interaction;
    const match = firstFree(matcherOf(companyId), id, (agentId) => operators.get(companyId, agentId));
    if (match !== undefined) claim(companyId, match.item, match.agentId);
  };

  const placeAgent = (agent: Agent): void => {
    if (!running) return;
    const matcher = matcherOf(agent.companyId);
    const slot = slotOf(agent);
    if (busy.is(agent.id) || (!slot.takesVoice && (slot.textRings || slot.textFree <= 0))) {
      matcher.removeSlot(agent.id);
      return;
    }
    matcher.putSlot(slot);
    const item = matcher.itemFor(agent.id);
    if (item === undefined) return;
    if (stillHolds(agent, item)) matcher.removeSlot(agent.id);
    else claim(agent.companyId, item, agent.id);
  };

  const claim = (companyId: CompanyId, item: Item, agentId: AgentId): void => {
    const token = claims.start(companyId, taken(matcherOf(companyId), item, agentId), agentId, item);
    busy.holds(agentId, token);
  };
  const reindexed = (contacts: readonly Interaction[]): readonly Interaction[] => {
    const here = contacts.filter((interaction) => !claims.postpone(interaction));
    for (const interaction of here) line.index(interaction);
    return here;
  };
  return {
    claims,
    matcherOf,
    index: (interaction) => line.index(interaction),
    place,
    placeAgent,
    agentChanged(agent) {
      busy.see(agent);
      if (!running) return;
      const touched = reindexed(line.touchedBy(agent));
      placeAgent(agent);
      // Kept for whoever just left, they are anybody's.
      for (const { id } of touched) line.waiting(id, place);
    },
    queueChanged({ companyId, key }) {
      if (!running) return;
      matcherOf(companyId).reorder(key);
      reindexed(line.of(companyId, key));
      for (const agent of operators.list(companyId)) if (agent.queues.includes(key)) placeAgent(agent);
    },
    propose(agent) {
      const { companyId, id } = agent;
      const before = busy.is(id);
      busy.changes(id);
      matcherOf(companyId).removeSlot(id);
      const item = running && !before ? matcherOf(companyId).itemForSlot(slotOf(agent)) : undefined;
      if (item === undefined || stillHolds(agent, item)) return undefined;
      const proposal = claims.propose(companyId, taken(matcherOf(companyId), item, id), id, item);
      busy.holds(id, proposal.request.token);
      return proposal;
    },
    proposed(agent) {
      busy.changed(agent.id);
      placeAgent(agent);
    },
    run() {
      running = true;
    },
    stop() {
      running = false;
      line.stop();
      claims.stop();
    },
  };
}

/** Both leave the index until the claim is settled. */
function taken(matcher: Matcher, item: Item, agentId: AgentId): InteractionId {
  matcher.removeItem(item.id);
  matcher.removeSlot(agentId);
  // Items are made of contacts.
  return item.id as InteractionId;
}

/** Whom the contact gets now; whoever still holds it leaves the index until the record is told. */
function firstFree(
  matcher: Matcher,
  contactId: string,
  agentOf: (id: string) => Agent | undefined,
): { readonly item: Item; readonly agentId: AgentId } | undefined {
  const item = matcher.item(contactId);
  if (item === undefined) return undefined;
  for (let slot = matcher.slotFor(contactId); slot !== undefined; slot = matcher.slotFor(contactId)) {
    // Slots are made of operators.
    if (!stillHolds(agentOf(slot.id), item)) return { item, agentId: slot.id as AgentId };
    matcher.removeSlot(slot.id);
  }
  return undefined;
}

/**
 * The contact is back in the queue and its capacity about to be given back. Until then the operator takes nothing: whatever
 * stands behind this contact would pass it over.
 */
const stillHolds = (agent: Agent | undefined, item: Item): boolean =>
  agent?.work.some((work) => work.interactionId === item.id) === true;
