import { z } from 'zod';
import { may } from '../access/index.ts';
import { clearable, nameLine, problem, wholeQuery } from '../contracts/common.ts';
import { fault } from '../contracts/field-words.ts';
import { ranges, whole } from '../contracts/ranges.ts';
import { queueLive } from '../contracts/realtime.ts';
import { DEFAULT_WEIGHTS } from '../agents/index.ts';
import { AppError } from '../shared/errors.ts';
import { does, unaudited, route, type Principal, type Route } from '../platform/http/index.ts';
import { TEXT_LEVEL_MS, type QueueConfig } from './domain/config.ts';
import type { Queues, QueueSettings } from './queues.ts';
import type { Router } from './router.ts';

/** Who counts on a queue: a number (its flow leads there), a mailbox, contacts that wait (name: how many). */
export interface QueueUse {
  readonly kind: 'did' | 'mailbox' | 'waiting';
  readonly name: string;
}

export interface QueueRoutesDeps {
  readonly queues: Queues;
  readonly router: Pick<Router, 'live'>;
  /** Does the company have such a calendar? Default: any. */
  readonly calendarExists?: (companyId: string, key: string) => boolean;
  /** What an end of the queue would strand. Default: nothing. */
  readonly usedBy?: (companyId: string, key: string) => Promise<readonly QueueUse[]>;
}

const ms = (max: number): z.ZodNumber => z.number().int().min(0).max(max);
const textChannel = z.enum(['whatsapp', 'sms', 'email', 'webchat']);
const settings = z.object({
  name: nameLine(80),
  active: z.boolean(),
  strategy: z.enum(['longestIdle', 'leastOccupied', 'mostSkilled', 'roundRobin']),
  ringMs: whole(ranges.ringMs),
  wrapUpMs: whole(ranges.wrapUpMs),
  wrapUpMaxMs: whole(ranges.wrapUpMaxMs),
  allowTake: z.boolean(),
  serviceLevelMs: whole(ranges.serviceLevelMs),
  /** Calls have serviceLevelMs; what is left out stays at the default. */
  textLevelMs: z.partialRecord(textChannel, whole(ranges.textLevelMs)),
  serviceLevelFormula: z.enum(['F1', 'F2', 'F3', 'F4', 'F5', 'F6']),
  shortAbandonMs: ms(60_000),
  stickyMs: ms(600_000),
  rejectMs: ms(600_000),
  calendar: z.string().max(64).nullable(),
  weights: z.record(textChannel, z.number().int().min(0).max(100)),
});
const partial = settings.partial().extend({
  calendar: clearable(z.string().max(64)),
  weights: z.record(z.string(), z.number().int().min(0).max(100)).optional(),
});
const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, fault('key'));
const view = z.object({
  ...settings.shape,
  key,
  weights: z.record(z.string(), z.number()),
  textLevelMs: z.record(textChannel, z.number()),
});
const params = z.object({ key: z.string().max(64) });
const targets = z.object({ items: z.array(z.object({ key, name: z.string() })), nextCursor: z.null() });
const items = z.object({ items: z.array(view), nextCursor: z.null() });

const viewOf = ({ companyId: _company, version: _version, ...rest }: QueueConfig): z.infer<typeof view> => ({
  ...rest,
  weights: { ...DEFAULT_WEIGHTS, ...rest.weights },
  textLevelMs: { ...TEXT_LEVEL_MS, ...rest.textLevelMs },
});

