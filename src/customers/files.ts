import { systemClock, type Timer } from '../shared/clock.ts';
import type { CustomerContext, SectionName } from '../contracts/context.ts';
import type { Identity } from '../contracts/interaction.ts';
import { maskDocument } from '../shared/br/documents.ts';
import { createRecent } from '../shared/recent.ts';
import type { CustomerFacts, Customers, Identification } from './customers.ts';
import { createSearch } from './search.ts';
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
  /** The contact as it is stored now; null when it is gone. */
  readonly current: (contact: FileContact) => Promise<FileContact | null>;
  /** Tells the contact whose it is, unless somebody decided that meanwhile: then false, and nothing is changed. */
  readonly identify: (contact: FileContact, customer: Customer, identity: Identity) => Promise<boolean>;
  /** A section arrived, or failed: for whoever has the contact on the screen. */
  readonly onSection: (contact: FileContact, name: SectionName, context: CustomerContext) => void;
  readonly onFault: (error: unknown) => void;
}

const NOBODY: FileSubject = { customerId: null, externalId: null, candidates: [] };
/** Contacts whose subject is remembered; older ones are looked up again when they are opened. */
const MAX_REMEMBERED = 50_000;

const choices = (found: readonly Customer[]): FileSubject['candidates'] =>
  found.map((c) => ({ id: c._id, name: c.name, documentMasked: maskDocument(c.document) }));

/** Others on the same phone or address stay in sight: whoever was chosen among them may have been the wrong one. */
const subjectOf = (customer: Customer, sharing: readonly Customer[] = []): FileSubject => ({
  customerId: customer._id,
  externalId: customer.externalId,
  candidates: sharing.length > 1 ? choices(sharing) : [],
});

const candidatesOf = (found: readonly Customer[]): FileSubject => ({ ...NOBODY, candidates: choices(found) });

/** One search for the customer's file: of whom it is. */
interface Look {
  readonly customerId: string | null;
}

/**
 * The customer's file of every contact: who it is, asked in the own store at once and in the ERP behind everybody's back,
 * and the sections as they arrive. Nothing here is waited for by a call, an offer or a mail.
 */
export function createCustomerFiles(deps: CustomerFilesDeps) {
  const { customers, contexts } = deps;
  const subjects = createRecent<FileSubject>(MAX_REMEMBERED);
  /** The look under way at each contact; what an older one still brings belongs to somebody else's file. */
  const looks = new Map<string, Look>();
  /** Contacts whose customer was taken away by hand: the machine does not choose again for them. */
  const leftOpen = createRecent<true>(MAX_REMEMBERED);

  const byAddress = (contact: FileContact): Promise<Identification> =>
    contact.channel === 'email'
      ? customers.byEmail(contact.companyId, contact.contact.address)
      : customers.byPhone(contact.companyId, contact.contact.address);

  /** The ERP knows somebody that our store does not: stored, and told to the contact. undefined: decided meanwhile. */
  async function askErp(contact: FileContact): Promise<FileSubject | undefined> {
    const { companyId } = contact;
    const by = contact.channel === 'email' ? 'email' : 'phone';
    const asked = deps.askErp(companyId, by, contact.contact.address);
    // No answer is an answer too: nobody is known, the desk says so, and the next look asks again.
    const found = (await asked?.catch((error: unknown) => deps.onFault(error))) ?? [];
    for (const facts of found) await customers.upsert(companyId, deps.source, facts);
    const again = await byAddress(contact);
    if (again.customer === null || leftOpen.get(contact.id) === true) return candidatesOf(again.candidates);
    return (await deps.identify(contact, again.customer, 'unconfirmed'))
      ? subjectOf(again.customer)
      : undefined;
  }

  async function resolve(contact: FileContact): Promise<FileSubject | undefined> {
    const own = await byAddress(contact);
    if (contact.customer === null)
      return own.candidates.length > 0 ? candidatesOf(own.candidates) : askErp(contact);
    const customer = await customers.get(contact.companyId, contact.customer.id);
    return customer === null
      ? { ...NOBODY, customerId: contact.customer.id }
      : subjectOf(customer, own.candidates);
  }

  async function open(given: FileContact): Promise<void> {
    // Whoever asks may hold an older version of the contact than the one whose customer was just chosen.
    const contact = await deps.current(given);
    if (contact === null) return;
    const look: Look = { customerId: contact.customer?.id ?? null };
    // Asked again while an ERP takes its time: that answer serves both.
    if (looks.get(contact.id)?.customerId === look.customerId) return;
    looks.set(contact.id, look);
    const newest = (): boolean => looks.get(contact.id) === look;
    try {
      const subject = await resolve(contact);
      if (subject === undefined || !newest()) return;
      subjects.set(contact.id, subject);
      await contexts.load(contact.companyId, subject, (name, context) => {
        if (newest()) deps.onSection(contact, name, context);
      });
    } finally {
      if (newest()) looks.delete(contact.id);
    }
  }

  return {
    /** The search box, with the ERP behind it. */
    search: createSearch(deps),
    /** Starts looking; returns at once. Call it when the contact arrives and when its customer changes. */
    start(contact: FileContact): void {
      void open(contact).catch(deps.onFault);
    },
    /** Its customer was taken away by hand: candidates are shown, nobody is linked automatically any more. */
    leaveOpen(contact: FileContact): void {
      leftOpen.set(contact.id, true);
      this.start(contact);
    },
    /** What is known this instant. */
    snapshot(contact: FileContact): CustomerContext {
      const customerId = contact.customer?.id ?? null;
      const subject = subjects.get(contact.id);
      // After a restart, or a change of customer, nobody has looked yet: the desk sees it loading and gets each section as it comes.
      if (subject?.customerId !== customerId) {
        this.start(contact);
        return allLoading(contexts.snapshot(contact.companyId, { ...NOBODY, customerId }));
      }
      return contexts.snapshot(contact.companyId, subject);
    },
    /** For a customer's page: waits at most `waitMs` for what is not fresh. */
    async ofCustomer(companyId: string, customer: Customer, waitMs: number): Promise<CustomerContext> {
      const subject = subjectOf(customer);
      const loading = contexts.load(companyId, subject, () => undefined);
      if (waitMs === 0) return contexts.snapshot(companyId, subject);
      let timer: Timer | undefined;
      const limit = new Promise<undefined>(
        (done) => (timer = systemClock.after(waitMs, () => done(undefined))),
      );
      const context = await Promise.race([loading, limit]);
      timer?.cancel();
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
