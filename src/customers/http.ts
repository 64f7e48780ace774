import { z } from 'zod';
import { page, problem, wholeQuery } from '../contracts/common.ts';
import { type CustomerContext, customerContext } from '../contracts/context.ts';
import { interaction, type InteractionView } from '../contracts/interaction.ts';
import { reads, toldByRoom, type Principal, route } from '../platform/http/index.ts';
import { maskDocument } from '../shared/br/documents.ts';
import { maskPhone } from '../shared/br/phone.ts';
import { AppError } from '../shared/errors.ts';
import type { Customers } from './customers.ts';
import type { LinkWish } from './link.ts';
import { matchedFields, matchOf } from './match.ts';
import type { Asker } from './search.ts';
import type { Customer } from './store.ts';

export interface CustomerRoutesDeps {
  readonly customers: Customers;
  readonly search: (asker: Asker, text: string, limit: number) => Promise<readonly Customer[]>;
  /** The ERP's file of the customer; waits at most `waitMs` for sections that are not fresh. */
  readonly contextOf: (companyId: string, customer: Customer, waitMs: number) => Promise<CustomerContext>;
  /** Says whose contact it is; answers the contact. */
  readonly link: (principal: Principal, interactionId: string, wish: LinkWish) => Promise<InteractionView>;
}

const customerView = z.object({
  id: z.string(),
  externalId: z.string(),
  name: z.string(),
  tradeName: z.string().optional(),
  personType: z.enum(['PF', 'PJ']),
  documentMasked: z.string(),
  phones: z.array(z.string()),
  emails: z.array(z.string()),
  address: z.string().optional(),
  district: z.string().optional(),
  since: z.string().optional(),
});

function toView(c: Customer): z.infer<typeof customerView> {
  return {
    id: c._id,
    externalId: c.externalId,
    name: c.name,
    ...(c.tradeName === undefined ? {} : { tradeName: c.tradeName }),
    personType: c.personType,
    documentMasked: maskDocument(c.document),
    phones: [...c.phones],
    emails: [...c.emails],
    ...(c.address === undefined ? {} : { address: c.address }),
    ...(c.district === undefined ? {} : { district: c.district }),
    ...(c.since === undefined ? {} : { since: c.since }),
  };
}

const customerLine = customerView.extend({
  matched: z
    .object({ field: z.enum(matchedFields), text: z.string() })
    .optional()
    .describe('Why the search found it: the field, and what stands there'),
});

/** Of a list: phones are masked until somebody opens the one file (domain.md, privacy). */
function toLine(c: Customer, query: string): z.infer<typeof customerLine> {
  const matched = matchOf(c, query);
  return {
    ...toView(c),
    phones: c.phones.map(maskPhone),
    ...(matched === undefined ? {} : { matched }),
  };
}

const byId = z.object({ id: z.string().max(64) });

export function customerRoutes({ customers, search, contextOf, link }: CustomerRoutesDeps) {
  const find = async (companyId: string, id: string): Promise<Customer> => {
    const customer = await customers.get(companyId, id);
    if (customer === null) throw new AppError('customer.unknown', 404, 'no such customer');
    return customer;
  };
  return [
    route({
      method: 'get',
      path: '/api/v1/customers',
      tag: 'customers',
      summary:
        'One box: document, phone, e-mail, code, login, contract, serial, whole or their beginning; words of the name, then of the address; else whom the ERP knows',
      auth: 'session',
      scope: 'customers:read',
      query: wholeQuery.extend({
        q: z.string().min(1).max(200),
        limit: z.coerce.number().int().min(1).max(50).default(20),
      }),
      responses: { 200: page(customerLine) },
      audit: reads('customer.search', 'customer'),
      handle: async ({ query, principal: { companyId, userId }, request: { signal } }) => {
        const found = await search({ companyId, userId, signal }, query.q, query.limit);
        return { status: 200, body: { items: found.map((one) => toLine(one, query.q)), nextCursor: null } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/customers/{id}',
      tag: 'customers',
      summary: 'One customer',
      auth: 'session',
      scope: 'customers:read',
      params: byId,
      responses: { 200: customerView, 404: problem },
      audit: reads('customer.read', 'customer'),
      handle: async ({ params, principal }) => ({
        status: 200,
        body: toView(await find(principal.companyId, params.id)),
      }),
    }),
    route({
      method: 'get',
      path: '/api/v1/customers/{id}/context',
      tag: 'customers',
      summary: 'What the ERP knows, by section, each with its age; waits at most `waitMs`',
      auth: 'session',
      scope: 'customers:read',
      params: byId,
      query: z.object({ waitMs: z.coerce.number().int().min(0).max(15_000).default(0) }),
      responses: { 200: customerContext, 404: problem },
      audit: reads('customer.context', 'customer'),
      handle: async ({ params, query, principal }) => {
        const customer = await find(principal.companyId, params.id);
        return { status: 200, body: await contextOf(principal.companyId, customer, query.waitMs) };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/interactions/{id}/customer',
      tag: 'interactions',
      summary: 'Whose contact it is: chosen among candidates, searched, or null to take a wrong choice back',
      auth: 'session',
      scope: 'interactions:write',
      params: byId,
      body: z.strictObject({
        customerId: z.string().min(1).max(64).nullable(),
        /** The operator made sure, e.g. asked for the document: identity `confirmed`. */
        confirmed: z.boolean().default(false),
      }),
      responses: { 200: interaction, 403: problem, 404: problem, 409: problem },
      audit: toldByRoom('customer.chosen', 'customer.confirmed', 'customer.cleared'),
      handle: async ({ params, principal, body }) => ({
        status: 200,
        body: await link(principal, params.id, body),
      }),
    }),
  ];
}
