import { z } from 'zod';
import { may, type Place, reachWords } from '../access/index.ts';
import { isoTime, line, page, pageQuery, problem, prose } from '../contracts/common.ts';
import { fault } from '../contracts/field-words.ts';
import { interaction as interactionSchema, timelineEntry } from '../contracts/interaction.ts';
import type { InteractionView, TimelineEntry } from '../contracts/interaction.ts';
import { maskDocument, parseDocument } from '../shared/br/documents.ts';
import { maskPhone, parsePhone } from '../shared/br/phone.ts';
import { AppError } from '../shared/errors.ts';
import type { CompanyId, ProtocolNumber } from '../shared/ids.ts';
import { does, reads, route, type Principal, type Route } from '../platform/http/index.ts';
import type { Protocol } from './domain/protocol.ts';
import type { Protocols } from './protocols.ts';

export interface ProtocolRoutesDeps {
  readonly protocols: Protocols;
  /** The contacts under a number. */
  readonly contacts: (companyId: CompanyId, number: ProtocolNumber) => Promise<readonly InteractionView[]>;
  /** Their common story. */
  readonly timeline: (companyId: CompanyId, number: ProtocolNumber) => Promise<readonly TimelineEntry[]>;
  /** Notices that went out, with their proof of delivery. */
  readonly notices?: (companyId: CompanyId, number: ProtocolNumber) => Promise<readonly unknown[]>;
  readonly now: () => Date;
}

const type = z.enum(['request', 'complaint', 'information', 'cancellation']);
const status = z.enum(['open', 'answered', 'closed', 'cancelled']);
const view = z.object({
  number: z.string(),
  kind: z.enum(['regular', 'ombudsman']),
  customer: z.object({ id: z.string(), name: z.string() }).nullable(),
  documentMasked: z.string().nullable(),
  phones: z.array(z.string()),
  type,
  subject: z.string().nullable(),
  status,
  openedAt: isoTime,
  deadline: isoTime,
  lastTouchedAt: isoTime,
  concludedAt: isoTime.nullable(),
  interactions: z.number().int(),
  history: z.array(
    z.object({ at: isoTime, by: z.string(), from: status, to: status, reason: z.string().optional() }),
  ),
});
/** `withheld`: contacts of the same demand in other queues, which this person may not see. */
const detail = view.extend({ contacts: z.array(interactionSchema), withheld: z.number().int() });
const dossier = detail.extend({
  timeline: z.array(timelineEntry),
  notices: z.array(z.unknown()),
  generatedAt: isoTime,
});

export function protocolView(protocol: Protocol): z.infer<typeof view> {
  return {
    number: protocol.number,
    kind: protocol.kind,
    customer: protocol.customer,
    documentMasked: protocol.document === null ? null : maskDocument(protocol.document),
    phones: [...protocol.phones],
    type: protocol.type,
    subject: protocol.subject,
    status: protocol.status,
    openedAt: protocol.openedAt.toISOString(),
    deadline: protocol.deadline.toISOString(),
    lastTouchedAt: protocol.lastTouchedAt.toISOString(),
    concludedAt: protocol.concludedAt?.toISOString() ?? null,
    interactions: protocol.interactions,
    history: protocol.history.map((change) => ({ ...change, at: change.at.toISOString() })),
  };
}

/** Of a list: phones are masked until somebody opens the one protocol (domain.md, privacy). */
const protocolLine = (protocol: Protocol): z.infer<typeof view> => ({
  ...protocolView(protocol),
  phones: protocol.phones.map(maskPhone),
});

const base = '/api/v1/protocols';
const params = z.object({ number: z.string().min(1).max(32) });
const common = { tag: 'protocols', auth: 'session', params } as const;

const searchQuery = pageQuery.extend({
  /** The number of the last one before the page. */
  cursor: z
    .string()
    .regex(/^\d{16}$/, fault('cursor'))
    .optional(),
  number: z.string().max(32).optional(),
  /** CPF or CNPJ, masked or not. */
  document: z.string().max(32).optional(),
  phone: z.string().max(32).optional(),
  status: status.optional(),
  customer: z.string().max(64).optional(),
});