/** zod says `undefined` where the settings say "left out". */
function given(body: z.infer<typeof partial>): QueueSettings {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

const mine = (principal: Principal, { companyId, key }: QueueConfig): boolean =>
  may(principal, 'see', { kind: 'queue', companyId, key });

/** `/api/v1/queues…` for those who work in them, `/api/v1/admin/queues` for those who set them up. */
export function queueRoutes(deps: QueueRoutesDeps): Route[] {
  const { queues, router } = deps;
  return [
    route({
      method: 'get',
      path: '/api/v1/queues',
      tag: 'queues',
      summary: 'Queues that the caller may see',
      auth: 'session',
      scope: 'queues:read',
      query: wholeQuery,
      responses: { 200: items },
      audit: unaudited('settings'),
      handle: ({ principal }) => ({
        status: 200,
        body: {
          items: queues
            .list(principal.companyId)
            .filter((queue) => queue.active && mine(principal, queue))
            .map(viewOf),
          nextCursor: null,
        },
      }),
    }),
    route({
      method: 'get',
      path: '/api/v1/queues/targets',
      tag: 'queues',
      summary: 'Queues to which a contact may be passed on: all that take contacts, by name alone',
      auth: 'session',
      scope: 'queues:read',
      audit: unaudited('settings'),
      query: wholeQuery,
      responses: { 200: targets },
      handle: ({ principal }) => ({
        status: 200,
        body: {
          items: queues
            .list(principal.companyId)
            .filter((queue) => queue.active)
            .map(({ key: one, name }) => ({ key: one, name })),
          nextCursor: null,
        },
      }),
    }),
    route({
      method: 'get',
      path: '/api/v1/queues/{key}/live',
      tag: 'queues',
      summary: 'What the queue looks like now',
      auth: 'session',
      scope: 'queues:read',
      params,
      responses: { 200: queueLive, 404: problem },
      audit: unaudited('settings'),
      handle({ principal, params: { key: wanted } }) {
        const queue = queues.get(principal.companyId, wanted);
        if (queue === undefined || !mine(principal, queue))
          throw new AppError('queue.notFound', 404, 'There is no such queue.');
        return { status: 200, body: router.live(principal.companyId, wanted) };
      },
    }),
    ...adminRoutes(deps),
  ];
}

/** A queue that something leads to does not end silently: whoever is sent there would wait for nobody. */
async function assertUnused(
  { queues, usedBy }: QueueRoutesDeps,
  companyId: string,
  wanted: string,
): Promise<void> {
  if (queues.get(companyId, wanted)?.active !== true) return;
  const uses = (await usedBy?.(companyId, wanted)) ?? [];
  if (uses.length === 0) return;
  const words = { did: 'number', mailbox: 'mailbox', waiting: 'waiting contacts:' } as const;
  const names = uses.map(({ kind, name }) => `${words[kind]} ${name}`);
  throw new AppError('queue.inUse', 409, `The queue is in use: ${names.join(', ')}.`, { uses });
}

/** Hours that are not there would be open for ever. The calendar that a queue has may stay. */
function assertCalendar(
  { calendarExists, queues }: QueueRoutesDeps,
  companyId: string,
  wanted: string | null | undefined,
  queue?: string,
): void {
  if (wanted === undefined || wanted === null) return;
  if (calendarExists?.(companyId, wanted) ?? true) return;
  if (queue !== undefined && queues.get(companyId, queue)?.calendar === wanted) return;
  throw new AppError('queue.calendarUnknown', 422, 'There is no such calendar.', { fields: ['calendar'] });
}

function adminRoutes(deps: QueueRoutesDeps): Route[] {
  const { queues } = deps;
  const common = { tag: 'admin', auth: 'session', roles: ['admin'], scope: 'admin' } as const;
  return [
    route({
      ...common,
      method: 'get',
      path: '/api/v1/admin/queues',
      summary: 'All queues, inactive ones too',
      query: wholeQuery,
      responses: { 200: items },
      audit: unaudited('settings'),
      handle: ({ principal }) => ({
        status: 200,
        body: { items: queues.list(principal.companyId).map(viewOf), nextCursor: null },
      }),
    }),
    route({
      ...common,
      method: 'post',
      path: '/api/v1/admin/queues',
      summary: 'A new queue',
      body: partial.extend({ key, name: nameLine(80) }),
      responses: { 201: view, 409: problem, 422: problem },
      audit: does('queue.create', 'queue'),
      async handle({ principal, body: { key: wanted, name, ...rest } }) {
        assertCalendar(deps, principal.companyId, rest.calendar);
        const queue = await queues.create(principal.companyId, wanted, { ...given(rest), name });
        return { status: 201, body: viewOf(queue), audit: { target: wanted } };
      },
    }),
    route({
      ...common,
      method: 'patch',
      path: '/api/v1/admin/queues/{key}',
      summary:
        'Changes a queue; nothing is deleted: active false, once no number, mailbox or waiting contact uses it',
      params,
      body: partial,
      responses: { 200: view, 404: problem, 409: problem, 422: problem },
      audit: does('queue.update', 'queue'),
      async handle({ principal, params: { key: wanted }, body }) {
        assertCalendar(deps, principal.companyId, body.calendar, wanted);
        if (body.active === false) await assertUnused(deps, principal.companyId, wanted);
        const change = given(body);
        const queue = await queues.patch(principal.companyId, wanted, change);
        return { status: 200, body: viewOf(queue), audit: { data: { fields: Object.keys(change) } } };
      },
    }),
  ];
}
