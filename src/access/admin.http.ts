import { z } from 'zod';
import { auditKinds } from '../contracts/audit.ts';
import { clearable, page, pageQuery, problem, role } from '../contracts/common.ts';
import { does, type Principal, reads, type Route, route } from '../platform/http/index.ts';
import type { Access } from './access.ts';
import { type AccessAdminDeps, assertQueues } from './admin-deps.ts';
import { apiKeyRoutes } from './api-keys.http.ts';
import {
  auditView,
  language,
  nameField,
  passwordField,
  queueKeys,
  skillList,
  toAuditView,
  toPage,
  toUserView,
  usernameField,
  userView,
} from './views.ts';
import type { AuditRecord, User } from './types.ts';

const admins = { tag: 'admin', auth: 'session', roles: ['admin'] } as const;
/** `locked`: wrong passwords have closed the name somewhere, or slow it down. */
const userLine = userView.extend({ locked: z.boolean() });
const byId = z.object({ id: z.string().min(1).max(64) });

/** People, API keys and the audit trail. Nothing is deleted: `active: false`. */
export function accessAdminRoutes(access: Access, deps: AccessAdminDeps): readonly Route[] {
  return [...userRoutes(access, deps), ...apiKeyRoutes(access, deps), auditRoute(access, deps)];
}

function userRoutes(access: Access, deps: AccessAdminDeps): readonly Route[] {
  const path = '/api/v1/admin/users';
  return [
    route({
      ...admins,
      method: 'get',
      path,
      scope: 'users:read',
      summary: 'People of the company, newest first.',
      query: pageQuery,
      responses: { 200: page(userLine) },
      audit: reads('user.list', 'user'),
      handle: async ({ principal, query }) => {
        const rows = await access.users.list(principal.companyId, {
          limit: query.limit + 1,
          before: query.cursor,
        });
        const closed = await access.users.closed(rows);
        const line = (user: User) => ({ ...toUserView(user), locked: closed.has(user.username) });
        return { status: 200, body: toPage(rows, query.limit, line) };
      },
    }),
    route({
      ...admins,
      method: 'post',
      path,
      scope: 'users:write',
      summary: 'Add a person.',
      body: z.object({
        username: usernameField,
        name: nameField,
        role,
        queues: queueKeys.default([]),
        skills: skillList.default([]),
        password: passwordField,
        language: language.optional(),
        email: z.email().max(254).optional(),
      }),
      responses: { 201: userView, 409: problem, 422: problem },
      audit: does('user.create', 'user'),
      handle: async ({ principal, body }) => {
        assertQueues(deps, principal.companyId, body.queues);
        const user = await access.users.create({ ...body, companyId: principal.companyId });
        const data = { role: user.role, queues: user.queues };
        return { status: 201, body: toUserView(user), audit: { target: user._id, data } };
      },
    }),
    patchUserRoute(access, deps, path),
    unlockRoute(access, path),
  ];
}

function patchUserRoute(access: Access, deps: AccessAdminDeps, path: string): Route {
  return route({
    ...admins,
    method: 'patch',
    path: `${path}/{id}`,
    scope: 'users:write',
    summary: 'Change a person; active false ends sessions, sockets and registrations.',
    params: byId,
    body: z.strictObject({
      name: nameField.optional(),
      role: role.optional(),
      queues: queueKeys.optional(),
      skills: skillList.optional(),
      language: language.optional(),
      email: clearable(z.email().max(254)),
      active: z.boolean().optional(),
      password: passwordField.optional(),
    }),
    responses: { 200: userView, 404: problem, 409: problem, 422: problem },
    audit: does('user.update', 'user'),
    handle: async ({ principal, params, body }) => {
      if (body.queues !== undefined) {
        const before = await access.users.get(principal.companyId, params.id);
        assertQueues(deps, principal.companyId, body.queues, before?.queues);
      }
      const user = await access.users.update(principal.companyId, params.id, body);
      const { password, name: _name, email: _email, ...facts } = body;
      const data = { ...facts, fields: Object.keys(body), passwordReset: password !== undefined };
      return { status: 200, body: toUserView(user), audit: { data } };
    },
  });
}

function unlockRoute(access: Access, path: string): Route {
  return route({
    ...admins,
    method: 'post',
    path: `${path}/{id}/unlock`,
    scope: 'users:write',
    summary: 'Open a name that wrong passwords have locked.',
    params: byId,
    responses: { 204: null, 404: problem },
    audit: does('user.unlock', 'user'),
    handle: async ({ principal, params }) => {
      await access.users.unlock(principal.companyId, params.id);
      return { status: 204 };
    },
  });
}

function auditRoute(access: Access, deps: AccessAdminDeps): Route {
  const filter = z.string().min(1).max(64).optional();
  return route({
    ...admins,
    method: 'get',
    path: '/api/v1/admin/audit',
    scope: 'audit:read',
    summary: 'Who did what, when; newest first.',
    query: pageQuery.extend({
      action: filter,
      kind: z
        .enum(auditKinds)
        .optional()
        .describe(
          'Only what was done (act), or only what was looked at (look); a named action goes before it.',
        ),
      actor: filter,
      target: filter,
    }),
    responses: { 200: page(auditView) },
    audit: reads('audit.read', 'audit'),
    handle: async ({ principal, query }) => {
      const wanted = {
        ...(query.action === undefined ? {} : { action: query.action }),
        ...(query.kind === undefined ? {} : { kind: query.kind }),
        ...(query.actor === undefined ? {} : { actorId: query.actor }),
        ...(query.target === undefined ? {} : { targetId: query.target }),
      };
      const rows = await access.auditList(principal.companyId, wanted, {
        limit: query.limit + 1,
        before: query.cursor,
      });
      const names = await namesIn(deps, principal, rows.slice(0, query.limit));
      const line = (row: AuditRecord) => toAuditView(row, names.get(keyOf(row)));
      return { status: 200, body: toPage(rows, query.limit, line) };
    },
  });
}

const keyOf = ({ target: { kind, id } }: AuditRecord): string => `${kind} ${id}`;

/** Names of what the lines are about, each asked for once. A key is told none: its scopes say what else it may read. */
async function namesIn(
  { nameOf }: AccessAdminDeps,
  { companyId, via }: Principal,
  rows: readonly AuditRecord[],
): Promise<ReadonlyMap<string, string>> {
  if (nameOf === undefined || via === 'apiKey') return new Map();
  const targets = new Map(rows.map((row) => [keyOf(row), row.target]));
  const found = await Promise.all(
    [...targets].map(async ([key, target]) => [key, await nameOf(companyId, target)] as const),
  );
  return new Map(found.flatMap(([key, name]) => (name === undefined ? [] : [[key, name]])));
}
