import { z } from 'zod';
import { reachWords } from '../access/index.ts';
import { page, pageQuery, problem } from '../contracts/common.ts';
import { messageView as messageSchema, undeliveredReply } from '../contracts/interaction.ts';
import { does, reads, route, type Route } from '../platform/http/index.ts';
import type { Desk } from './desk.ts';
import type { Interactions } from './interactions.ts';
import { messageView, undeliveredView } from './view.ts';

const id = z.string().min(1).max(64);

/** Replies that reached nobody and stand in nobody's work: the list, and the act that ends it for all. */
export const undeliveredRoutes = (deps: {
  readonly desk: Pick<Desk, 'acknowledge'>;
  readonly interactions: Pick<Interactions, 'undelivered'>;
}): Route[] => [
  route({
    method: 'get',
    path: '/api/v1/messages/undelivered',
    tag: 'interactions',
    summary:
      'Replies that failed after their contact was over, until somebody puts them aside or sends them again',
    auth: 'session',
    scope: 'interactions:read',
    query: pageQuery,
    responses: { 200: page(undeliveredReply) },
    audit: reads('interaction.list', 'interaction'),
    async handle({ principal, query }) {
      const within = reachWords(principal);
      const found = await deps.interactions.undelivered(principal.companyId, { ...query, within });
      const items = found.items.map(({ message, contact }) => undeliveredView(message, contact));
      return { status: 200, body: { items, nextCursor: found.nextCursor } };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/interactions/{id}/messages/{messageId}/acknowledge',
    tag: 'interactions',
    auth: 'session',
    params: z.object({ id, messageId: id }),
    summary: 'Puts an undelivered reply aside, for everybody; twice is fine',
    scope: 'interactions:write',
    responses: { 200: messageSchema, 403: problem, 404: problem },
    audit: does('interaction.acknowledge', 'interaction'),
    async handle({ principal, params }) {
      const message = messageView(await deps.desk.acknowledge(principal, params.id, params.messageId));
      return { status: 200, body: message, audit: { target: params.id, data: { messageId: message.id } } };
    },
  }),
];
