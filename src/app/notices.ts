import { z } from 'zod';
import { unaudited, type Route, route } from '../platform/http/index.ts';

/** What every page says above everything else, by code; the desk has the words. */
const noticesView = z.object({ items: z.array(z.object({ code: z.enum(['demo.inProduction']) })) });

/** `demoInProduction`: known users with a known kind of password would let a stranger in. */
export const noticesRoute = (facts: { readonly demoInProduction: () => boolean }): Route =>
  route({
    method: 'get',
    path: '/api/v1/notices',
    tag: 'system',
    summary: 'Warnings that stand on every page',
    auth: 'session',
    scope: 'admin:read',
    responses: { 200: noticesView },
    audit: unaudited('system'),
    handle: () => ({
      status: 200,
      body: { items: facts.demoInProduction() ? [{ code: 'demo.inProduction' as const }] : [] },
    }),
  });
