import { z } from 'zod';
import { channel, isoTime, page, pageQuery, problem, prose } from '../contracts/common.ts';
import { customerContext, type CustomerContext } from '../contracts/context.ts';
import {
  interaction as interactionSchema,
  interactionState,
  messageView as messageSchema,
  timelineEntry,
  NOTE_MOST,
} from '../contracts/interaction.ts';
import { clientCommands, transferTarget } from '../contracts/realtime.ts';
import { does, reads, route, type Principal, type Route } from '../platform/http/index.ts';
import type { Interaction } from './domain/types.ts';
import type { Desk } from './desk.ts';
import type { Interactions } from './interactions.ts';
import type { ListFilter } from './filters.ts';
import { interactionView, messageView } from './view.ts';

export interface InteractionRoutesDeps {
  readonly desk: Desk;
  readonly interactions: Pick<Interactions, 'timeline'>;
  readonly contextNow: (interaction: Interaction) => CustomerContext;
}

const base = '/api/v1/interactions';
const params = z.object({ id: z.string().min(1).max(64) });
const common = { tag: 'interactions', auth: 'session', params } as const;
const answers = { 200: interactionSchema, 403: problem, 404: problem, 409: problem } as const;

const detail = interactionSchema.extend({
  timeline: z.array(timelineEntry),
  context: customerContext,
});

const listQuery = pageQuery.extend({
  /** One state, or several with commas. */
  state: z
    .string()
    .max(120)
    .transform((text) => text.split(','))
    .pipe(z.array(interactionState))
    .optional(),
  channel: channel.optional(),
  queue: z.string().max(64).optional(),
  customer: z.string().max(64).optional(),
  protocol: z.string().max(16).optional(),
  agent: z.string().max(64).optional(),
  disposition: z.string().max(80).optional(),
  direction: z.enum(['inbound', 'outbound']).optional(),
  /** Arrival from this instant on, and before that one. */
  from: isoTime.optional(),
  to: isoTime.optional(),
  /** Oldest first is the order of who waits. */
  order: z.enum(['newest', 'oldest']).optional(),
});