/** `/api/v1/protocols…`: findable at least by number, document and phone in every channel (RGC). */
export function protocolRoutes(deps: ProtocolRoutesDeps): Route[] {
  const { protocols } = deps;
  const open = createDoor(deps);
  return [
    route({
      method: 'get',
      path: base,
      tag: 'protocols',
      summary: 'Protocols by number, document, phone, status',
      auth: 'session',
      scope: 'protocols:read',
      query: searchQuery,
      responses: { 200: page(view) },
      audit: reads('protocol.search', 'protocol'),
      async handle({ principal, query: { limit, cursor, ...query } }) {
        const within = reachWords(principal);
        const filter = { ...filterOf(query), ...(within === undefined ? {} : { within }) };
        const found = await protocols.search(principal.companyId, filter, { limit, cursor });
        return {
          status: 200,
          body: { items: found.items.map(protocolLine), nextCursor: found.nextCursor },
        };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: `${base}/{number}`,
      summary: 'One protocol with its contacts',
      scope: 'protocols:read',
      responses: { 200: detail, 404: problem },
      audit: reads('protocol.read', 'protocol'),
      async handle({ principal, params: { number } }) {
        const { found, contacts, withheld } = await open(principal, number);
        return { status: 200, body: { ...protocolView(found), contacts, withheld } };
      },
    }),
    route({
      ...common,
      method: 'patch',
      path: `${base}/{number}`,
      summary:
        'Status, type or subject, by those who have or had it in hand; supervisors cancel, with a reason; nothing is deleted',
      scope: 'protocols:write',
      body: z.object({
        status: status.optional(),
        type: type.optional(),
        subject: line(200, 0).optional(),
        reason: prose(500, 0).optional(),
      }),
      responses: { 200: view, 403: problem, 404: problem, 409: problem, 422: problem },
      audit: does('protocol.update', 'protocol'),
      async handle({ principal, params: { number }, body }) {
        const { found, thing } = await open(principal, number);
        if (!may(principal, 'work', thing))
          throw new AppError('protocol.notYours', 403, 'The protocol is not in your hands.');
        if (body.status === 'cancelled' && !may(principal, 'manage', thing))
          throw new AppError('protocol.cancelForbidden', 403, 'A supervisor cancels a protocol.');
        const patch = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
        const next = await protocols.patch(principal.companyId, number, patch, principal.userId);
        const moved = found.status === next.status ? {} : { from: found.status, to: next.status };
        const data = { fields: Object.keys(patch), ...moved };
        return { status: 200, body: protocolView(next), audit: { data } };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: `${base}/{number}/dossier`,
      summary: 'Everything under this number, for the customer or the regulator',
      scope: 'protocols:read',
      responses: { 200: dossier, 404: problem },
      audit: reads('protocol.dossier', 'protocol'),
      async handle({ principal, params: { number } }) {
        const { found, contacts, withheld } = await open(principal, number);
        const seen = new Set(contacts.map(({ id }) => id));
        const timeline = (await deps.timeline(found.companyId, found.number)).filter((entry) =>
          seen.has(String(entry.data['interactionId'])),
        );
        const notices = (await deps.notices?.(found.companyId, found.number)) ?? [];
        const generatedAt = deps.now().toISOString();
        return {
          status: 200,
          body: { ...protocolView(found), contacts, withheld, timeline, notices, generatedAt },
        };
      },
    }),
  ];
}

/** One protocol for this person: with those of its contacts that they may see. Errors: protocol.notFound 404. */
function createDoor({ protocols, contacts }: ProtocolRoutesDeps) {
  return async (principal: Principal, number: string) => {
    const found = await protocols.get(principal.companyId, number);
    if (found === null) throw NOT_FOUND();
    const { companyId } = found;
    const all = await contacts(companyId, found.number);
    const thing = { kind: 'demand', companyId, places: all.map(placeOf) } as const;
    if (!may(principal, 'see', thing)) throw NOT_FOUND();
    const visible = all.filter((contact) =>
      may(principal, 'see', { kind: 'contact', companyId, ...placeOf(contact) }),
    );
    return { found, thing, contacts: visible, withheld: all.length - visible.length };
  };
}

const NOT_FOUND = (): AppError => new AppError('protocol.notFound', 404, 'There is no such protocol.');

const placeOf = ({ queue, agent }: InteractionView): Place => ({ queue, agentId: agent?.id ?? null });

function filterOf(query: {
  readonly number?: string | undefined;
  readonly document?: string | undefined;
  readonly phone?: string | undefined;
  readonly status?: Protocol['status'] | undefined;
  readonly customer?: string | undefined;
}): Parameters<Protocols['search']>[1] {
  const { number, document, phone, customer } = query;
  return {
    ...(number === undefined ? {} : { number: number.replace(/\D/g, '') }),
    // What is no valid document is searched as written and finds nothing: never an error while somebody types.
    ...(document === undefined ? {} : { document: parseDocument(document)?.value ?? document }),
    ...(phone === undefined ? {} : { phone: parsePhone(phone)?.value ?? phone }),
    ...(query.status === undefined ? {} : { status: query.status }),
    ...(customer === undefined ? {} : { customerId: customer }),
  };
}
