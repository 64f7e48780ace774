import type { Role } from '../../contracts/common.ts';

/** Who asks, as far as the walls look: a person's session or an API key alike. */
export interface Asker {
  readonly userId: string;
  readonly companyId: string;
  readonly role: Role;
  /** Keys of the queues that this person works in. */
  readonly queues: readonly string[];
}

/** Where work stands: the queue that it is in, or was last in, and in whose hands. */
export interface Place {
  readonly queue: string | null;
  readonly agentId: string | null;
}

/** What somebody wants to see or change. Everything belongs to one company. */
export type Thing = { readonly companyId: string } & (
  | ({ readonly kind: 'contact' } & Place)
  /** A protocol: it stands wherever one of its contacts stands. */
  | { readonly kind: 'demand'; readonly places: readonly Place[] }
  /** A file of a message stands where the demand of its contact stands; a file not sent yet is its uploader's alone. */
  | { readonly kind: 'file'; readonly uploadedBy: string | null; readonly places: readonly Place[] | null }
  | { readonly kind: 'queue'; readonly key: string }
  | { readonly kind: 'agent'; readonly id: string; readonly queues: readonly string[] }
  /** Presence history, pauses, figures of one operator. */
  | { readonly kind: 'record'; readonly of: string }
  /** A customer's file is the company's: whoever takes a call must find the caller. */
  | { readonly kind: 'customer' }
  /** Board, people, settings, audit trail. */
  | { readonly kind: 'company' }
  /** The server itself with all its companies: it belongs to the first company, whose administrators installed it. */
  | { readonly kind: 'house' }
);

/**
 * see: read it, and send it on. work: what the person in whose hands it is does with it. manage: what a supervisor does with
 * the work of others (force a pause, cancel a protocol, end a contact that waits). configure: what administrators set.
 */
export type Act = 'see' | 'work' | 'manage' | 'configure';

/**
 * The one answer to "may this person do this to that", asked by every route, socket command, id in a body and download.
 * Operators see the work of their queues and their own; supervisors and administrators that of their company; nobody sees
 * another company (contract.md, "Words of the API").
 */
export function may(asker: Asker, act: Act, thing: Thing): boolean {
  if (thing.companyId !== asker.companyId) return false;
  switch (act) {
    case 'configure':
      return asker.role === 'admin';
    case 'manage':
      return asker.role !== 'operator' && seen(asker, thing);
    case 'work':
      return seen(asker, thing) && (asker.role !== 'operator' || inHands(asker, thing));
    case 'see':
      return seen(asker, thing);
  }
}

function seen(asker: Asker, thing: Thing): boolean {
  // A file that nobody sent yet is a draft: not even a supervisor looks into it.
  if (thing.kind === 'file' && thing.places === null) return thing.uploadedBy === asker.userId;
  if (thing.kind === 'house') return asker.role === 'admin';
  if (asker.role !== 'operator') return true;
  switch (thing.kind) {
    case 'contact':
      return reaches(asker, thing);
    case 'demand':
    case 'file':
      return thing.places?.some((place) => reaches(asker, place)) === true;
    case 'queue':
      return asker.queues.includes(thing.key);
    case 'agent':
      return thing.id === asker.userId || thing.queues.some((key) => asker.queues.includes(key));
    case 'record':
      return thing.of === asker.userId;
    case 'customer':
      return true;
    case 'company':
      return false;
  }
}

const reaches = (asker: Asker, { queue, agentId }: Place): boolean =>
  agentId === asker.userId || (queue !== null && asker.queues.includes(queue));

function inHands(asker: Asker, thing: Thing): boolean {
  switch (thing.kind) {
    case 'contact':
      return thing.agentId === asker.userId;
    case 'demand':
      return thing.places.some(({ agentId }) => agentId === asker.userId);
    case 'file':
      return thing.uploadedBy === asker.userId;
    case 'agent':
      return thing.id === asker.userId;
    case 'record':
      return thing.of === asker.userId;
    case 'customer':
      return true;
    case 'queue':
    case 'company':
    case 'house':
      return false;
  }
}

/**
 * The same rule for lists of contacts, as what the store is asked for: undefined is the whole company, otherwise the work of
 * these queues and of this person.
 */
export function sight(
  asker: Asker,
): { readonly agentId: string; readonly queues: readonly string[] } | undefined {
  return asker.role === 'operator' ? { agentId: asker.userId, queues: asker.queues } : undefined;
}

/** Where a demand stands, as words that an index can hold: one for each queue and one for each person. */
export function reachOf(places: readonly Place[]): readonly string[] {
  const words = places.flatMap(({ queue, agentId }) => [
    ...(queue === null ? [] : [`queue:${queue}`]),
    ...(agentId === null ? [] : [`agent:${agentId}`]),
  ]);
  return [...new Set(words)].sort();
}

/** The words of `reachOf` of which a demand must have one to be in this person's list; undefined: all of the company. */
export function reachWords(asker: Asker): readonly string[] | undefined {
  const within = sight(asker);
  return (
    within &&
    reachOf([
      { queue: null, agentId: within.agentId },
      ...within.queues.map((queue) => ({ queue, agentId: null })),
    ])
  );
}