/** zod says `undefined` where the filter says "left out". */
function filterOf(query: z.infer<typeof listQuery>): Omit<ListFilter, 'visibleTo'> {
  const { state: states, channel: by, queue, customer, protocol, agent, disposition, direction } = query;
  const instant = (text: string | undefined): Date | undefined =>
    text === undefined ? undefined : new Date(text);
  const wanted = {
    states,
    channel: by,
    queue,
    customerId: customer,
    protocol,
    agentId: agent,
    disposition,
    direction,
    from: instant(query.from),
    to: instant(query.to),
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

/** `/api/v1/interactions…` (contract.md, "Words of the API"). The recording belongs to the voice room. */
export function interactionRoutes(deps: InteractionRoutesDeps): Route[] {
  return [...readRoutes(deps), ...offerRoutes(deps), ...callRoutes(deps), ...textRoutes(deps)];
}

function readRoutes({ desk, interactions, contextNow }: InteractionRoutesDeps): Route[] {
  return [
    route({
      method: 'get',
      path: base,
      tag: 'interactions',
      summary: 'Contacts that the caller may see; newest first unless asked otherwise',
      auth: 'session',
      scope: 'interactions:read',
      query: listQuery,
      responses: { 200: page(interactionSchema) },
      audit: reads('interaction.list', 'interaction'),
      async handle({ principal, query }) {
        const { limit, cursor, order } = query;
        const { items, nextCursor } = await desk.list(principal, filterOf(query), { limit, cursor, order });
        return { status: 200, body: { items: items.map(interactionView), nextCursor } };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: `${base}/{id}`,
      summary: 'One contact with its story and the customer as known',
      scope: 'interactions:read',
      responses: { 200: detail, 404: problem },
      audit: reads('interaction.read', 'interaction'),
      async handle({ principal, params: { id } }) {
        const found = await desk.see(principal, id);
        const timeline = await interactions.timeline(found.companyId, found.id);
        return {
          status: 200,
          body: { ...interactionView(found), timeline, context: contextNow(found) },
        };
      },
    }),
  ];
}

/** A button without a body: the contact after it was pressed. */
function button(
  name: 'accept' | 'reject' | 'hangup' | 'hold' | 'resume',
  summary: string,
  press: (principal: Principal, id: string) => Promise<Interaction>,
): Route {
  return route({
    ...common,
    method: 'post',
    path: `${base}/{id}/${name}`,
    summary,
    scope: 'interactions:write',
    responses: answers,
    audit: does(`interaction.${name}`, 'interaction'),
    handle: async ({ principal, params: { id } }) => ({
      status: 200,
      body: interactionView(await press(principal, id)),
    }),
  });
}

function offerRoutes({ desk }: InteractionRoutesDeps): Route[] {
  return [
    button(
      'accept',
      'Takes the offer; twice by the winner is fine, others get offer.taken',
      (principal, id) => desk.accept(principal, id),
    ),
    button('reject', 'Declines the offer; it goes to somebody else', (principal, id) =>
      desk.reject(principal, id),
    ),
    route({
      ...common,
      method: 'post',
      path: `${base}/{id}/close`,
      summary: 'Ends the wrap-up or the conversation with its reason; an own live call with hangup: true',
      scope: 'interactions:write',
      body: clientCommands['interaction:close'].omit({ interactionId: true }),
      responses: answers,
      audit: does('interaction.close', 'interaction'),
      handle: async ({ principal, params: { id }, body }) => ({
        status: 200,
        body: interactionView(await desk.close(principal, id, body)),
        audit: { data: { disposition: body.disposition } },
      }),
    }),
    route({
      ...common,
      method: 'post',
      path: `${base}/{id}/end`,
      summary: 'A supervisor ends a contact that waits, rings or talks, and says why; audited',
      scope: 'interactions:write',
      roles: ['supervisor', 'admin'],
      body: z.object({ reason: prose(500).trim() }),
      responses: answers,
      audit: does('interaction.ended', 'interaction'),
      handle: async ({ principal, params: { id }, body }) => ({
        status: 200,
        body: interactionView(await desk.end(principal, id, body.reason)),
        audit: { data: { reason: body.reason } },
      }),
    }),
    route({
      ...common,
      method: 'post',
      path: `${base}/{id}/transfer`,
      summary: 'Gives the contact to a queue, an operator or a number',
      scope: 'interactions:write',
      body: z.object({ to: transferTarget, mode: z.enum(['blind', 'attended']).default('blind') }),
      responses: { ...answers, 422: problem },
      audit: does('interaction.transfer', 'interaction'),
      handle: async ({ principal, params: { id }, body }) => ({
        status: 200,
        body: interactionView(await desk.transfer(principal, id, body.to, body.mode)),
        audit: { data: { to: body.to, mode: body.mode } },
      }),
    }),
  ];
}

function callRoutes({ desk }: InteractionRoutesDeps): Route[] {
  return [
    button('hangup', "Ends the call's leg", (principal, id) => desk.hangup(principal, id)),
    button('hold', 'Customer hears music', (principal, id) => desk.hold(principal, id)),
    button('resume', 'Back from hold', (principal, id) => desk.resume(principal, id)),
    route({
      ...common,
      method: 'post',
      path: `${base}/{id}/dtmf`,
      summary: 'Sends keys to the other side',
      scope: 'interactions:write',
      body: clientCommands['call:dtmf'].omit({ interactionId: true }),
      responses: answers,
      audit: does('interaction.dtmf', 'interaction'),
      handle: async ({ principal, params: { id }, body }) => ({
        status: 200,
        body: interactionView(await desk.dtmf(principal, id, body.digits)),
      }),
    }),
  ];
}

function textRoutes({ desk }: InteractionRoutesDeps): Route[] {
  return [
    route({
      ...common,
      method: 'post',
      path: `${base}/{id}/notes`,
      summary: 'Writes a note into the timeline; the Idempotency-Key header makes a repeat harmless',
      scope: 'interactions:write',
      body: z.object({ text: prose(NOTE_MOST) }),
      responses: { 201: interactionSchema, 404: problem },
      audit: does('interaction.note', 'interaction'),
      handle: async ({ principal, params: { id }, body, request }) => ({
        status: 201,
        body: interactionView(await desk.note(principal, id, body.text, request.headers['idempotency-key'])),
      }),
    }),
    route({
      ...common,
      method: 'post',
      path: `${base}/{id}/messages`,
      summary: 'Writes to the customer; the Idempotency-Key header makes a repeat harmless',
      scope: 'interactions:write',
      body: clientCommands['interaction:message'].omit({ interactionId: true }),
      responses: { 201: messageSchema, 403: problem, 404: problem, 409: problem, 422: problem },
      audit: does('interaction.message', 'interaction'),
      async handle({ principal, params: { id }, body, request }) {
        const key = request.headers['idempotency-key'];
        const message = await desk.write(principal, id, body, key);
        const data = { messageId: message.id, attachments: message.attachments.length };
        return { status: 201, body: messageView(message), audit: { data } };
      },
    }),
    route({
      method: 'post',
      path: `${base}/{id}/messages/{messageId}/resend`,
      tag: 'interactions',
      auth: 'session',
      params: params.extend({ messageId: z.string().min(1).max(64) }),
      summary: 'Sends a message again that failed, or that waits for its next attempt',
      scope: 'interactions:write',
      responses: { 200: messageSchema, 403: problem, 404: problem, 409: problem },
      audit: does('interaction.resend', 'interaction'),
      async handle({ principal, params: { id, messageId } }) {
        const message = messageView(await desk.sendAgain(principal, id, messageId));
        return { status: 200, body: message, audit: { target: id, data: { messageId } } };
      },
    }),
  ];
}
