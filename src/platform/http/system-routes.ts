import { z } from 'zod';
import type { Metrics } from '../metrics/index.ts';
import { DOCS_HTML, DOCS_JS } from './docs-page.ts';
import { healthText, type Health } from './health.ts';
import { openApiDocument } from './openapi.ts';
import { route, type Route } from './route.ts';

const healthAnswer = z.object({
  status: z.enum(['ok', 'failed']),
  engines: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

/** /healthz: JSON, for load balancers; /readyz: a line of text per engine; both 503 when one is down. */
export function healthRoutes(health: Health, metrics: Metrics): readonly Route[] {
  const common = { method: 'get', tag: 'system', auth: 'public' } as const;
  return [
    route({
      ...common,
      path: '/healthz',
      summary: '200 when login, SIP and SMTP work',
      responses: { 200: healthAnswer, 503: healthAnswer },
      handle: async () => {
        const report = await health.report();
        return {
          status: report.ok ? 200 : 503,
          body: { status: report.ok ? 'ok' : 'failed', engines: report.engines },
        };
      },
    }),
    route({
      ...common,
      path: '/readyz',
      summary: 'One line per engine',
      responses: { 200: z.string(), 503: z.string() },
      handle: async () => {
        const report = await health.report();
        return {
          status: report.ok ? 200 : 503,
          body: healthText(report),
          headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
        };
      },
    }),
    route({
      ...common,
      path: '/metrics',
      summary: 'Prometheus figures, no personal data',
      responses: { 200: z.string() },
      handle: async () => ({
        status: 200,
        body: await metrics.text(),
        headers: { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' },
      }),
    }),
  ];
}

/** The OpenAPI document and its page. Built once, at the first request. */
export function docsRoutes(routes: () => readonly Route[], publicUrl: () => string): readonly Route[] {
  let document: Record<string, unknown> | undefined;
  const common = { method: 'get', tag: 'system', auth: 'public', hidden: true } as const;
  const text = (path: string, summary: string, type: string, body: string): Route =>
    route({
      ...common,
      path,
      summary,
      responses: { 200: z.string() },
      handle: () => ({ status: 200, body, headers: { 'Content-Type': type, 'Cache-Control': 'no-cache' } }),
    });
  return [
    route({
      ...common,
      path: '/api/openapi.json',
      summary: 'OpenAPI 3.1',
      responses: { 200: z.record(z.string(), z.unknown()) },
      handle: () => {
        document ??= openApiDocument(routes(), publicUrl());
        return { status: 200, body: document };
      },
    }),
    text('/api/docs', 'Documentation page', 'text/html; charset=utf-8', DOCS_HTML),
    text('/api/docs.js', 'Script of the documentation page', 'text/javascript; charset=utf-8', DOCS_JS),
  ];
}
