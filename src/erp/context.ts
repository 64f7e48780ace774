import type { CustomerContext, SectionName } from '../contracts/context.ts';
import { ERP_SECTIONS, type ErpSection } from './connector.ts';
import type { SectionState, Sections } from './sections.ts';

/** Who a context is about: the ERP's own id of the customer, if known, or several who share the key. */
export interface ContextSubject {
  readonly customerId: string | null;
  readonly externalId: string | null;
  readonly candidates: CustomerContext['candidates'];
}

export interface ContextService {
  /** What is known now; never waits. Starts nothing. */
  snapshot(companyId: string, subject: ContextSubject): CustomerContext;
  /** Asks for every section that is not fresh; calls back as each arrives or fails. Resolves when all have. */
  load(
    companyId: string,
    subject: ContextSubject,
    onSection: (name: SectionName, context: CustomerContext) => void,
  ): Promise<CustomerContext>;
}

function wire<S extends ErpSection>(state: SectionState<S>) {
  return {
    state: state.state,
    ...(state.fetchedAt === undefined ? {} : { fetchedAt: new Date(state.fetchedAt).toISOString() }),
    ...(state.error === undefined ? {} : { error: { ...state.error } }),
    ...(state.data === undefined ? {} : { data: state.data }),
  };
}

const missing = (code: string, message: string): SectionState => ({
  state: 'failed',
  error: { code, message },
});

function assemble(subject: ContextSubject, of: (name: ErpSection) => SectionState): CustomerContext {
  const sections = Object.fromEntries(ERP_SECTIONS.map((name) => [name, wire(of(name))]));
  // The sections are built from the same names that the contract lists; each holds its own type of data.
  return {
    customerId: subject.customerId,
    candidates: subject.candidates,
    sections: sections as CustomerContext['sections'],
  };
}

/** The customer's file by sections; each loads, ages and fails on its own (architecture.md, "ERP"). */
export function createContexts(sectionsOf: (companyId: string) => Sections | undefined): ContextService {
  const unknown = (subject: ContextSubject, sections: Sections | undefined): SectionState | undefined => {
    if (subject.externalId === null) return missing('customer.unknown', 'nobody was identified yet');
    return sections === undefined ? missing('erp.notConfigured', 'no ERP is configured') : undefined;
  };
  return {
    snapshot(companyId, subject) {
      const sections = sectionsOf(companyId);
      const none = unknown(subject, sections);
      return assemble(
        subject,
        (name) => none ?? sections?.peek(name, subject.externalId ?? '') ?? { state: 'loading' },
      );
    },
    async load(companyId, subject, onSection) {
      const sections = sectionsOf(companyId);
      const none = unknown(subject, sections);
      const { externalId } = subject;
      if (none !== undefined || sections === undefined || externalId === null) {
        // Told section by section too: a screen that shows them loading must not wait for ever.
        const nothing = this.snapshot(companyId, subject);
        for (const name of ERP_SECTIONS) onSection(name, nothing);
        return nothing;
      }
      const known = new Map<ErpSection, SectionState>(
        ERP_SECTIONS.map((name) => [name, sections.peek(name, externalId)]),
      );
      const current = () => assemble(subject, (name) => known.get(name) ?? { state: 'loading' });
      await Promise.all(
        ERP_SECTIONS.map(async (name) => {
          known.set(name, await sections.load(name, externalId));
          onSection(name, current());
        }),
      );
      return current();
    },
  };
}
