import { z } from 'zod';
import { isoTime, problem } from '../contracts/common.ts';
import { AppError } from '../shared/errors.ts';
import { does, toldByRoom, unaudited, type Principal, type Route, route } from '../platform/http/index.ts';
import type { Access } from './access.ts';
import { passwordField, nameField, toUserView, usernameField, userView } from './views.ts';
import { withoutHash } from './users.ts';
import type { User } from './types.ts';

/** `installer`: may make companies on this server. */
const meView = userView.extend({ installer: z.boolean() });

const meOf = (access: Access, user: User): z.infer<typeof meView> => ({
  ...toUserView(user),
  installer: access.isInstaller({ ...user, userId: user._id }),
});

/** Login, logout, password, the one-time setup, me and my softphone. */
export function authRoutes(access: Access): readonly Route[] {
  return [...sessionRoutes(access), setupRoute(access), ...meRoutes(access)];
}

function sessionRoutes(access: Access): readonly Route[] {
  const common = { method: 'post', tag: 'auth' } as const;
  return [
    route({
      ...common,
      path: '/api/v1/auth/login',
      summary:
        'Open a session. Five failures in 15 minutes from one address close the name there for 15 minutes; from many addresses it slows down.',
      auth: 'public',
      maxBodyBytes: 4096,
      body: z.object({ username: z.string().min(1).max(200), password: passwordField }),
      responses: { 200: z.object({ token: z.string(), user: meView }), 401: problem, 429: problem },
      audit: toldByRoom('auth.login', 'auth.refused', 'auth.locked', 'auth.unknown'),
      handle: async ({ body, request }) => {
        const { token, user } = await access.logins.login(body.username, body.password, request.ip);
        return { status: 200, body: { token, user: meOf(access, withoutHash(user)) } };
      },
    }),
    route({
      ...common,
      path: '/api/v1/auth/logout',
      summary: 'End this session; its sockets and registrations close.',
      auth: 'session',
      responses: { 204: null },
      audit: does('auth.logout', 'user'),
      handle: async ({ principal }) => {
        const user = await ownUser(access, principal);
        const { companyId, username } = user;
        await access.logins.logout(principal.credentialId, { companyId, userId: user._id, username });
        return { status: 204, audit: { target: user._id } };
      },
    }),
    route({
      ...common,
      path: '/api/v1/auth/password',
      summary: 'Change my password; my other sessions end.',
      auth: 'session',
      maxBodyBytes: 4096,
      body: z.object({ current: passwordField, next: passwordField }),
      responses: { 204: null, 401: problem, 422: problem, 429: problem },
      audit: does('user.password', 'user'),
      handle: async ({ principal, body, request }) => {
        const user = await ownUser(access, principal);
        const keep = { session: principal.credentialId, address: request.ip };
        await access.users.changePassword(user._id, body.current, body.next, keep);
        return { status: 204, audit: { target: user._id } };
      },
    }),
  ];
}

function setupRoute(access: Access): Route {
  return route({
    method: 'post',
    path: '/api/v1/setup',
    tag: 'auth',
    summary: 'Create the first administrator with the one-time link of the first start.',
    auth: 'public',
    maxBodyBytes: 4096,
    body: z.object({
      token: z.string().min(1).max(200),
      username: usernameField,
      name: nameField,
      password: passwordField,
      companyName: nameField.optional(),
    }),
    responses: { 201: z.object({ user: userView }), 403: problem, 422: problem },
    audit: toldByRoom('user.create'),
    handle: async ({ body }) => {
      const { token, ...admin } = body;
      return { status: 201, body: { user: toUserView(await access.setup.complete(token, admin)) } };
    },
  });
}

const softphoneView = z.object({
  sipUri: z.string(),
  wsUrl: z.string(),
  username: z.string(),
  password: z.string(),
  iceServers: z.array(
    z.object({
      urls: z.union([z.string(), z.array(z.string())]),
      username: z.string().optional(),
      credential: z.string().optional(),
    }),
  ),
  expiresAt: isoTime,
});

function meRoutes(access: Access): readonly Route[] {
  const common = { method: 'get', tag: 'me', auth: 'session' } as const;
  return [
    route({
      ...common,
      path: '/api/v1/me',
      summary: 'Who I am and what I may do.',
      responses: { 200: meView },
      audit: unaudited('own'),
      handle: async ({ principal }) => {
        return { status: 200, body: meOf(access, await ownUser(access, principal)) };
      },
    }),
    route({
      ...common,
      path: '/api/v1/me/softphone',
      summary: 'A SIP account of minutes for any SIP user agent.',
      responses: { 200: softphoneView },
      audit: unaudited('own'),
      handle: async ({ principal }) => {
        const user = await ownUser(access, principal);
        const account = await access.softphones.issue(user, principal.credentialId);
        return { status: 200, body: { ...account, expiresAt: account.expiresAt.toISOString() } };
      },
    }),
  ];
}

/** API keys are nobody: what belongs to a person needs a session. */
async function ownUser(access: Access, principal: Principal): Promise<User> {
  const user =
    principal.via === 'session' ? await access.users.get(principal.companyId, principal.userId) : undefined;
  if (user === undefined) throw new AppError('auth.forbidden', 403, 'Only a person has this.');
  return user;
}
