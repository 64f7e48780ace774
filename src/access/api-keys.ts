import type { Role } from '../contracts/common.ts';
import type { Principal } from '../platform/http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import type { CompanyId } from '../shared/ids.ts';
import type { Random } from '../shared/random.ts';
import type { Secrets } from './secrets.ts';
import type { AccessStore, Page } from './store.ts';
import type { ApiKeyRecord } from './types.ts';

export interface NewApiKey {
  readonly name: string;
  readonly role: Role;
  readonly queues: readonly string[];
  readonly scopes: readonly string[];
}

export interface ApiKeys {
  /** `key` is shown this one time; only its keyed hash is stored. */
  create(by: Principal, wish: NewApiKey): Promise<{ readonly key: string; readonly record: ApiKeyRecord }>;
  /** Errors: apiKey.unknown 404. */
  update(
    companyId: CompanyId,
    id: string,
    change: { readonly name?: string; readonly active?: boolean; readonly scopes?: readonly string[] },
  ): Promise<ApiKeyRecord>;
  /** Null: the company has no such key. */
  get(companyId: CompanyId, id: string): Promise<ApiKeyRecord | null>;
  list(companyId: CompanyId, page: Page): Promise<readonly ApiKeyRecord[]>;
}

export function createApiKeys(deps: {
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly newId: () => string;
  readonly forget: (id: string) => void;
}): ApiKeys {
  return {
    create: async (by, wish) => {
      const key = `rk_${Buffer.from(deps.random.bytes(32)).toString('base64url')}`;
      const now = deps.clock.now();
      const record: ApiKeyRecord = {
        _id: deps.newId(),
        companyId: by.companyId,
        name: wish.name,
        fingerprint: deps.secrets.fingerprint(key),
        role: wish.role,
        queues: [...wish.queues],
        scopes: [...wish.scopes],
        active: true,
        createdAt: new Date(now),
        createdBy: by.userId,
      };
      await deps.store.apiKeys.insert(record);
      return { key, record };
    },
    update: async (companyId, id, change) => {
      const record = await deps.store.apiKeys.update(companyId, id, change);
      if (record === null) throw new AppError('apiKey.unknown', 404, 'There is no such API key.');
      deps.forget(id);
      return record;
    },
    get: (companyId, id) => deps.store.apiKeys.get(companyId, id),
    list: (companyId, page) => deps.store.apiKeys.list(companyId, page),
  };
}
