import { z } from 'zod';
import { channel, page, pageQuery, problem } from '../contracts/common.ts';
import { customerContext, type CustomerContext } from '../contracts/context.ts';
import {
  interaction as interactionSchema,
  interactionState,
  messageView as messageSchema,
  timelineEntry,
} from '../contracts/interaction.ts';
import { clientCommands, transferTarget } from '../contracts/realtime.ts';
import { route, type Principal, type Route } from '../platform/http/index.ts';
import type { Interaction } from './domain/types.ts';
import type { Desk } from './desk.ts';
import type { Interactions } from './interactions.ts';
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
});

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
      summary: 'Contacts that the caller may see, newest first',
      auth: 'session',
      scope: 'interactions:read',
      query: listQuery,
      responses: { 200: page(interactionSchema) },
      async handle({ principal, query }) {
        const { limit, cursor, state, customer, channel: by, queue, protocol } = query;
        const filter = {
          ...(state === undefined ? {} : { states: state }),
          ...(by === undefined ? {} : { channel: by }),
          ...(queue === undefined ? {} : { queue }),
          ...(customer === undefined ? {} : { customerId: customer }),
          ...(protocol === undefined ? {} : { protocol }),
        };
        const { items, nextCursor } = await desk.list(principal, filter, { limit, cursor });
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
  name: string,
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
      summary: 'Ends the wrap-up or the conversation with its reason',
      scope: 'interactions:write',
      body: clientCommands['interaction:close'].omit({ interactionId: true }),
      responses: answers,
      handle: async ({ principal, params: { id }, body }) => ({
        status: 200,
        body: interactionView(await desk.close(principal, id, body)),
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
      handle: async ({ principal, params: { id }, body }) => ({
        status: 200,
        body: interactionView(await desk.transfer(principal, id, body.to, body.mode)),
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
      summary: 'Writes a note into the timeline',
      scope: 'interactions:write',
      body: z.object({ text: z.string().min(1).max(4000) }),
      responses: { 201: interactionSchema, 404: problem },
      handle: async ({ principal, params: { id }, body }) => ({
        status: 201,
        body: interactionView(await desk.note(principal, id, body.text)),
      }),
    }),
    route({
      ...common,
      method: 'post',
      path: `${base}/{id}/messages`,
      summary: 'Writes to the customer; the Idempotency-Key header makes a repeat harmless',
      scope: 'interactions:write',
      body: clientCommands['interaction:message'].omit({ interactionId: true }),
      responses: { 201: messageSchema, 403: problem, 404: problem, 409: problem },
      async handle({ principal, params: { id }, body, request }) {
        const key = request.headers['idempotency-key'];
        const message = await desk.write(principal, id, body.text, body.attachments, key);
        return { status: 201, body: messageView(message) };
      },
    }),
  ];
}
