import type { CompanyId, InteractionId } from '../shared/ids.ts';
import type { Channel, StateName } from './domain/types.ts';

export interface ListFilter {
  readonly states?: readonly StateName[];
  readonly channel?: Channel;
  readonly queue?: string;
  readonly customerId?: string;
  readonly protocol?: string;
  /** Operators: the work of these queues and this operator's own. */
  readonly visibleTo?: { readonly agentId: string; readonly queues: readonly string[] };
}

export interface MessageFilter {
  readonly interactionIds?: readonly InteractionId[];
  readonly externalId?: string;
  readonly idempotencyKey?: string;
  readonly id?: string;
}

/** As conditions of the store. */
export function listQuery(
  companyId: CompanyId,
  filter: ListFilter,
  before: string | undefined,
): Record<string, unknown> {
  return {
    companyId,
    ...(before === undefined ? {} : { _id: { $lt: before } }),
    ...(filter.states === undefined ? {} : { 'state.name': { $in: filter.states } }),
    ...(filter.channel === undefined ? {} : { channel: filter.channel }),
    ...(filter.queue === undefined ? {} : { queue: filter.queue }),
    ...(filter.customerId === undefined ? {} : { 'customer.id': filter.customerId }),
    ...(filter.protocol === undefined ? {} : { protocol: filter.protocol }),
    ...(filter.visibleTo === undefined
      ? {}
      : {
          $or: [{ queue: { $in: filter.visibleTo.queues } }, { 'agent.id': filter.visibleTo.agentId }],
        }),
  };
}

export function messageQuery(companyId: CompanyId, filter: MessageFilter): Record<string, unknown> {
  return {
    companyId,
    ...(filter.id === undefined ? {} : { _id: filter.id }),
    ...(filter.interactionIds === undefined ? {} : { interactionId: { $in: filter.interactionIds } }),
    ...(filter.externalId === undefined ? {} : { externalId: filter.externalId }),
    ...(filter.idempotencyKey === undefined ? {} : { idempotencyKey: filter.idempotencyKey }),
  };
}
