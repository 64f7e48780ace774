import type { Principal } from '../platform/http/index.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import type { Desk } from './desk.ts';
import type { InteractionEvent } from './domain/events.ts';
import type { ClosingDraft, Interaction } from './domain/types.ts';
import { toAppError } from './errors.ts';
import type { Interactions } from './interactions.ts';

/** What the queue of a contact allows its people. Times in ms. */
export interface QueueRules {
  readonly allowTake: boolean;
  readonly wrapUpMs: number;
  readonly wrapUpMaxMs: number;
}

export interface HandsDeps {
  readonly desk: Pick<Desk, 'see' | 'accept'>;
  readonly interactions: Pick<Interactions, 'apply' | 'record'>;
  /** Into an operator's hands without an offer. `own`: that operator wants it, so neither a pause nor load matters. */
  readonly take: (
    companyId: CompanyId,
    id: InteractionId,
    agentId: AgentId,
    options: { readonly own: boolean },
  ) => Promise<Interaction>;
  readonly rules: (companyId: CompanyId, queue: string) => QueueRules;
  /** undefined: no such operator, or not active. */
  readonly operator: (
    companyId: CompanyId,
    id: string,
  ) =>
    | {
        readonly id: AgentId;
        readonly name: string;
        readonly state: 'offline' | 'available' | 'paused';
        readonly softphone: boolean;
      }
    | undefined;
}

/** What people do with a contact beside its offers: take it, give it, write up how it went. */
export interface Hands {
  /**
   * A waiting contact out of its order. Errors: interaction.takeNotAllowed 403, offer.taken 409, agent.noSoftphone 409,
   * agent.notAvailable 409 for whoever is offline.
   */
  take(principal: Principal, id: string): Promise<Interaction>;
  /** A supervisor gives a waiting contact to somebody. Errors: agent.notFound 404, agent.notAvailable 409 and those of take. */
  assign(principal: Principal, id: string, agentId: string): Promise<Interaction>;
  /** Errors: interaction.notYours 403, interaction.illegalTransition 409, wrapUp.limit 409. */
  extendWrapUp(principal: Principal, id: string): Promise<Interaction>;
  /** Kept with the contact; closes it when the wrap-up ends by itself. Errors: interaction.notYours 403. */
  draft(principal: Principal, id: string, draft: ClosingDraft): Promise<Interaction>;
}

/** One press gives at least this much, also where the wrap-up of the queue is short, ms. */
const EXTENSION_MS = 60_000;

export function createHands(deps: HandsDeps): Hands {
  const apply = async ({ companyId, id }: Interaction, event: InteractionEvent): Promise<Interaction> => {
    const result = await deps.interactions.apply(companyId, id, event);
    if (!result.ok) throw toAppError(result.error);
    return result.value;
  };
  const own = async (principal: Principal, id: string): Promise<Interaction> => {
    const found = await deps.desk.see(principal, id);
    if (found.agent?.id !== principal.userId)
      throw new AppError('interaction.notYours', 403, 'The contact is not in your hands.');
    return found;
  };
  return {
    ...createTaking(deps),
    async extendWrapUp(principal, id) {
      const found = await own(principal, id);
      const { wrapUpMs, wrapUpMaxMs } = deps.rules(found.companyId, found.queue ?? '');
      return apply(found, {
        type: 'wrapUpExtended',
        byMs: Math.max(wrapUpMs, EXTENSION_MS),
        maxMs: Math.max(wrapUpMs, wrapUpMaxMs),
        actor: { kind: 'agent', id: principal.userId, name: principal.name },
      });
    },
    draft: async (principal, id, draft) => apply(await own(principal, id), { type: 'drafted', draft }),
  };
}

function createTaking(deps: HandsDeps): Pick<Hands, 'take' | 'assign'> {
  /** Sound needs a phone: whoever has none would take a caller into silence. */
  const assertPhone = (contact: Interaction, operator: { readonly softphone: boolean }): void => {
    if (contact.channel === 'voice' && !operator.softphone)
      throw new AppError('agent.noSoftphone', 409, 'The softphone is not registered.');
  };
  /** From whoever is not there a contact comes back at once. */
  const assertThere = ({ state }: { readonly state: string }): void => {
    if (state === 'offline') throw new AppError('agent.notAvailable', 409, 'This operator is offline.');
  };
  const operatorOf = (companyId: CompanyId, id: string) => {
    const operator = deps.operator(companyId, id);
    if (operator === undefined) throw new AppError('agent.notFound', 404, 'There is no such operator.');
    return operator;
  };
  const assertWaits = ({ state }: Interaction): void => {
    if (state.name === 'queued') return;
    throw state.name === 'offered' || state.name === 'active'
      ? new AppError('offer.taken', 409, 'Somebody else has it.')
      : new AppError('interaction.notWaiting', 409, 'The contact does not wait.');
  };
  return {
    async take(principal, id) {
      const contact = await deps.desk.see(principal, id);
      const { companyId, state, queue } = contact;
      if (state.name === 'offered' && state.claim.agentId === principal.userId)
        return deps.desk.accept(principal, id);
      if (state.name === 'active' && state.claim.agentId === principal.userId) return contact;
      assertWaits(contact);
      if (principal.role === 'operator' && !deps.rules(companyId, queue ?? '').allowTake)
        throw new AppError('interaction.takeNotAllowed', 403, 'This queue gives its contacts in order.');
      const operator = operatorOf(companyId, principal.userId);
      assertThere(operator);
      assertPhone(contact, operator);
      return deps.take(companyId, contact.id, principal.userId, { own: true });
    },
    async assign(principal, id, agentId) {
      const contact = await deps.desk.see(principal, id);
      const { companyId } = contact;
      assertWaits(contact);
      const operator = operatorOf(companyId, agentId);
      assertPhone(contact, operator);
      assertThere(operator);
      // A call is given to who would be given the next one; a text is also given to a full desk or into a pause.
      const taken = await deps.take(companyId, contact.id, operator.id, { own: contact.channel !== 'voice' });
      await deps.interactions.record(companyId, contact.id, {
        kind: 'assigned',
        actor: { kind: 'agent', id: principal.userId, name: principal.name },
        data: { agentId: operator.id, agentName: operator.name },
      });
      return taken;
    },
  };
}
