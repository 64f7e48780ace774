import type { Clock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import type { CompanyId, CustomerId, ProtocolNumber } from '../shared/ids.ts';
import { createAllocator, recordGaps } from './allocate.ts';
import { isProtocolNumber, NUMBER_TEMPLATE, type ProtocolKind } from './domain/number.ts';
import {
  deadlineOf,
  DEFAULT_TERMS,
  JOIN_WINDOW_MS,
  joinable,
  patched,
  type AnswerTerms,
  type Protocol,
  type ProtocolPatch,
  type ProtocolType,
} from './domain/protocol.ts';
import type { ProtocolFilter, ProtocolStore } from './store.ts';

export interface OpenProtocol {
  readonly companyId: CompanyId;
  /** The arrival that asks; the same one always gets the same number. */
  readonly openKey: string;
  readonly kind?: ProtocolKind;
  readonly customer?: { readonly id: CustomerId; readonly name: string } | null;
  readonly phone?: string;
  readonly document?: string;
  readonly subject?: string;
  readonly type?: ProtocolType;
}

export interface JoinOrOpen extends OpenProtocol {
  readonly queue?: string;
  readonly hint?: string;
  readonly threadProtocol?: ProtocolNumber;
}

export interface Protocols {
  /** A new number, stored when it resolves. */
  open(request: OpenProtocol): Promise<Protocol>;
  joinOrOpen(request: JoinOrOpen): Promise<{
    readonly number: ProtocolNumber;
    readonly type: ProtocolType | null;
    readonly joined: boolean;
  }>;
  get(companyId: CompanyId, number: string): Promise<Protocol | null>;
  search(
    companyId: CompanyId,
    filter: ProtocolFilter,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ readonly items: readonly Protocol[]; readonly nextCursor: string | null }>;
  /** Errors: protocol.notFound 404, protocol.cancelNeedsReason 422, protocol.cancelled 409. */
  patch(companyId: CompanyId, number: string, patch: ProtocolPatch, by: string): Promise<Protocol>;
  /** What a contact taught us about the demand: who it is (null: not the one we took it for), of what type, that it was touched. */
  learn(
    companyId: CompanyId,
    number: ProtocolNumber,
    facts: {
      readonly customer?: { readonly id: CustomerId; readonly name: string } | null;
      readonly document?: string | null;
      readonly phone?: string;
      readonly type?: ProtocolType;
    },
  ): Promise<void>;
  /** Where the contacts under this number stand now (access, `reachOf`). */
  stand(companyId: CompanyId, number: ProtocolNumber, reach: readonly string[]): Promise<void>;
  /** Gives a record to numbers that a crash left unused. */
  start(): Promise<void>;
}

export interface ProtocolsDeps {
  readonly store: ProtocolStore;
  readonly clock: Clock;
  /** IANA name of the company's time zone: the number's month is that of its clock. */
  readonly timeZone: (companyId: CompanyId) => string;
  readonly terms?: (companyId: CompanyId) => AnswerTerms;
  /** Queues whose demands get the ombudsman's range. Default: `ouvidoria`. */
  readonly ombudsmanQueues?: readonly string[];
}

const MAX_CONFLICTS = 50;

export function createProtocols(deps: ProtocolsDeps): Protocols {
  const { store, clock } = deps;
  const terms = deps.terms ?? (() => DEFAULT_TERMS);
  const ombudsman = new Set(deps.ombudsmanQueues ?? ['ouvidoria']);
  const allocate = createAllocator(store, clock, deps.timeZone);

  const update = async (
    companyId: CompanyId,
    number: ProtocolNumber,
    change: (protocol: Protocol) => Protocol,
  ): Promise<Protocol | null> => {
    for (let attempt = 0; attempt < MAX_CONFLICTS; attempt++) {
      const protocol = await store.load(companyId, number);
      if (protocol === null) return null;
      const next = change(protocol);
      if (next === protocol || (await store.replace(protocol.version, next))) return next;
    }
    throw new AppError('protocol.conflict', 409, 'The protocol changed too often at once; try again.');
  };

  const touch = (companyId: CompanyId, number: ProtocolNumber): Promise<Protocol | null> =>
    update(companyId, number, (protocol) => ({
      ...protocol,
      version: protocol.version + 1,
      lastTouchedAt: new Date(clock.now()),
      interactions: protocol.interactions + 1,
    }));

  const open = async (request: OpenProtocol): Promise<Protocol> => {
    const known = await store.byOpenKey(request.companyId, request.openKey);
    if (known !== null) return known;
    const kind = request.kind ?? 'regular';
    const number = await allocate(request.companyId, kind);
    const protocol = fresh(request, number, kind, new Date(clock.now()), terms(request.companyId));
    if ((await store.insert(protocol)) === 'inserted') return protocol;
    // The same arrival was faster on another way in: its number counts, ours is a gap with a record.
    await store.insertGap({
      number,
      companyId: request.companyId,
      at: protocol.openedAt,
      reason: 'counted, not used: the same arrival came twice',
    });
    const winner = await store.byOpenKey(request.companyId, request.openKey);
    if (winner === null) throw new AppError('protocol.conflict', 409, 'No number could be stored.');
    return winner;
  };

  return {
    open,
    async joinOrOpen(request) {
      // An arrival that opened a number before must not join another one when it comes again.
      const own = await store.byOpenKey(request.companyId, request.openKey);
      const found = own ?? (await candidate(store, clock, request));
      if (found === null) {
        const kind = request.kind ?? (ombudsman.has(request.queue ?? '') ? 'ombudsman' : 'regular');
        const { number, type } = await open({ ...request, kind });
        return { number, type: type === 'request' ? null : type, joined: false };
      }
      if (own === null) await touch(request.companyId, found.number);
      return { number: found.number, type: found.type, joined: own === null };
    },
    get: async (companyId, number) => (isProtocolNumber(number) ? store.load(companyId, number) : null),
    async search(companyId, filter, page) {
      const found = await store.search(companyId, filter, {
        limit: page.limit + 1,
        ...(page.cursor === undefined ? {} : { before: page.cursor }),
      });
      const items = found.slice(0, page.limit);
      return { items, nextCursor: found.length > page.limit ? (items.at(-1)?.number ?? null) : null };
    },
    async patch(companyId, number, patch, by) {
      const at = new Date(clock.now());
      const next = isProtocolNumber(number)
        ? await update(companyId, number, (protocol) =>
            allowed(patched(protocol, patch, by, at, terms(companyId))),
          )
        : null;
      if (next === null) throw new AppError('protocol.notFound', 404, 'There is no such protocol.');
      return next;
    },
    async learn(companyId, number, facts) {
      await update(companyId, number, (protocol) => ({
        ...protocol,
        version: protocol.version + 1,
        customer: facts.customer === undefined ? protocol.customer : facts.customer,
        document: facts.document === undefined ? protocol.document : facts.document,
        phones: facts.phone === undefined ? protocol.phones : [...new Set([...protocol.phones, facts.phone])],
        type: facts.type ?? protocol.type,
        deadline: deadlineOf(facts.type ?? protocol.type, protocol.openedAt, terms(companyId)),
        lastTouchedAt: new Date(clock.now()),
      }));
    },
    stand: (companyId, number, reach) => store.stand(companyId, number, reach),
    start: () => recordGaps(store, new Date(clock.now())).then(() => undefined),
  };
}

function fresh(
  request: OpenProtocol,
  number: ProtocolNumber,
  kind: ProtocolKind,
  at: Date,
  terms: AnswerTerms,
): Protocol {
  const type = request.type ?? 'request';
  return {
    number,
    companyId: request.companyId,
    version: 1,
    kind,
    template: NUMBER_TEMPLATE,
    openKey: request.openKey,
    customer: request.customer ?? null,
    document: request.document ?? null,
    phones: request.phone === undefined ? [] : [request.phone],
    type,
    subject: request.subject ?? null,
    status: 'open',
    openedAt: at,
    deadline: deadlineOf(type, at, terms),
    lastTouchedAt: at,
    concludedAt: null,
    interactions: 1,
    history: [],
  };
}

/**
 * By its number, by its thread, or the only one that its customer had open in the last 24 h. Whoever only seems to be the
 * customer joins it too: operators see the contact there, marked as unconfirmed.
 */
async function candidate(store: ProtocolStore, clock: Clock, request: JoinOrOpen): Promise<Protocol | null> {
  const { companyId, hint, threadProtocol, customer } = request;
  for (const named of [hint, threadProtocol]) {
    if (named === undefined || !isProtocolNumber(named)) continue;
    const protocol = await store.load(companyId, named);
    if (protocol !== null && joinable(protocol)) return protocol;
  }
  if (customer == null) return null;
  const since = new Date(clock.now() - JOIN_WINDOW_MS);
  const [only, ...others] = await store.openOf(companyId, customer.id, since);
  return only !== undefined && others.length === 0 ? only : null;
}

function allowed(result: ReturnType<typeof patched>): Protocol {
  if (result === 'protocol.cancelled')
    throw new AppError(result, 409, 'A cancelled protocol is not changed any more.');
  if (result === 'protocol.cancelNeedsReason')
    throw new AppError(result, 422, 'Cancelling a protocol needs a reason.');
  return result;
}
