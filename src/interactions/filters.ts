import { channel } from '../contracts/common.ts';
import { interactionState } from '../contracts/interaction.ts';
import { ulid, type CompanyId, type InteractionId } from '../shared/ids.ts';
import type { Channel, Interaction, StateName } from './domain/types.ts';

export interface ListFilter {
  readonly states?: readonly StateName[];
  readonly channel?: Channel;
  readonly queue?: string;
  readonly customerId?: string;
  readonly protocol?: string;
  readonly agentId?: string;
  readonly disposition?: string;
  readonly direction?: 'inbound' | 'outbound';
  /** Arrival: from this instant on, and before that one. */
  readonly from?: Date;
  readonly to?: Date;
  /** Operators: the work of these queues and this operator's own. */
  readonly visibleTo?: { readonly agentId: string; readonly queues: readonly string[] };
}

export interface MessageFilter {
  readonly interactionIds?: readonly InteractionId[];
  readonly externalId?: string;
  readonly idempotencyKey?: string;
  readonly id?: string;
  readonly direction?: 'inbound' | 'outbound';
  /** None that came later. */
  readonly until?: Date;
}

/** A conversation may have no end: who wants its first or last words asks for them alone. */
export interface MessagePage {
  readonly order?: 'newest' | 'oldest';
  readonly limit?: number;
}

export interface ListPage {
  readonly limit: number;
  /** The id of the last contact seen. */
  readonly after?: string;
  readonly order: 'newest' | 'oldest';
}

/** Ids grow with time (ULID), so that a span of arrivals and the place of a page are one range of ids. */
function idRange({ from, to }: ListFilter, page: Pick<ListPage, 'after' | 'order'>): Record<string, string> {
  const floor = (at: Date): string => ulid(at.getTime(), new Uint8Array(10));
  return {
    ...(from === undefined ? {} : { $gte: floor(from) }),
    ...(to === undefined ? {} : { $lt: floor(to) }),
    // The page is inside the span: its bound replaces the one of the span on its side.
    ...(page.after === undefined ? {} : page.order === 'newest' ? { $lt: page.after } : { $gt: page.after }),
  };
}

/**
 * Lists are newest first by id, so each index ends in it and serves filter and order together. State, channel and direction
 * have few values: a filter by one of them names all values of the others (`listQuery`), and the index merges its ranges.
 */
const FEW = { 'state.name': 1, channel: 1, direction: 1, _id: -1 } as const;
export const listIndexes: readonly Readonly<Record<string, 1 | -1>>[] = [
  { companyId: 1, _id: -1 },
  { companyId: 1, ...FEW },
  { companyId: 1, queue: 1, _id: -1 },
  { companyId: 1, queue: 1, ...FEW },
  { companyId: 1, 'agent.id': 1, _id: -1 },
  { companyId: 1, 'agent.id': 1, ...FEW },
  { companyId: 1, 'agent.id': 1, queue: 1, _id: -1 },
  { companyId: 1, disposition: 1, ...FEW },
  { companyId: 1, queue: 1, disposition: 1, ...FEW },
  { companyId: 1, 'agent.id': 1, disposition: 1, ...FEW },
  { companyId: 1, 'customer.id': 1, _id: -1 },
  { companyId: 1, protocol: 1, _id: -1 },
];

const all = {
  states: interactionState.options,
  channels: channel.options,
  directions: ['inbound', 'outbound'],
};

function fewValues(filter: ListFilter): Record<string, unknown> {
  const { states, channel: by, direction, disposition, customerId, protocol } = filter;
  const asked = [states, by, direction, disposition].some((value) => value !== undefined);
  // Of one customer or protocol there are few anyway.
  const narrow = customerId !== undefined || protocol !== undefined;
  const spread = asked && !narrow;
  return {
    ...(states === undefined && !spread ? {} : { 'state.name': { $in: states ?? all.states } }),
    ...(by === undefined && !spread ? {} : { channel: by ?? { $in: all.channels } }),
    ...(direction === undefined && !spread ? {} : { direction: direction ?? { $in: all.directions } }),
  };
}

/** Contacts under way, whatever the company; one channel or all. */
export const inStatesQuery = (states: readonly StateName[], by?: Channel): Record<string, unknown> => ({
  'state.name': { $in: states },
  channel: by ?? { $in: all.channels },
});

/** What a count of stays needs of a contact. */
export type Stays = Pick<Interaction, 'id' | 'companyId' | 'channel' | 'segments'>;

/** So many of them; those after this one. */
export interface StaysTurn {
  readonly limit: number;
  readonly after?: { readonly lastQueuedAt: Date; readonly id: string };
}

export function staysQuery(companyId: CompanyId, from: Date, { after }: StaysTurn): Record<string, unknown> {
  if (after === undefined) return { companyId, lastQueuedAt: { $gte: from } };
  const { lastQueuedAt, id } = after;
  return { companyId, $or: [{ lastQueuedAt: { $gt: lastQueuedAt } }, { lastQueuedAt, _id: { $gt: id } }] };
}

/** As conditions of the store. */
export function listQuery(
  companyId: CompanyId,
  filter: ListFilter,
  page: Pick<ListPage, 'after' | 'order'>,
): Record<string, unknown> {
  const ids = idRange(filter, page);
  return {
    companyId,
    ...(Object.keys(ids).length === 0 ? {} : { _id: ids }),
    ...(filter.agentId === undefined ? {} : { 'agent.id': filter.agentId }),
    ...(filter.disposition === undefined ? {} : { disposition: filter.disposition }),
    ...fewValues(filter),
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
    ...(filter.direction === undefined ? {} : { direction: filter.direction }),
    ...(filter.until === undefined ? {} : { at: { $lte: filter.until } }),
    ...(filter.externalId === undefined ? {} : { externalId: filter.externalId }),
    ...(filter.idempotencyKey === undefined ? {} : { idempotencyKey: filter.idempotencyKey }),
  };
}
