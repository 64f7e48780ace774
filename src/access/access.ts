import type { Connection } from 'mongoose';
import type { Authenticator, HealthResult } from '../platform/http/index.ts';
import type { Clock, Timer } from '../shared/clock.ts';
import type { CompanyId } from '../shared/ids.ts';
import { createIds } from '../shared/ids-factory.ts';
import type { Random } from '../shared/random.ts';
import { type ApiKeys, createApiKeys } from './api-keys.ts';
import { type AuditTrail, createAuditTrail } from './audit.ts';
import { createAuthenticator } from './authenticator.ts';
import { type Asker, may } from './domain/walls.ts';
import { createGuard } from './guard.ts';
import { createStrangers } from './strangers.ts';
import { createLogins, type Logins } from './logins.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import type { CompaniesPort, SessionEndHandler } from './ports.ts';
import type { Secrets } from './secrets.ts';
import { createSetup, type Setup } from './setup.ts';
import { createSoftphones, type SoftphoneOptions, type Softphones } from './softphone.ts';
import { type AccessStore, type AuditFilter, createAccessStore, type Page } from './store.ts';
import type { AuditRecord } from './types.ts';
import { createUsers, type Users } from './users.ts';

export interface AccessDeps {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly companies: CompaniesPort;
  readonly softphone: SoftphoneOptions;
  /** Default: argon2id at full cost. */
  readonly passwords?: Passwords;
}

export interface Access {
  readonly users: Users;
  readonly logins: Logins;
  readonly apiKeys: ApiKeys;
  readonly audit: AuditTrail;
  readonly setup: Setup;
  readonly softphones: Softphones;
  readonly authenticator: Authenticator;
  auditList(companyId: CompanyId, filter: AuditFilter, page: Page): Promise<readonly AuditRecord[]>;
  /** An administrator of the first company: may make others. */
  isInstaller(asker: Asker): boolean;
  /** Sessions that ended by logout, expiry, new password or deactivation. */
  onSessionEnd(handler: SessionEndHandler): void;
  /** The login line of /readyz: the store answers and a password can be checked. */
  health(): Promise<HealthResult>;
  /** Hourly sweep of old sessions, locks and SIP passwords. */
  start(): void;
  stop(): void;
}

const SWEEP_MS = 3_600_000;

export function createAccess(deps: AccessDeps): Access {
  const { clock, random, secrets } = deps;
  const newId = createIds(clock, random);
  const store = createAccessStore(deps.connection);
  const passwords = deps.passwords ?? createPasswords();
  const ends: SessionEndHandler[] = [];
  const onEnd: SessionEndHandler = (end) => {
    authenticator.forget(end.credentialId ?? end.userId);
    for (const handler of ends) handler(end);
  };
  const audit = createAuditTrail({ store, clock, newId });
  const guard = createGuard({ store, clock, secrets });
  const onStranger = createStrangers({ audit, clock, first: () => deps.companies.first() });
  const logins = createLogins({
    store,
    clock,
    random,
    secrets,
    passwords,
    audit,
    guard,
    onStranger,
    onEnd,
  });
  const authenticator = createAuthenticator({ store, clock, secrets, logins });
  const users = createUsers({ store, clock, newId, passwords, logins, guard });
  users.onChange((user) => authenticator.forget(user._id));
  const sweeper = createSweeper(clock, logins);
  return {
    users,
    logins,
    audit,
    authenticator,
    apiKeys: createApiKeys({
      store,
      clock,
      random,
      secrets,
      newId,
      forget: (id) => authenticator.forget(id),
    }),
    setup: createSetup({ store, clock, random, secrets, users, companies: deps.companies, audit }),
    softphones: createSoftphones({ store, clock, random, newId }, deps.softphone),
    auditList: (companyId, filter, page) => store.audit.list(companyId, filter, page),
    isInstaller: (asker) => {
      const first = deps.companies.first();
      return first !== undefined && may(asker, 'configure', { kind: 'house', companyId: first });
    },
    onSessionEnd: (handler) => void ends.push(handler),
    health: () => loginHealth(store),
    start: sweeper.start,
    stop: sweeper.stop,
  };
}

async function loginHealth(store: AccessStore): Promise<HealthResult> {
  await store.users.byUsername('-');
  return { ok: true, detail: 'accounts readable', facts: [{ says: 'accounts' }] };
}

function createSweeper(clock: Clock, logins: Logins) {
  let timer: Timer | undefined;
  const plan = (): void => {
    timer = clock.after(SWEEP_MS, () => {
      // A failed sweep is tried again in an hour; the store's own health line tells of the cause.
      logins.sweep().then(plan, plan);
    });
  };
  return {
    start: () => {
      if (timer === undefined) plan();
    },
    stop: () => timer?.cancel(),
  };
}
