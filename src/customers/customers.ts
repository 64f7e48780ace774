import { parseDocument } from '../shared/br/documents.ts';
import { parsePhone } from '../shared/br/phone.ts';
import type { Clock } from '../shared/clock.ts';
import { ulid } from '../shared/ids.ts';
import type { Random } from '../shared/random.ts';
import { searchOwn } from './own-search.ts';
import type { Customer, CustomerStore } from './store.ts';

/** What an ERP or an import tells of a customer. */
export interface CustomerFacts {
  readonly externalId: string;
  readonly name: string;
  readonly tradeName?: string;
  readonly document: string;
  readonly personType: 'PF' | 'PJ';
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  readonly keys: readonly string[];
  readonly address?: string;
  readonly district?: string;
  readonly since?: string;
}

/** Nobody, one, or several on the same key (two people on one mobile are common): shown, never guessed. */
export interface Identification {
  readonly customer: Customer | null;
  readonly candidates: readonly Customer[];
}

const MAX_RESULTS = 20;

function identified(found: readonly Customer[]): Identification {
  const [only] = found;
  return { customer: found.length === 1 && only !== undefined ? only : null, candidates: found };
}

export function createCustomers(deps: {
  readonly store: CustomerStore;
  readonly clock: Clock;
  readonly random: Random;
}) {
  const { store, clock, random } = deps;
  const none: Identification = { customer: null, candidates: [] };
  return {
    get: (companyId: string, id: string) => store.get(companyId, id),
    count: (companyId: string) => store.count(companyId),
    async upsert(companyId: string, source: string, facts: CustomerFacts): Promise<void> {
      await store.upsert({
        ...facts,
        _id: ulid(clock.now(), random.bytes(10)),
        companyId,
        source,
        emails: facts.emails.map((email) => email.toLowerCase()),
        keys: facts.keys.map((key) => key.toLowerCase()),
        updatedAt: new Date(clock.now()),
      });
    },
    async byPhone(companyId: string, text: string): Promise<Identification> {
      const phone = parsePhone(text);
      return phone === undefined || !phone.callable
        ? none
        : identified(await store.byKey(companyId, { phoneTails: phone.tail }));
    },
    async byEmail(companyId: string, address: string): Promise<Identification> {
      return identified(await store.byKey(companyId, { emails: address.trim().toLowerCase() }));
    },
    async byDocument(companyId: string, text: string): Promise<Identification> {
      const document = parseDocument(text);
      return document === undefined
        ? none
        : identified(await store.byKey(companyId, { document: document.value }));
    },
    search: (companyId: string, text: string, limit = MAX_RESULTS) =>
      searchOwn(store, companyId, text, limit),
  };
}
export type Customers = ReturnType<typeof createCustomers>;
