import type { Clock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import type { CompanyId } from '../shared/ids.ts';
import type { Random } from '../shared/random.ts';
import type { AuditTrail } from './audit.ts';
import { sessionAlive, SESSION } from './domain/session.ts';
import type { Guard } from './guard.ts';
import type { Passwords } from './passwords.ts';
import type { SessionEndHandler } from './ports.ts';
import type { Secrets } from './secrets.ts';
import type { AccessStore } from './store.ts';
import type { SipCredentialRecord, UserRecord } from './types.ts';

export interface LoginDeps {
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly passwords: Passwords;
  readonly audit: AuditTrail;
  readonly guard: Guard;
  /** Somebody tried a name that nobody has. */
  readonly onStranger: (name: string, address: string | undefined, locks: boolean) => void;
  readonly onEnd: SessionEndHandler;
}

/** The same words for a wrong password, an unknown and a closed account. */
const REFUSED = (): AppError => new AppError('auth.refused', 401, 'The user name or the password is wrong.');

/** User names compare without case and without the blanks that keyboards add. */
export const plainUsername = (username: string): string => username.trim().normalize('NFKC').toLowerCase();

export interface LoggedIn {
  readonly token: string;
  readonly user: UserRecord;
}

export interface Logins {
  /** Errors: auth.refused 401, auth.locked and auth.slow 429 (with retryAfterMs). `address` is the client's, for the audit trail. */
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
      await end(deps, sessionId, user, 'logout');
    },
    resume: (token) => resume(deps, secrets.fingerprint(token)),
    endAll: async (user, reason, exceptSession) => {
      await store.sessions.removeOfUser(user._id, exceptSession);
      const { companyId, username } = user;
      const except = exceptSession === undefined ? {} : { except: exceptSession };
      const softphones = ha1sOf(await store.sip.take({ userId: user._id, ...except }));
      // Sockets of the session that stays come back by themselves with its token.
      deps.onEnd({ companyId, userId: user._id, username, credentialId: undefined, softphones, reason });
    },
    sweep: async () => {
      const now = clock.now();
      await endIdle(deps, now);
      await deps.guard.sweep();
      // Kept as long as a session may live: by them a registration is known to be of it.
      await store.sip.removeExpired(new Date(now - SESSION.absoluteMs));
    },
  };
}

async function login(
  deps: LoginDeps,
  username: string,
  password: string,
  address: string | undefined,
): Promise<LoggedIn> {
  const attempt = await deps.guard.admit(username, address ?? '');
  const user = await deps.store.users.byUsername(username);
  const stored = user?.active === true ? user.passwordHash : undefined;
  const matches = await deps.passwords.verify(stored, password);
  if (user === null || !matches) {
    const locks = await attempt.failed();
    // Not waited for: the answer of a name that exists must not come later than that of one that does not.
    if (user === null) deps.onStranger(username, address, locks);
    else tell(deps, user, locks ? 'auth.locked' : 'auth.refused', address).catch(() => undefined);
    throw REFUSED();
  }
  await attempt.succeeded();
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
    if (user === null) await store.sessions.remove(sessionId);
    else await end(deps, sessionId, { ...user, userId: user._id }, 'expired');
    return undefined;
  }
  if (now - times.lastSeenAt >= SESSION.touchEveryMs) await store.sessions.touch(sessionId, new Date(now));
  return { sessionId, user };
}

const ha1sOf = (records: readonly SipCredentialRecord[]): readonly string[] => records.map(({ ha1 }) => ha1);

/** A session and the softphone passwords that it asked for. */
async function end(
  { store, onEnd }: LoginDeps,
  sessionId: string,
  { companyId, userId, username }: { companyId: CompanyId; userId: string; username: string },
  reason: 'logout' | 'expired',
): Promise<void> {
  await store.sessions.remove(sessionId);
  const softphones = ha1sOf(await store.sip.take({ sessionId }));
  onEnd({ companyId, userId, username, credentialId: sessionId, softphones, reason });
}

const SWEPT_AT_ONCE = 500;

/** Sessions that nobody asks with any more end like any other: a phone that one of them registered would go on ringing. */
async function endIdle(deps: LoginDeps, now: number): Promise<void> {
  for (;;) {
    const idle = await deps.store.sessions.idleSince(new Date(now - SESSION.idleMs), SWEPT_AT_ONCE);
    for (const session of idle) {
      const user = await deps.store.users.get(session.userId);
      if (user === null) await deps.store.sessions.remove(session._id);
      else await end(deps, session._id, { ...user, userId: user._id }, 'expired');
    }
    if (idle.length < SWEPT_AT_ONCE) return;
  }
}
