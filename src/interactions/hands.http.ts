import { z } from 'zod';
import { problem, prose } from '../contracts/common.ts';
import { interaction as interactionSchema, NOTE_MOST } from '../contracts/interaction.ts';
import { disposition } from '../contracts/realtime.ts';
import { does, unaudited, route, type Route } from '../platform/http/index.ts';
import type { Hands } from './hands.ts';
import { interactionView } from './view.ts';

const base = '/api/v1/interactions/{id}';
const common = {
  tag: 'interactions',
  auth: 'session',
  scope: 'interactions:write',
  params: z.object({ id: z.string().min(1).max(64) }),
  responses: { 200: interactionSchema, 403: problem, 404: problem, 409: problem },
} as const;

/** Taking, giving and writing up a contact. */
export function handsRoutes(hands: Hands): Route[] {
  return [
    route({
      ...common,
      method: 'post',
      path: `${base}/take`,
      summary: 'Takes a waiting contact out of its order, where the queue allows it',
      audit: does('interaction.take', 'interaction'),
      handle: async ({ principal, params }) => ({
        status: 200,
        body: interactionView(await hands.take(principal, params.id)),
      }),
    }),
    route({
      ...common,
      method: 'post',
      path: `${base}/assign`,
      summary: 'Gives a waiting contact to an operator',
      roles: ['supervisor', 'admin'],
      body: z.object({ agent: z.string().min(1).max(64) }),
      audit: does('interaction.assign', 'interaction'),
      handle: async ({ principal, params, body }) => ({
        status: 200,
        body: interactionView(await hands.assign(principal, params.id, body.agent)),
        audit: { data: { agentId: body.agent } },
      }),
    }),
    route({
      ...common,
      method: 'post',
      path: `${base}/wrap-up/extend`,
      summary: 'More time for the own wrap-up, up to wrapUpMaxMs of the queue after the talk',
      audit: does('interaction.extend', 'interaction'),
      handle: async ({ principal, params }) => ({
        status: 200,
        body: interactionView(await hands.extendWrapUp(principal, params.id)),
      }),
    }),
    route({
      ...common,
      method: 'put',
      path: `${base}/draft`,
      summary: 'Keeps what is typed about the end; it closes the contact when the wrap-up ends by itself',
      body: z.object({
        disposition: disposition.nullable().default(null),
        note: prose(NOTE_MOST).nullable().default(null),
      }),
      audit: unaudited('own'),
      handle: async ({ principal, params, body }) => ({
        status: 200,
        body: interactionView(await hands.draft(principal, params.id, body)),
      }),
    }),
  ];
}
