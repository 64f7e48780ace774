import { z } from 'zod';
import { page, pageQuery, problem, role, wholeQuery } from '../contracts/common.ts';
import { does, type Route, route, unaudited } from '../platform/http/index.ts';
import { AppError } from '../shared/errors.ts';
import type { Access } from './access.ts';
import { type AccessAdminDeps, assertQueues } from './admin-deps.ts';
import { apiKeyView, nameField, queueKeys, toApiKeyView, toPage } from './views.ts';

const path = '/api/v1/admin/api-keys';
const admins = { tag: 'admin', auth: 'session', roles: ['admin'] } as const;

/** Which of them there are, the doors say: `assertScopes`. */
const scopes = z.array(z.string().max(64)).max(200);

/** A scope that no door asks for opens nothing: whoever grants it is mistaken. */
function assertScopes({ scopes: known }: AccessAdminDeps, wanted: readonly string[]): void {
  const there = known();
  if (wanted.every((scope) => there.includes(scope))) return;
  throw new AppError('apiKey.scopeUnknown', 422, 'No route asks for such a scope.', {
    scopes: there,
    fields: ['scopes'],
  });
}

/** Keys of other programs; a route of theirs names no scope, so that no key can make another. */
export function apiKeyRoutes(access: Access, deps: AccessAdminDeps): readonly Route[] {
  return [
    route({
      ...admins,
      method: 'get',
      path,
      summary: 'API keys of the company, newest first.',
      query: pageQuery,
      responses: { 200: page(apiKeyView) },
      audit: unaudited('settings'),
      handle: async ({ principal, query }) => {
        const rows = await access.apiKeys.list(principal.companyId, {
          limit: query.limit + 1,
          before: query.cursor,
        });
        return { status: 200, body: toPage(rows, query.limit, toApiKeyView) };
      },
    }),
    route({
      ...admins,
      method: 'get',
      path: `${path}/scopes`,
      summary: 'What an API key can be good for: the scopes that the routes ask for.',
      query: wholeQuery,
      responses: { 200: z.object({ items: z.array(z.string()), nextCursor: z.null() }) },
      audit: unaudited('settings'),
      handle: () => ({ status: 200, body: { items: deps.scopes(), nextCursor: null } }),
    }),
    route({
      ...admins,
      method: 'post',
      path,
      summary: 'Make an API key; it is shown this one time.',
      body: z.object({ name: nameField, role, queues: queueKeys.default([]), scopes }),
      responses: { 201: apiKeyView.extend({ key: z.string() }), 422: problem },
      audit: does('apiKey.create', 'apiKey'),
      handle: async ({ principal, body }) => {
        assertScopes(deps, body.scopes);
        assertQueues(deps, principal.companyId, body.queues);
        const { key, record } = await access.apiKeys.create(principal, body);
        const data = { scopes: record.scopes, role: record.role };
        return {
          status: 201,
          body: { ...toApiKeyView(record), key },
          audit: { target: record._id, data },
        };
      },
    }),
    changeRoute(access, deps),
  ];
}

function changeRoute(access: Access, deps: AccessAdminDeps): Route {
  return route({
    ...admins,
    method: 'patch',
    path: `${path}/{id}`,
    summary: 'Rename, rescope or close an API key.',
    params: z.object({ id: z.string().min(1).max(64) }),
    body: z.strictObject({
      name: nameField.optional(),
      active: z.boolean().optional(),
      scopes: scopes.optional(),
    }),
    responses: { 200: apiKeyView, 404: problem, 422: problem },
    audit: does('apiKey.update', 'apiKey'),
    handle: async ({ principal, params, body }) => {
      assertScopes(deps, body.scopes ?? []);
      const change = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      const record = await access.apiKeys.update(principal.companyId, params.id, change);
      const { scopes: granted, active } = record;
      const data = {
        fields: Object.keys(change),
        active,
        ...('scopes' in change ? { scopes: granted } : {}),
      };
      return { status: 200, body: toApiKeyView(record), audit: { data } };
    },
  });
}
