import { z } from 'zod';
import { clearable, page, pageQuery, problem, role } from '../contracts/common.ts';
import { type Route, route } from '../platform/http/index.ts';
import type { Access } from './access.ts';
import {
  apiKeyView,
  auditView,
  language,
  nameField,
  passwordField,
  queueKeys,
  toApiKeyView,
  toAuditView,
  toPage,
  toUserView,
  usernameField,
  userView,
} from './views.ts';

const admins = { tag: 'admin', auth: 'session', roles: ['admin'] } as const;
const byId = z.object({ id: z.string().min(1).max(64) });

/** People, API keys and the audit trail. Nothing is deleted: `active: false`. */
export function accessAdminRoutes(access: Access): readonly Route[] {
  return [...userRoutes(access), ...apiKeyRoutes(access), auditRoute(access)];
}

function userRoutes(access: Access): readonly Route[] {
  const path = '/api/v1/admin/users';
  return [
    route({
      ...admins,
      method: 'get',
      path,
      scope: 'users:read',
      summary: 'People of the company, newest first.',
      query: pageQuery,
      responses: { 200: page(userView) },
      handle: async ({ principal, query }) => {
        const rows = await access.users.list(principal.companyId, {
          limit: query.limit + 1,
          before: query.cursor,
        });
        return { status: 200, body: toPage(rows, query.limit, toUserView) };
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
        password: passwordField,
        language: language.optional(),
        email: z.email().max(254).optional(),
      }),
      responses: { 201: userView, 409: problem, 422: problem },
      handle: async ({ principal, body }) => {
        const user = await access.users.create({ ...body, companyId: principal.companyId });
        const data = { role: user.role, queues: user.queues };
        await access.audit.record(principal, {
          action: 'user.create',
          target: { kind: 'user', id: user._id },
          data,
        });
        return { status: 201, body: toUserView(user) };
      },
    }),
    patchUserRoute(access, path),
  ];
}

function patchUserRoute(access: Access, path: string): Route {
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
      language: language.optional(),
      email: clearable(z.email().max(254)),
      active: z.boolean().optional(),
      password: passwordField.optional(),
    }),
    responses: { 200: userView, 404: problem, 409: problem, 422: problem },
    handle: async ({ principal, params, body }) => {
      const user = await access.users.update(principal.companyId, params.id, body);
      const { password, name: _name, email: _email, ...facts } = body;
      await access.audit.record(principal, {
        action: 'user.update',
        target: { kind: 'user', id: user._id },
        data: { ...facts, fields: Object.keys(body), passwordReset: password !== undefined },
      });
      return { status: 200, body: toUserView(user) };
    },
  });
}

const scopes = z.array(z.string().regex(/^[a-zA-Z]+:(read|write)$/)).max(50);

function apiKeyRoutes(access: Access): readonly Route[] {
  const path = '/api/v1/admin/api-keys';
  return [
    route({
      ...admins,
      method: 'get',
      path,
      summary: 'API keys of the company, newest first.',
      query: pageQuery,
      responses: { 200: page(apiKeyView) },
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
      method: 'post',
      path,
      summary: 'Make an API key; it is shown this one time.',
      body: z.object({ name: nameField, role, queues: queueKeys.default([]), scopes }),
      responses: { 201: apiKeyView.extend({ key: z.string() }) },
      handle: async ({ principal, body }) => {
        const { key, record } = await access.apiKeys.create(principal, body);
        await access.audit.record(principal, {
          action: 'apiKey.create',
          target: { kind: 'apiKey', id: record._id },
          data: { scopes: record.scopes, role: record.role },
        });
        return { status: 201, body: { ...toApiKeyView(record), key } };
      },
    }),
    route({
      ...admins,
      method: 'patch',
      path: `${path}/{id}`,
      summary: 'Rename, rescope or close an API key.',
      params: byId,
      body: z.strictObject({
        name: nameField.optional(),
        active: z.boolean().optional(),
        scopes: scopes.optional(),
      }),
      responses: { 200: apiKeyView, 404: problem },
      handle: async ({ principal, params, body }) => {
        const change = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
        const record = await access.apiKeys.update(principal.companyId, params.id, change);
        await access.audit.record(principal, {
          action: 'apiKey.update',
          target: { kind: 'apiKey', id: record._id },
          data: { fields: Object.keys(body), active: record.active },
        });
        return { status: 200, body: toApiKeyView(record) };
      },
    }),
  ];
}

function auditRoute(access: Access): Route {
  const filter = z.string().min(1).max(64).optional();
  return route({
    ...admins,
    method: 'get',
    path: '/api/v1/admin/audit',
    scope: 'audit:read',
    summary: 'Who did what, when; newest first.',
    query: pageQuery.extend({ action: filter, actor: filter, target: filter }),
    responses: { 200: page(auditView) },
    handle: async ({ principal, query }) => {
      const wanted = {
        ...(query.action === undefined ? {} : { action: query.action }),
        ...(query.actor === undefined ? {} : { actorId: query.actor }),
        ...(query.target === undefined ? {} : { targetId: query.target }),
      };
      const rows = await access.auditList(principal.companyId, wanted, {
        limit: query.limit + 1,
        before: query.cursor,
      });
      return { status: 200, body: toPage(rows, query.limit, toAuditView) };
    },
  });
}
