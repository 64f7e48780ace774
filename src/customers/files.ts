import type { CustomerContext, SectionName } from '../contracts/context.ts';
import type { Identity } from '../contracts/interaction.ts';
import { maskDocument } from '../shared/br/documents.ts';
import type { CustomerFacts, Customers, Identification } from './customers.ts';
import type { Customer } from './store.ts';

/** The contact, as far as its customer's file is concerned. */
export interface FileContact {
  readonly id: string;
  readonly companyId: string;
  readonly channel: string;
  readonly contact: { readonly address: string };
  readonly customer: { readonly id: string } | null;
  readonly identity: Identity;
}

/** Whom the ERP is asked about. */
export interface FileSubject {
  readonly customerId: string | null;
  readonly externalId: string | null;
  readonly candidates: CustomerContext['candidates'];
}

export interface CustomerFilesDeps {
  readonly customers: Customers;
  readonly contexts: {
    snapshot(companyId: string, subject: FileSubject): CustomerContext;
    load(
      companyId: string,
      subject: FileSubject,
      onSection: (name: SectionName, context: CustomerContext) => void,
    ): Promise<CustomerContext>;
  };
  /** Asks the ERP who has this phone, document or e-mail; undefined when there is no ERP. Rejects as ERPs do. */
  readonly askErp: (
    companyId: string,
    by: 'phone' | 'document' | 'email',
    value: string,
  ) => Promise<readonly CustomerFacts[]> | undefined;
  readonly source: string;
  readonly identify: (
    companyId: string,
    interactionId: string,
    customer: Customer,
    identity: Identity,
  ) => Promise<void>;
  /** A section arrived, or failed: for whoever has the contact on the screen. */
  readonly onSection: (contact: FileContact, name: SectionName, context: CustomerContext) => void;
  readonly onFault: (error: unknown) => void;
}

const NOBODY: FileSubject = { customerId: null, externalId: null, candidates: [] };
/** Contacts whose subject is remembered; older ones are looked up again when they are opened. */
const MAX_REMEMBERED = 50_000;

const subjectOf = (customer: Customer): FileSubject => ({
  customerId: customer._id,
  externalId: customer.externalId,
  candidates: [],
});

const candidatesOf = (found: readonly Customer[]): FileSubject => ({
  ...NOBODY,
  candidates: found.map((c) => ({ id: c._id, name: c.name, documentMasked: maskDocument(c.document) })),
});

/**
 * The customer's file of every contact: who it is, asked in the own store at once and in the ERP behind everybody's back,
 * and the sections as they arrive. Nothing here is waited for by a call, an offer or a mail.
 */
export function createCustomerFiles(deps: CustomerFilesDeps) {
  const { customers, contexts } = deps;
  const subjects = new Map<string, FileSubject>();

  const remember = (id: string, subject: FileSubject): FileSubject => {
    subjects.delete(id);
    subjects.set(id, subject);
    const oldest = subjects.size > MAX_REMEMBERED ? subjects.keys().next().value : undefined;
    if (oldest !== undefined) subjects.delete(oldest);
    return subject;
  };

  const byAddress = (contact: FileContact): Promise<Identification> =>
    contact.channel === 'email'
      ? customers.byEmail(contact.companyId, contact.contact.address)
      : customers.byPhone(contact.companyId, contact.contact.address);

  /** The ERP knows somebody that our store does not: stored, and told to the contact. */
  async function askErp(contact: FileContact): Promise<FileSubject> {
    const { companyId } = contact;
    const found =
      (await deps.askErp(
        companyId,
        contact.channel === 'email' ? 'email' : 'phone',
        contact.contact.address,
      )) ?? [];
    for (const facts of found) await customers.upsert(companyId, deps.source, facts);
    const again = await byAddress(contact);
    if (again.customer === null) return candidatesOf(again.candidates);
    await deps.identify(companyId, contact.id, again.customer, 'unconfirmed');
    return subjectOf(again.customer);
  }

  async function resolve(contact: FileContact): Promise<FileSubject> {
    if (contact.customer !== null) {
      const customer = await customers.get(contact.companyId, contact.customer.id);
      return customer === null ? NOBODY : subjectOf(customer);
    }
    const own = await byAddress(contact);
    return own.candidates.length > 0 ? candidatesOf(own.candidates) : askErp(contact);
  }

  async function open(contact: FileContact): Promise<void> {
    const subject = remember(contact.id, await resolve(contact));
    await contexts.load(contact.companyId, subject, (name, context) =>
      deps.onSection(contact, name, context),
    );
  }

  return {
    /** Starts looking; returns at once. Call it when the contact arrives and when its customer changes. */
    start(contact: FileContact): void {
      void open(contact).catch(deps.onFault);
    },
    /** What is known this instant. */
    snapshot(contact: FileContact): CustomerContext {
      const subject = subjects.get(contact.id);
      // After a restart nobody has looked yet: the desk sees it loading and gets each section as it comes.
      if (subject === undefined) this.start(contact);
      const known = subject ?? { ...NOBODY, customerId: contact.customer?.id ?? null };
      const context = contexts.snapshot(contact.companyId, known);
      return subject === undefined ? allLoading(context) : context;
    },
    /** For a customer's page: waits at most `waitMs` for what is not fresh. */
    async ofCustomer(companyId: string, customer: Customer, waitMs: number): Promise<CustomerContext> {
      const subject = subjectOf(customer);
      const loading = contexts.load(companyId, subject, () => undefined);
      if (waitMs === 0) return contexts.snapshot(companyId, subject);
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<undefined>((done) => (timer = setTimeout(() => done(undefined), waitMs)));
      const context = await Promise.race([loading, limit]);
      clearTimeout(timer);
      return context ?? contexts.snapshot(companyId, subject);
    },
  };
}
export type CustomerFiles = ReturnType<typeof createCustomerFiles>;

function allLoading(context: CustomerContext): CustomerContext {
  const sections = Object.fromEntries(
    Object.keys(context.sections).map((name) => [name, { state: 'loading' as const }]),
  );
  return { ...context, sections: sections as CustomerContext['sections'] };
}
