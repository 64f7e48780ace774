import type { AuditTarget } from '../contracts/audit.ts';
import type { Interaction } from '../interactions/index.ts';
import type { CompanyId, InteractionId } from '../shared/ids.ts';

interface Named {
  readonly name: string;
}
type Ask<T> = (companyId: CompanyId, id: string) => T | null | undefined | Promise<T | null | undefined>;

/** Who knows the things that lines of the audit log are about, each within one company. */
export interface AuditNamesDeps {
  readonly person: Ask<Named>;
  readonly apiKey: Ask<Named>;
  readonly queue: Ask<Named>;
  readonly customer: Ask<Named>;
  readonly contact: (
    companyId: CompanyId,
    id: InteractionId,
  ) => Promise<Pick<Interaction, 'contact' | 'customer' | 'protocol'> | null>;
  readonly did: Ask<{ readonly number: string }>;
  readonly trunk: Ask<Named>;
  readonly calendar: Ask<Named>;
  readonly company: (id: string) => Named | undefined;
  /** The company of whoever installed the server, who knows the others. */
  readonly first: () => CompanyId | undefined;
}

export type AuditNames = (
  companyId: CompanyId,
  target: { readonly kind: string; readonly id: string },
) => Promise<string | undefined>;

/** What people call a thing that a line of the audit log names by its id. Undefined: its id is its name, or it is not there. */
export function createAuditNames(deps: AuditNamesDeps): AuditNames {
  const named =
    (ask: Ask<Named>): Ask<string> =>
    async (companyId, id) =>
      (await ask(companyId, id))?.name;
  const contact: Ask<string> = async (companyId, id) => {
    const found = await deps.contact(companyId, id as InteractionId);
    if (found === null) return undefined;
    const who = found.customer?.name ?? found.contact.name ?? found.contact.address;
    return `${who} · ${found.protocol}`;
  };
  const known: Partial<Record<AuditTarget, Ask<string>>> = {
    user: named(deps.person),
    apiKey: named(deps.apiKey),
    agent: named(deps.person),
    queue: named(deps.queue),
    customer: named(deps.customer),
    interaction: contact,
    did: async (companyId, id) => (await deps.did(companyId, id))?.number,
    trunk: named(deps.trunk),
    calendar: named(deps.calendar),
    company: (companyId, id) =>
      id === companyId || companyId === deps.first() ? deps.company(id)?.name : undefined,
  };
  return async (companyId, { kind, id }) => {
    if (id === '-') return undefined;
    // A list of an older version may have other kinds.
    return (
      (await (known as Readonly<Record<string, Ask<string> | undefined>>)[kind]?.(companyId, id)) ?? undefined
    );
  };
}
