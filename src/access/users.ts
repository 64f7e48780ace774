import type { Role } from '../contracts/common.ts';
import type { Clock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import type { CompanyId } from '../shared/ids.ts';
import { passwordFault, type PasswordFault } from './domain/password-policy.ts';
import type { Guard } from './guard.ts';
import { plainUsername, type Logins } from './logins.ts';
import type { Passwords } from './passwords.ts';
import { type AccessStore, asAgentId, type Page, type UserChange } from './store.ts';
import type { Language, Skill, User, UserRecord } from './types.ts';

export interface NewUser {
  readonly companyId: CompanyId;
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly queues: readonly string[];
  readonly skills?: readonly Skill[] | undefined;
  readonly password: string;
  readonly language?: Language | undefined;
  readonly email?: string | undefined;
}

export interface UserPatch {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly queues?: readonly string[] | undefined;
  readonly skills?: readonly Skill[] | undefined;
  readonly language?: Language | undefined;
  /** null takes it away. */
  readonly email?: string | null | undefined;
  readonly active?: boolean | undefined;
  readonly password?: string | undefined;
}

export interface Users {
  /** Errors: user.exists 409, password.weak 422. `trusted` skips the password policy (demo users). */
  create(user: NewUser, options?: { readonly trusted?: boolean }): Promise<User>;
  /** Errors: user.unknown 404, password.weak 422, user.lastAdmin 409. `active: false` ends sessions and registrations. */
  update(companyId: CompanyId, id: string, patch: UserPatch): Promise<User>;
  /** Errors: password.wrong 422, password.weak 422, auth.locked and auth.slow 429. Other sessions of the user end. */
  changePassword(
    id: string,
    current: string,
    next: string,
    keep: { readonly session: string; readonly address: string },
  ): Promise<void>;
  /** Opens a name that was locked by failures. Errors: user.unknown 404. */
  unlock(companyId: CompanyId, id: string): Promise<User>;
  /** The names among these that nobody, or not everybody, may try now. */
  closed(users: readonly User[]): Promise<ReadonlySet<string>>;
  get(companyId: CompanyId, id: string): Promise<User | undefined>;
  byUsername(username: string): Promise<User | undefined>;
  /** Newest first. */
  list(companyId: CompanyId, page: Page): Promise<readonly User[]>;
  count(): Promise<number>;
  /** After a user was created or changed. */
  onChange(handler: (user: User) => void): void;
}

export interface UsersDeps {
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly passwords: Passwords;
  readonly logins: Logins;
  readonly guard: Guard;
}

const WEAK: Readonly<Record<PasswordFault, string>> = {
  tooShort: 'Use at least 10 characters.',
  tooLong: 'Use at most 128 characters.',
  containsUsername: 'The password must not be made of the user name.',
  common: 'This password is on every list of common passwords.',
  repetitive: 'Use more than three different characters.',
};

/** `field`: where the password stands in what was sent. */
export function assertStrong(password: string, username: string, field = 'password'): void {
  const fault = passwordFault(password, username);
  if (fault !== undefined) throw new AppError('password.weak', 422, WEAK[fault], { fault, fields: [field] });
}

const UNKNOWN = (): AppError => new AppError('user.unknown', 404, 'There is no such user.');

export function createUsers(deps: UsersDeps): Users {
  const { store } = deps;
  const handlers: ((user: User) => void)[] = [];
  const changed = (record: UserRecord): User => {
    const user = withoutHash(record);
    for (const handler of handlers) handler(user);
    return user;
  };
  return {
    create: async (user, options = {}) => changed(await create(deps, user, options.trusted ?? false)),
    update: async (companyId, id, patch) => changed(await update(deps, companyId, id, patch)),
    changePassword: async (id, current, next, keep) => {
      const user = await store.users.get(id);
      // A session that somebody left open must not be good for guessing the password.
      const attempt = user === null ? undefined : await deps.guard.admit(user.username, keep.address);
      const matches = await deps.passwords.verify(user?.passwordHash, current);
      if (user === null || !matches) {
        await attempt?.failed();
        throw new AppError('password.wrong', 422, 'The current password is wrong.', { fields: ['current'] });
      }
      await attempt?.succeeded();
      assertStrong(next, user.username, 'next');
      await store.users.update(user.companyId, id, { passwordHash: await deps.passwords.hash(next) });
      await deps.logins.endAll(user, 'password', keep.session);
    },
    unlock: async (companyId, id) => {
      const record = await store.users.get(id);
      if (record?.companyId !== companyId) throw UNKNOWN();
      await deps.guard.unlock(record.username);
      return withoutHash(record);
    },
    closed: (users) => deps.guard.closed(users.map(({ username }) => username)),
    get: async (companyId, id) => {
      const record = await store.users.get(id);
      return record?.companyId === companyId ? withoutHash(record) : undefined;
    },
    byUsername: async (username) => optional(await store.users.byUsername(plainUsername(username))),
    list: async (companyId, page) => (await store.users.list(companyId, page)).map(withoutHash),
    count: () => store.users.count(),
    onChange: (handler) => void handlers.push(handler),
  };
}

const optional = (record: UserRecord | null): User | undefined =>
  record === null ? undefined : withoutHash(record);

/** No hash leaves this room. */
export function withoutHash(record: UserRecord): User {
  const { passwordHash: _, ...user } = record;
  return user;
}

async function create(deps: UsersDeps, user: NewUser, trusted: boolean): Promise<UserRecord> {
  const username = plainUsername(user.username);
  if (!trusted) assertStrong(user.password, username);
  const record: UserRecord = {
    _id: asAgentId(deps.newId()),
    companyId: user.companyId,
    username,
    name: user.name,
    role: user.role,
    queues: [...user.queues],
    skills: [...(user.skills ?? [])],
    language: user.language ?? 'pt-BR',
    ...(user.email === undefined ? {} : { email: user.email }),
    active: true,
    passwordHash: await deps.passwords.hash(user.password),
    createdAt: new Date(deps.clock.now()),
  };
  await deps.store.users.insert(record);
  return record;
}

async function update(
  deps: UsersDeps,
  companyId: CompanyId,
  id: string,
  patch: UserPatch,
): Promise<UserRecord> {
  const before = await deps.store.users.get(id);
  if (before?.companyId !== companyId) throw UNKNOWN();
  if (losesAdmin(before, patch)) await assertAnotherAdmin(deps.store, before);
  if (patch.password !== undefined) assertStrong(patch.password, before.username);
  const { password, ...plain } = patch;
  const change: UserChange = {
    ...defined(plain),
    ...(password === undefined ? {} : { passwordHash: await deps.passwords.hash(password) }),
  };
  const after = await deps.store.users.update(companyId, id, change);
  if (after === null) throw UNKNOWN();
  if (password !== undefined) await deps.guard.unlock(after.username);
  if (before.active && !after.active) {
    await deps.logins.endAll(after, 'deactivated');
  } else if (password !== undefined) await deps.logins.endAll(after, 'password');
  return after;
}

function defined(patch: Omit<UserPatch, 'password'>): UserChange {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

function losesAdmin(before: UserRecord, patch: UserPatch): boolean {
  if (before.role !== 'admin' || !before.active) return false;
  return patch.active === false || (patch.role !== undefined && patch.role !== 'admin');
}

/** A company without an administrator could only be repaired from the server's console. */
async function assertAnotherAdmin(store: AccessStore, leaving: UserRecord): Promise<void> {
  if (!(await store.users.anotherAdmin(leaving.companyId, leaving._id)))
    throw new AppError('user.lastAdmin', 409, 'This is the last active administrator.', { fields: ['role'] });
}
