import { z } from 'zod';
import { wholeQuery } from '../contracts/common.ts';
import { unaudited, type Route, route } from '../platform/http/index.ts';

const flowView = z.object({ file: z.string(), queues: z.array(z.string()) });

/** The flows that a number may run, by file name, for whoever administers. */
export const flowRoutes = (flows: () => readonly z.infer<typeof flowView>[]): readonly Route[] => [
  route({
    method: 'get',
    path: '/api/v1/admin/flows',
    tag: 'admin',
    summary: 'Flows that numbers may run, and the queues that each leads to',
    auth: 'session',
    roles: ['admin'],
    scope: 'admin:read',
    query: wholeQuery,
    responses: { 200: z.object({ items: z.array(flowView), nextCursor: z.null() }) },
    audit: unaudited('settings'),
    handle: () => ({
      status: 200,
      body: { items: [...flows()].sort((a, b) => a.file.localeCompare(b.file)), nextCursor: null },
    }),
  }),
];
