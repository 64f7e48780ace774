import { z } from 'zod';
import { may } from '../access/index.ts';
import { isoTime, line, problem, wholeQuery } from '../contracts/common.ts';
import {
  clientCommands,
  pauseReason,
  presenceState,
  presenceView as presenceSchema,
} from '../contracts/realtime.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId } from '../shared/ids.ts';
import { does, reads, unaudited, route, type Principal, type Route } from '../platform/http/index.ts';
import type { Agents } from './agents.ts';
import { presenceView } from './view.ts';

export interface AgentRoutesDeps {
  readonly agents: Agents;
  /** Midnight of the company's day, for the budget of breaks. */
  readonly dayStart: (companyId: string) => Date;
}

const presenceBody = clientCommands['presence:set'];

const forced = z.object({
  state: presenceState,
  reason: z.union([pauseReason, line(80)]).optional(),
});

const presenceChange = z.object({
  state: presenceState,
  reason: z.string().optional(),
  at: isoTime,
  /** The supervisor who forced it. */
  by: z.object({ id: z.string(), name: z.string().optional() }).optional(),
});

const breakUse = z.object({
  reason: z.string(),
  times: z.number().int(),
  usedMs: z.number(),
  budgetMs: z.number().nullable(),
  leftMs: z.number().nullable(),
});

/** Presence of one's own, the operators of the company, and the supervisor's hand on them. */
export function agentRoutes(deps: AgentRoutesDeps): Route[] {
  const { agents } = deps;
  return [
    route({
      method: 'put',
      path: '/api/v1/me/presence',
      tag: 'me',
      summary: 'Sets the own presence; a pause has a type',
      auth: 'session',
      body: presenceBody,
      responses: { 200: presenceSchema, 404: problem, 422: problem },
      audit: unaudited('own'),
      handle: async ({ principal, body }) => ({
        status: 200,
        body: presenceView(await setOwnPresence(agents, principal, body)),
      }),
    }),
    route({
      method: 'get',
      path: '/api/v1/me/breaks',
      tag: 'me',
      summary: 'Pauses of today by type with what is left of the legal budget (NR-17 annex II)',
      auth: 'session',
      query: wholeQuery,
      responses: { 200: z.object({ items: z.array(breakUse), nextCursor: z.null() }) },
      audit: unaudited('own'),
      handle: ({ principal }) => ({
        status: 200,
        body: {
          items: agents.breaks(principal.companyId, principal.userId, deps.dayStart(principal.companyId)),
          nextCursor: null,
        },
      }),
    }),
    route({
      method: 'get',
      path: '/api/v1/agents',
      tag: 'agents',
      summary: 'Operators with presence and load; an operator sees colleagues of the own queues',
      auth: 'session',
      scope: 'agents:read',
      query: wholeQuery,
      responses: { 200: z.object({ items: z.array(presenceSchema), nextCursor: z.null() }) },
      audit: unaudited('colleagues'),
      handle: ({ principal }) => ({
        status: 200,
        body: { items: visible(agents, principal).map(presenceView), nextCursor: null },
      }),
    }),
    route({
      method: 'put',
      path: '/api/v1/agents/{id}/presence',
      tag: 'agents',
      summary: 'Forces a pause or a logout; the reason is kept, and the person sees it',
      auth: 'session',
      roles: ['supervisor', 'admin'],
      params: z.object({ id: z.string().min(1).max(64) }),
      body: forced,
      responses: { 200: presenceSchema, 404: problem, 409: problem, 422: problem },
      audit: does('agent.presence', 'agent'),
      async handle({ principal, params, body }) {
        const reason = body.reason ?? (body.state === 'paused' ? 'forced' : undefined);
        const agent = await agents.setPresence(
          principal.companyId,
          params.id as AgentId,
          body.state,
          reason,
          principal.userId,
          principal.name,
        );
        if (body.state === 'paused' && agent.presence.state === 'offline')
          throw new AppError('presence.offline', 409, 'Who is offline has no work to pause.');
        const data = { state: body.state, ...(reason === undefined ? {} : { reason }) };
        return { status: 200, body: presenceView(agent), audit: { data } };
      },
    }),
    historyRoute(deps),
  ];
}

/** Logged pauses and shifts are open to the worker (NR-17 annex II) and to supervisors. */
function historyRoute({ agents }: AgentRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/api/v1/agents/{id}/presence',
    tag: 'agents',
    summary: 'Presence changes, newest first, with reasons and who forced them; operators see their own',
    auth: 'session',
    params: z.object({ id: z.string().min(1).max(64) }),
    query: wholeQuery,
    responses: {
      200: z.object({ items: z.array(presenceChange), nextCursor: z.null() }),
      403: problem,
      404: problem,
    },
    audit: reads('agent.history', 'agent'),
    handle({ principal, params }) {
      if (!may(principal, 'see', { kind: 'record', companyId: principal.companyId, of: params.id }))
        throw new AppError('auth.forbidden', 403, 'Operators see their own history only.');
      const { companyId } = principal;
      const items = agents.presenceHistory(companyId, params.id as AgentId).map((change) => {
        const name = change.by === undefined ? undefined : agents.get(companyId, change.by)?.name;
        return {
          state: change.state,
          ...(change.reason === null ? {} : { reason: change.reason }),
          at: change.at.toISOString(),
          ...(change.by === undefined
            ? {}
            : { by: { id: change.by, ...(name === undefined ? {} : { name }) } }),
        };
      });
      return { status: 200, body: { items, nextCursor: null } };
    },
  });
}

/** Reasons that the server sets are not for choosing. */
const SERVER_REASONS: ReadonlySet<string> = new Set(['noAnswer', 'forced']);

export async function setOwnPresence(
  agents: Agents,
  principal: Principal,
  { state, reason }: z.infer<typeof presenceBody>,
): ReturnType<Agents['setPresence']> {
  if (reason !== undefined && SERVER_REASONS.has(reason))
    throw new AppError('presence.reason', 422, 'This reason is set by the server only.');
  const cause = state === 'paused' ? (reason ?? 'break') : undefined;
  return agents.setPresence(principal.companyId, principal.userId, state, cause);
}

function visible(agents: Agents, principal: Principal): ReturnType<Agents['list']> {
  return agents
    .list(principal.companyId)
    .filter((agent) => agent.active && may(principal, 'see', { kind: 'agent', ...agent }));
}
