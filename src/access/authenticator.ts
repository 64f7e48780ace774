import type { Clock } from '../shared/clock.ts';
import type { Authenticator, Principal } from '../platform/http/index.ts';
import type { Logins } from './logins.ts';
import type { Secrets } from './secrets.ts';
import { type AccessStore, asAgentId } from './store.ts';
import type { ApiKeyRecord, UserRecord } from './types.ts';

/** With several copies of the server a revoked token dies within this time everywhere, at once where it was revoked. */
const KEEP_MS = 5000;
const MAX_KEPT = 5000;

export interface CachedAuthenticator extends Authenticator {
  /** Forgets what was kept of a user, a session or a key. */
  forget(id: string): void;
}

export function createAuthenticator(deps: {
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly logins: Logins;
}): CachedAuthenticator {
  const kept = new Map<string, { readonly until: number; readonly principal: Principal }>();

  /** Counts what was forgotten: a look that began before may have seen the old state, and is not kept. */
  let forgotten = 0;
  const resolve = async (token: string, id: string): Promise<Principal | undefined> => {
    if (token.startsWith('rk_')) {
      const key = await deps.store.apiKeys.byFingerprint(id);
      return key?.active === true ? ofKey(key) : undefined;
    }
    const session = await deps.logins.resume(token);
    return session === undefined ? undefined : ofSession(session.user, session.sessionId);
  };

  return {
    authenticate: async (token) => {
      const id = deps.secrets.fingerprint(token);
      const now = deps.clock.now();
      const hit = kept.get(id);
      if (hit !== undefined && hit.until > now) return hit.principal;
      kept.delete(id);
      const before = forgotten;
      const principal = await resolve(token, id);
      if (principal === undefined || forgotten !== before) return principal;
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(id, { until: now + KEEP_MS, principal });
      return principal;
    },
    forget: (id) => {
      forgotten += 1;
      for (const [key, { principal }] of kept)
        if (principal.userId === id || principal.credentialId === id) kept.delete(key);
    },
  };
}

export function ofSession(user: UserRecord, sessionId: string): Principal {
  return {
    userId: user._id,
    companyId: user.companyId,
    name: user.name,
    role: user.role,
    queues: user.queues,
    via: 'session',
    scopes: [],
    credentialId: sessionId,
  };
}

function ofKey(key: ApiKeyRecord): Principal {
  return {
    userId: asAgentId(key._id),
    companyId: key.companyId,
    name: key.name,
    role: key.role,
    queues: key.queues,
    via: 'apiKey',
    scopes: key.scopes,
    credentialId: key._id,
  };
}
