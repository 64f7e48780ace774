import { type AuditAct, auditKindOf, type AuditTarget } from '../contracts/audit.ts';
import type { AuditWriter, Principal } from '../platform/http/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { CompanyId } from '../shared/ids.ts';
import { createRecent } from '../shared/recent.ts';
import type { AccessStore } from './store.ts';
import type { AuditRecord } from './types.ts';

/** Who acted when nobody was logged in: the server itself, or a command on its machine. */
export interface SystemActor {
  readonly system: string;
  readonly companyId: CompanyId;
}

export interface AuditEntry {
  readonly action: AuditAct;
  readonly target: { readonly kind: AuditTarget; readonly id: string };
  /** Names of changed fields and plain facts; never secrets, never content. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A person or a key, and the address that the request came from. */
export type PersonActor = Pick<Principal, 'companyId' | 'userId' | 'name' | 'via' | 'address'>;

/** Who, from where, what, when; append-only. Resolves when stored. */
export interface AuditTrail extends AuditWriter {
  record(actor: PersonActor | SystemActor, entry: AuditEntry): Promise<void>;
  once(actor: PersonActor | SystemActor, entry: AuditEntry): Promise<void>;
}

/** A desk asks for the same contact and the same list again and again: within this time it is one look. */
export const ONE_LOOK_MS = 5 * 60_000;
/** Looks remembered; a forgotten one costs a second line. */
const MOST_LOOKS = 20_000;

export function createAuditTrail(deps: {
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly newId: () => string;
}): AuditTrail {
  const { clock } = deps;
  const looks = createRecent<{ readonly at: number; readonly stored: Promise<void> }>(MOST_LOOKS);
  const record: AuditTrail['record'] = async (actor, entry) => {
    await deps.store.audit.insert({
      _id: deps.newId(),
      companyId: actor.companyId,
      at: new Date(clock.now()),
      actor: actorOf(actor),
      action: entry.action,
      kind: auditKindOf(entry.action),
      target: entry.target,
      data: entry.data ?? {},
    });
  };
  return {
    record,
    once(actor, entry) {
      const { id, address } = actorOf(actor);
      const key = JSON.stringify([actor.companyId, id, address, entry]);
      const before = looks.get(key);
      const at = clock.steady();
      // Whoever asks while the first line is being stored waits for that one; one that failed does not count.
      if (before !== undefined && at - before.at < ONE_LOOK_MS)
        return before.stored.catch(() => record(actor, entry));
      const stored = record(actor, entry);
      looks.set(key, { at, stored });
      return stored;
    },
  };
}

function actorOf(actor: PersonActor | SystemActor): AuditRecord['actor'] {
  if ('system' in actor) return { kind: 'system', id: actor.system, name: actor.system };
  const { userId: id, name, via, address } = actor;
  const kind = via === 'apiKey' ? 'apiKey' : 'user';
  return { kind, id, name, ...(address === undefined ? {} : { address }) };
}
