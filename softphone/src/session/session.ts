import { z } from 'zod';
import { role } from '../../../src/contracts/common.ts';
import { createStore, type ReadStore } from '../ui/store.ts';
import { ApiError, type Api } from './api.ts';

/** The person at the desk. `queues` may be empty for supervisors and administrators. */
export const userSchema = z.object({
  id: z.string(),
  name: z.string(),
  username: z.string().default(''),
  role,
  queues: z.array(z.string()).default([]),
  /** May make companies on this server. */
  installer: z.boolean().optional(),
});
export type User = z.infer<typeof userSchema>;

/** `GET /me` answers the user, either bare or under `user`. */
const meSchema = z.union([z.object({ user: userSchema }).transform((body) => body.user), userSchema]);
const loginSchema = z.object({ token: z.string(), user: userSchema });

/**
 *   starting ──(no token)──► signedOut ──login──► signedIn
 *      └────(token, /me ok)──────────────────────────▲ │
 *           signedOut(expired) ◄──401, logout elsewhere┘
 */
export type SessionState =
  | { kind: 'starting' }
  | { kind: 'unreachable' }
  | { kind: 'signedOut'; notice: 'none' | 'expired' | 'loggedOut' }
  | { kind: 'signedIn'; user: User };

export interface Session {
  state: ReadStore<SessionState>;
  token: () => string | null;
  start: () => Promise<void>;
  /** Asks who this is now: queues and role may be others than at the start. Null where nobody answered. */
  refresh: () => Promise<User | null>;
  login: (username: string, password: string) => Promise<void>;
  setup: (form: {
    token: string;
    username: string;
    name: string;
    password: string;
    companyName: string;
  }) => Promise<void>;
  changePassword: (current: string, next: string) => Promise<void>;
  logout: () => Promise<void>;
  expire: () => void;
  stop: () => void;
}

const tokenKey = 'ramal.token';

export interface SessionDeps {
  api: Api;
  storage: Storage;
  /** Told when another tab signs in or out. */
  onStorage: (listener: (key: string | null) => void) => () => void;
}

export function createSession(deps: SessionDeps): Session {
  const state = createStore<SessionState>({ kind: 'starting' });
  const token = (): string | null => deps.storage.getItem(tokenKey);
  const load = async (): Promise<void> => {
    if (token() === null) {
      state.set({ kind: 'signedOut', notice: 'none' });
      return;
    }
    try {
      state.set({ kind: 'signedIn', user: await deps.api.get('/api/v1/me', meSchema) });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return;
      state.set({ kind: 'unreachable' });
    }
  };
  const enter = (answer: z.infer<typeof loginSchema>): void => {
    deps.storage.setItem(tokenKey, answer.token);
    state.set({ kind: 'signedIn', user: answer.user });
  };
  let leaving = false;
  const leave = (notice: 'expired' | 'loggedOut'): void => {
    deps.storage.removeItem(tokenKey);
    state.set({ kind: 'signedOut', notice });
  };
  const unlisten = deps.onStorage((key) => {
    if (key !== tokenKey && key !== null) return;
    if (token() === null) state.set({ kind: 'signedOut', notice: 'loggedOut' });
    else void load();
  });
  return {
    state,
    token,
    start: load,
    refresh: async () => {
      const now = await deps.api.get('/api/v1/me', meSchema).catch(() => null);
      const before = state.get();
      if (now === null || before.kind !== 'signedIn' || before.user.id !== now.id) return null;
      if (JSON.stringify(before.user) !== JSON.stringify(now)) state.set({ kind: 'signedIn', user: now });
      return now;
    },
    login: async (username, password) =>
      enter(await deps.api.send('POST', '/api/v1/auth/login', { username, password }, loginSchema)),
    setup: async (form) => {
      const answer = await deps.api.send('POST', '/api/v1/setup', form, z.unknown());
      const signed = loginSchema.safeParse(answer);
      if (signed.success) enter(signed.data);
      else
        enter(
          await deps.api.send(
            'POST',
            '/api/v1/auth/login',
            { username: form.username, password: form.password },
            loginSchema,
          ),
        );
    },
    changePassword: (current, next) => deps.api.post('/api/v1/auth/password', { current, next }),
    logout: async () => {
      leaving = true;
      await deps.api.post('/api/v1/auth/logout').catch(() => undefined);
      leave('loggedOut');
      leaving = false;
    },
    // Whoever signs out, here or in another tab, is told so, whatever is refused meanwhile.
    expire: () => {
      if (state.get().kind !== 'signedOut') leave(leaving ? 'loggedOut' : 'expired');
    },
    stop: unlisten,
  };
}
