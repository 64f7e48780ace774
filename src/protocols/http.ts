import { z } from 'zod';
import { isoTime, page, pageQuery, problem } from '../contracts/common.ts';
import { interaction as interactionSchema, timelineEntry } from '../contracts/interaction.ts';
import type { InteractionView, TimelineEntry } from '../contracts/interaction.ts';
import { maskDocument, parseDocument } from '../shared/br/documents.ts';
import { maskPhone, parsePhone } from '../shared/br/phone.ts';
import { AppError } from '../shared/errors.ts';
import type { CompanyId, ProtocolNumber } from '../shared/ids.ts';
import { route, type Principal, type Route } from '../platform/http/index.ts';
import type { Protocol } from './domain/protocol.ts';
import type { Protocols } from './protocols.ts';

export interface ProtocolRoutesDeps {
  readonly protocols: Protocols;
  /** The contacts under a number and their common story. */
  readonly story: (
    companyId: CompanyId,
    number: ProtocolNumber,
  ) => Promise<{
    readonly interactions: readonly InteractionView[];
    readonly timeline: readonly TimelineEntry[];
  }>;
  /** Notices that went out, with their proof of delivery. */
  readonly notices?: (companyId: CompanyId, number: ProtocolNumber) => Promise<readonly unknown[]>;
  readonly now: () => Date;
  /** Reading a whole dossier is an audited act. */
  readonly audit?: (principal: Principal, action: string, number: string) => Promise<void>;
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
const detail = view.extend({ contacts: z.array(interactionSchema) });
const dossier = view.extend({
  contacts: z.array(interactionSchema),
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
  number: z.string().max(32).optional(),
  /** CPF or CNPJ, masked or not. */
  document: z.string().max(32).optional(),
  phone: z.string().max(32).optional(),
  status: status.optional(),
  customer: z.string().max(64).optional(),
});

/** `/api/v1/protocols…`: findable at least by number, document and phone in every channel (RGC). */
export function protocolRoutes(deps: ProtocolRoutesDeps): Route[] {
  const { protocols, story } = deps;
  const find = async (principal: Principal, number: string): Promise<Protocol> => {
    const found = await protocols.get(principal.companyId, number);
    if (found === null) throw new AppError('protocol.notFound', 404, 'There is no such protocol.');
    return found;
  };
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
      async handle({ principal, query: { limit, cursor, ...query } }) {
        const found = await protocols.search(principal.companyId, filterOf(query), { limit, cursor });
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
      async handle({ principal, params: { number } }) {
        const found = await find(principal, number);
        const { interactions } = await story(found.companyId, found.number);
        return { status: 200, body: { ...protocolView(found), contacts: interactions } };
      },
    }),
    route({
      ...common,
      method: 'patch',
      path: `${base}/{number}`,
      summary: 'Status, type or subject; cancelling needs a reason, nothing is deleted',
      scope: 'protocols:write',
      body: z.object({
        status: status.optional(),
        type: type.optional(),
        subject: z.string().max(200).optional(),
        reason: z.string().max(500).optional(),
      }),
      responses: { 200: view, 404: problem, 409: problem, 422: problem },
      async handle({ principal, params: { number }, body }) {
        const patch = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
        const next = await protocols.patch(principal.companyId, number, patch, principal.userId);
        return { status: 200, body: protocolView(next) };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: `${base}/{number}/dossier`,
      summary: 'Everything under this number, for the customer or the regulator',
      scope: 'protocols:read',
      responses: { 200: dossier, 404: problem },
      async handle({ principal, params: { number } }) {
        const found = await find(principal, number);
        await deps.audit?.(principal, 'protocol.dossier', found.number);
        const { interactions, timeline } = await story(found.companyId, found.number);
        const notices = (await deps.notices?.(found.companyId, found.number)) ?? [];
        const generatedAt = deps.now().toISOString();
        return {
          status: 200,
          body: { ...protocolView(found), contacts: interactions, timeline, notices, generatedAt },
        };
      },
    }),
  ];
}

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
