import { z } from 'zod';
import { problem } from '../../contracts/common.ts';
import type { Metrics } from '../metrics/index.ts';
import { DOCS_HTML, DOCS_JS } from './docs-page.ts';
import { healthText, type Health } from './health.ts';
import { openApiDocument } from './openapi.ts';
import { assertMayReadMetrics, type PrivatePages, seesDetails } from './private-pages.ts';
import { unaudited } from './audit.ts';
import { route, type Route } from './route.ts';

const healthAnswer = z.object({
  status: z.enum(['ok', 'degraded', 'failed']),
  engines: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

/**
 * /healthz: JSON, for load balancers, 503 when an engine is down that the service cannot do without; /readyz: a line of text per
 * engine, for people and monitoring, 503 when any is down.
 */
export function healthRoutes(health: Health, metrics: Metrics, pages: PrivatePages): readonly Route[] {
  const common = { method: 'get', tag: 'system', auth: 'public' } as const;
  return [
    route({
      ...common,
      path: '/healthz',
      summary: '200 when login, SIP and SMTP work',
      responses: { 200: healthAnswer, 503: healthAnswer },
      audit: unaudited('system'),
      handle: async ({ request }) => {
        const report = await health.report();
        const details = seesDetails(pages, request);
        return {
          status: report.serving ? 200 : 503,
          body: {
            status: report.ok ? 'ok' : report.serving ? 'degraded' : 'failed',
            engines: report.engines.map(({ name, ok, detail }) => ({
              name,
              ok,
              detail: details ? detail : '',
            })),
          },
        };
      },
    }),
    route({
      ...common,
      path: '/readyz',
      summary: 'One line per engine',
      responses: { 200: z.string(), 503: z.string() },
      audit: unaudited('system'),
      handle: async ({ request }) => {
        const report = await health.report();
        return {
          status: report.ok ? 200 : 503,
          body: healthText(report, seesDetails(pages, request)),
          headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
        };
      },
    }),
    route({
      ...common,
      path: '/metrics',
      summary: 'Prometheus figures, no personal data. METRICS_TOKEN as Bearer; without one this machine only',
      responses: { 200: z.string(), 401: problem, 403: problem },
      audit: unaudited('system'),
      handle: async ({ request }) => {
        assertMayReadMetrics(pages, request);
        return {
          status: 200,
          body: await metrics.text(),
          headers: { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' },
        };
      },
    }),
  ];
}

/**
 * The OpenAPI document and its page. In production the document needs a session or a key: a map of every door is not for strangers. The
 * page itself is a shell without a word of it; a browser cannot send a token with an address, so the shell's script asks with the
 * desk's own session, and a shell that was opened without one says so (401).
 */
export function docsRoutes(
  routes: () => readonly Route[],
  publicUrl: () => string,
  { production }: PrivatePages,
): readonly Route[] {
  let document: Record<string, unknown> | undefined;
  const common = { method: 'get', tag: 'system', hidden: true } as const;
  const text = (path: string, summary: string, type: string, body: string, status: number): Route =>
    route({
      ...common,
      auth: 'public',
      path,
      summary,
      responses: { [status]: z.string() },
      audit: unaudited('system'),
      handle: () => ({ status, body, headers: { 'Content-Type': type, 'Cache-Control': 'no-cache' } }),
    });
  return [
    route({
      ...common,
      auth: production ? 'session' : 'public',
      scope: 'docs:read',
      path: '/api/openapi.json',
      summary: 'OpenAPI 3.1',
      responses: { 200: z.record(z.string(), z.unknown()) },
      audit: unaudited('system'),
      handle: () => {
        document ??= openApiDocument(routes(), publicUrl());
        return { status: 200, body: document };
      },
    }),
    text('/api/docs', 'Documentation page', 'text/html; charset=utf-8', DOCS_HTML, production ? 401 : 200),
    text('/api/docs.js', 'Script of the documentation page', 'text/javascript; charset=utf-8', DOCS_JS, 200),
  ];
}
