import type { Clock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import type { Random } from '../shared/random.ts';
import type { AuditTrail } from './audit.ts';
import type { CompaniesPort } from './ports.ts';
import type { Secrets } from './secrets.ts';
import type { AccessStore } from './store.ts';
import type { User } from './types.ts';
import type { Users } from './users.ts';

/** The link of the first start is good for a day; a restart without users prints a new one. */
export const SETUP_MS = 24 * 3_600_000;

export interface FirstAdmin {
  readonly username: string;
  readonly name: string;
  readonly password: string;
  readonly companyName?: string | undefined;
}

export interface Setup {
  /** A one-time token while the server has no user at all, else undefined. Earlier tokens die. */
  firstStartToken(): Promise<string | undefined>;
  /** Errors: setup.token 403 (unknown, used or old), password.weak 422, user.exists 409. */
  complete(token: string, admin: FirstAdmin): Promise<User>;
  /** The same without a token: for the command on the server's own machine. */
  createAdmin(admin: FirstAdmin): Promise<User>;
  /**
   * A new password for an administrator who lost it, and the account is active again; for the command on the server's own machine.
   * Sessions end. Errors: user.unknown 404 (also for whoever is no administrator), password.weak 422.
   */
  resetAdmin(username: string, password: string): Promise<User>;
}

const REFUSED = (): AppError =>
  new AppError('setup.token', 403, 'This link was used or is too old. Restart the server for a new one.');

export function createSetup(deps: {
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly users: Users;
  readonly companies: CompaniesPort;
  readonly audit: AuditTrail;
}): Setup {
  const { store, clock, users } = deps;
  const createAdmin = async (admin: FirstAdmin): Promise<User> => {
    const companyId = await deps.companies.ensureFirst(admin.companyName ?? 'Minha empresa');
    const { username, name, password } = admin;
    const user = await users.create({ companyId, username, name, password, role: 'admin', queues: [] });
    await deps.audit.record(
      { system: 'setup', companyId },
      { action: 'user.create', target: { kind: 'user', id: user._id }, data: { role: 'admin' } },
    );
    return user;
  };
  const resetAdmin = async (username: string, password: string): Promise<User> => {
    const found = await store.users.byUsername(username.trim().toLowerCase());
    if (found?.role !== 'admin')
      throw new AppError('user.unknown', 404, `No administrator is named ${username}.`);
    const { companyId, _id: id } = found;
    const user = await users.update(companyId, id, { password, active: true });
    await deps.audit.record(
      { system: 'setup', companyId },
      { action: 'user.update', target: { kind: 'user', id }, data: { passwordReset: true } },
    );
    return user;
  };
  return {
    createAdmin,
    resetAdmin,
    firstStartToken: async () => {
      if ((await users.count()) > 0) return undefined;
      await store.setup.clear();
      const token = Buffer.from(deps.random.bytes(32)).toString('base64url');
      await store.setup.insert(deps.secrets.fingerprint(token), new Date(clock.now()));
      return token;
    },
    complete: async (token, admin) => {
      const id = deps.secrets.fingerprint(token);
      const stored = await store.setup.get(id);
      if (stored === null || clock.now() - stored.createdAt.getTime() > SETUP_MS) throw REFUSED();
      if ((await users.count()) > 0) throw REFUSED();
      if (!(await store.setup.take(id))) throw REFUSED();
      try {
        return await createAdmin(admin);
      } catch (error) {
        // The link stays good for a second try with a better password.
        await store.setup.insert(id, stored.createdAt);
        throw error;
      }
    },
  };
}
