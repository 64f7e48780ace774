import {
  OpenApiGeneratorV31,
  OpenAPIRegistry,
  extendZodWithOpenApi,
  type ResponseConfig,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { unauditedReasons } from '../../contracts/audit.ts';
import { problem } from '../../contracts/common.ts';
import { PROBLEM_TYPE } from './problems.ts';
import type { Route } from './route.ts';
import { CACHE_BUSTER } from './strict.ts';

/** OpenAPI 3.1 document of the visible routes, from the very schemas that parse requests. */
export function openApiDocument(routes: readonly Route[], publicUrl: string): Record<string, unknown> {
  extendZodWithOpenApi(z);
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'Token from POST /api/v1/auth/login, or an API key (rk_…) with scopes.',
  });
  for (const route of routes) if (route.hidden !== true) registry.registerPath(toPath(route));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Ramal',
      version: '1',
      description:
        'JSON, UTC ISO times, durations in milliseconds, problem documents (RFC 9457). A query parameter or a field of a body that a ' +
        `route does not name is refused with 400 request.unknownField, and what is named twice with request.invalid; the parameter ${CACHE_BUSTER}, with which some clients pass caches, is left out.`,
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: publicUrl }],
  });
  return { ...document };
}

function toPath(route: Route): RouteConfig {
  const open = route.auth === 'public';
  return {
    method: route.method,
    path: route.path,
    tags: [route.tag],
    summary: route.summary,
    operationId: operationId(route),
    ...(open ? {} : { security: [{ bearer: [] }] }),
    ...(route.roles === undefined ? {} : { 'x-roles': [...route.roles] }),
    ...(route.scope === undefined ? {} : { 'x-scope': route.scope }),
    ...auditOf(route),
    request: requestOf(route),
    responses: responsesOf(route, open),
  };
}

/** What the audit log is told, or why nothing. */
function auditOf({ audit }: Route): Record<string, unknown> {
  switch (audit.kind) {
    case 'none':
      return { 'x-unaudited': unauditedReasons[audit.reason] };
    case 'room':
      return { 'x-audit': [...audit.acts] };
    case 'read':
      return { 'x-audit': [audit.act] };
    case 'act':
      return { 'x-audit': [audit.act, ...(audit.refused === undefined ? [] : [audit.refused.act])] };
  }
}

/** get /api/v1/queues/{key}/live → getQueuesKeyLive */
function operationId(route: Route): string {
  const words = route.path.replace(/^\/api\/v1/, '').match(/[A-Za-z0-9]+/g) ?? [];
  return route.method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function requestOf(route: Route): NonNullable<RouteConfig['request']> {
  return {
    ...(route.params instanceof z.ZodObject ? { params: route.params } : {}),
    ...(route.query instanceof z.ZodObject ? { query: route.query } : {}),
    ...(route.body === undefined ? {} : { body: { content: contentOf(route, route.body), required: true } }),
  };
}

type Content = NonNullable<NonNullable<RouteConfig['request']>['body']>['content'];

function contentOf(route: Route, schema: z.ZodType): Content {
  // Bytes: their schema is a check of ours (a Buffer), which no document can tell.
  if (route.bodyKind === 'raw' || route.bodyKind === 'stream')
    return { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
  return {
    [route.bodyKind === 'form' ? 'application/x-www-form-urlencoded' : 'application/json']: { schema },
  };
}

function responsesOf(route: Route, open: boolean): Record<string, ResponseConfig> {
  const responses: Record<string, ResponseConfig> = {};
  for (const [status, schema] of Object.entries(route.responses)) {
    const media = Number(status) >= 400 ? PROBLEM_TYPE : 'application/json';
    responses[status] =
      schema === null
        ? { description: describe(status) }
        : { description: describe(status), content: { [media]: { schema } } };
  }
  const failure = { description: 'Problem', content: { [PROBLEM_TYPE]: { schema: problem } } };
  if (!open) responses['401'] ??= failure;
  responses['default'] ??= failure;
  return responses;
}

function describe(status: string): string {
  return Number(status) < 300 ? 'Done' : Number(status) < 400 ? 'Elsewhere' : 'Problem';
}
