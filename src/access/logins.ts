import type { Clock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import type { CompanyId } from '../shared/ids.ts';
import type { Random } from '../shared/random.ts';
import type { AuditTrail } from './audit.ts';
import { judgeAttempt, LOCK, locksNow, type LockState } from './domain/lockout.ts';
import { sessionAlive, SESSION } from './domain/session.ts';
import type { Passwords } from './passwords.ts';
import type { SessionEndHandler } from './ports.ts';
import type { Secrets } from './secrets.ts';
import type { AccessStore } from './store.ts';
import type { LockRecord, UserRecord } from './types.ts';

export interface LoginDeps {
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly passwords: Passwords;
  readonly audit: AuditTrail;
  readonly onEnd: SessionEndHandler;
}

/** The same words for a wrong password, an unknown and a closed account. */
const REFUSED = (): AppError => new AppError('auth.refused', 401, 'The user name or the password is wrong.');

const LOCKED = (remainingMs: number): AppError =>
  new AppError('auth.locked', 429, 'Too many failures: this name is locked for some minutes.', {
    retryAfterMs: remainingMs,
  });

/** User names compare without case and without the blanks that keyboards add. */
export const plainUsername = (username: string): string => username.trim().normalize('NFKC').toLowerCase();

export interface LoggedIn {
  readonly token: string;
  readonly user: UserRecord;
}

export interface Logins {
  /** Errors: auth.refused 401, auth.locked 429 (with retryAfterMs). `address` is the client's, for the audit trail. */
  login(username: string, password: string, address?: string): Promise<LoggedIn>;
  logout(sessionId: string, user: { companyId: CompanyId; userId: string; username: string }): Promise<void>;
  /** The session and its user when both live; keeps the session from idling out. */
  resume(token: string): Promise<{ readonly sessionId: string; readonly user: UserRecord } | undefined>;
  /** Ends all sessions of a user, except one. */
  endAll(user: UserRecord, reason: 'password' | 'deactivated', exceptSession?: string): Promise<void>;
  sweep(): Promise<void>;
}

export function createLogins(deps: LoginDeps): Logins {
  const { store, clock, secrets } = deps;
  return {
    login: (username, password, address) => login(deps, plainUsername(username), password, address),
    logout: async (sessionId, user) => {
      await store.sessions.remove(sessionId);
      deps.onEnd({ ...user, credentialId: sessionId, reason: 'logout' });
    },
    resume: (token) => resume(deps, secrets.fingerprint(token)),
    endAll: async (user, reason, exceptSession) => {
      await store.sessions.removeOfUser(user._id, exceptSession);
      const { companyId, username } = user;
      // Sockets of the session that stays come back by themselves with its token.
      deps.onEnd({ companyId, userId: user._id, username, credentialId: undefined, reason });
    },
    sweep: async () => {
      const now = clock.now();
      await store.sessions.removeIdleSince(new Date(now - SESSION.idleMs));
      await store.locks.removeBefore(new Date(now - LOCK.windowMs));
      await store.sip.removeExpired(new Date(now));
    },
  };
}

async function login(
  deps: LoginDeps,
  username: string,
  password: string,
  address: string | undefined,
): Promise<LoggedIn> {
  const { store } = deps;
  const now = deps.clock.now();
  const lockId = deps.secrets.fingerprint(`login:${username}`);
  const attemptsInWindow = await countAttempt(store, lockId, now);
  const user = await store.users.byUsername(username);
  const stored = user?.active === true ? user.passwordHash : undefined;
  const matches = await deps.passwords.verify(stored, password);
  if (user === null || !matches) {
    const locks = locksNow(attemptsInWindow);
    if (locks) await store.locks.lock(lockId, new Date(now + LOCK.lockMs));
    // Not waited for: the answer of a name that exists must not come later than that of one that does not.
    if (user !== null)
      tell(deps, user, locks ? 'auth.locked' : 'auth.refused', address).catch(() => undefined);
    throw REFUSED();
  }
  await store.locks.clear(lockId);
  const token = await openSession(deps, user);
  await tell(deps, user, 'auth.login', address);
  return { token, user };
}

/** Who came in, or tried to, and from where (OWASP ASVS 5 §16.3). */
function tell(
  { audit }: LoginDeps,
  { _id: userId, companyId, name }: UserRecord,
  action: 'auth.login' | 'auth.refused' | 'auth.locked',
  address: string | undefined,
): Promise<void> {
  return audit.record(
    { companyId, userId, name, via: 'session', ...(address === undefined ? {} : { address }) },
    { action, target: { kind: 'user', id: userId } },
  );
}

/** Counts before it judges, so that parallel guesses see each other. Throws auth.locked. */
async function countAttempt(store: AccessStore, lockId: string, now: number): Promise<number> {
  const known = lockState(await store.locks.get(lockId));
  if (known.lockedUntil > now) throw LOCKED(known.lockedUntil - now);
  const verdict = judgeAttempt(lockState(await store.locks.count(lockId, new Date(now))), now);
  if (verdict.kind === 'locked') throw LOCKED(verdict.remainingMs);
  return verdict.attemptsInWindow;
}

function lockState(record: LockRecord | null): LockState {
  return {
    attempts: (record?.attempts ?? []).map((at) => at.getTime()),
    lockedUntil: record?.lockedUntil?.getTime() ?? 0,
  };
}

/** 256 random bits; the store keeps only a keyed hash. */
async function openSession(deps: LoginDeps, user: UserRecord): Promise<string> {
  const token = `rs_${Buffer.from(deps.random.bytes(32)).toString('base64url')}`;
  const at = new Date(deps.clock.now());
  await deps.store.sessions.insert({
    _id: deps.secrets.fingerprint(token),
    companyId: user.companyId,
    userId: user._id,
    createdAt: at,
    lastSeenAt: at,
  });
  return token;
}

async function resume(deps: LoginDeps, sessionId: string) {
  const { store, clock } = deps;
  const session = await store.sessions.get(sessionId);
  if (session === null) return undefined;
  const user = await store.users.get(session.userId);
  const now = clock.now();
  const times = { createdAt: session.createdAt.getTime(), lastSeenAt: session.lastSeenAt.getTime() };
  if (user?.active !== true || !sessionAlive(times, now)) {
    await store.sessions.remove(sessionId);
    if (user !== null) {
      const { companyId, username } = user;
      deps.onEnd({ companyId, userId: user._id, username, credentialId: sessionId, reason: 'expired' });
    }
    return undefined;
  }
  if (now - times.lastSeenAt >= SESSION.touchEveryMs) await store.sessions.touch(sessionId, new Date(now));
  return { sessionId, user };
}
