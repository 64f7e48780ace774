import type { Clock } from '../shared/clock.ts';
import type { CompanyId } from '../shared/ids.ts';
import type { Principal } from '../platform/http/index.ts';
import type { AccessStore } from './store.ts';
import type { AuditRecord } from './types.ts';

/** Who acted when nobody was logged in: the server itself, or a command on its machine. */
export interface SystemActor {
  readonly system: string;
  readonly companyId: CompanyId;
}

export interface AuditEntry {
  /** Room and verb: user.update, trunk.create, recording.listen, document.reveal */
  readonly action: string;
  readonly target: { readonly kind: string; readonly id: string };
  /** Names of changed fields and plain facts; never secrets. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A person or a key, and the address that the request came from. */
export type PersonActor = Pick<Principal, 'companyId' | 'userId' | 'name' | 'via' | 'address'>;

/** Who, from where, what, when; append-only. Resolves when stored. */
export interface AuditTrail {
  record(actor: PersonActor | SystemActor, entry: AuditEntry): Promise<void>;
}

export function createAuditTrail(deps: {
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly newId: () => string;
}): AuditTrail {
  return {
    record: async (actor, entry) => {
      await deps.store.audit.insert({
        _id: deps.newId(),
        companyId: actor.companyId,
        at: new Date(deps.clock.now()),
        actor: actorOf(actor),
        action: entry.action,
        target: entry.target,
        data: entry.data ?? {},
      });
    },
  };
}

function actorOf(actor: PersonActor | SystemActor): AuditRecord['actor'] {
  if ('system' in actor) return { kind: 'system', id: actor.system, name: actor.system };
  const { userId: id, name, via, address } = actor;
  const kind = via === 'apiKey' ? 'apiKey' : 'user';
  return { kind, id, name, ...(address === undefined ? {} : { address }) };
}
