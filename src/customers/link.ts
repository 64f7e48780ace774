import type { Identity } from '../contracts/interaction.ts';
import { AppError } from '../shared/errors.ts';
import type { Customers } from './customers.ts';
import type { Customer } from './store.ts';

/** What the link needs of the contacts; the composition root gives it. `P` is who acts, `C` the contact. */
export interface LinkContacts<P, C> {
  /** The contact, if this person has it in hand or manages it. Errors: interaction.notFound 404, interaction.notYours 403. */
  reach(principal: P, id: string): Promise<C>;
  whose(contact: C): { readonly customer: { readonly id: string } | null; readonly identity: Identity };
  identify(contact: C, customer: Customer | null, identity: Identity): Promise<C>;
  /** A line of the journal: who chose whom. */
  tell(principal: P, contact: C, kind: LinkKind, data: Readonly<Record<string, unknown>>): Promise<void>;
}
type LinkKind = 'customer.chosen' | 'customer.confirmed' | 'customer.cleared';

export interface LinkWish {
  /** null takes a wrong choice back: nobody is identified. */
  readonly customerId: string | null;
  /** The operator made sure of it, e.g. asked for the document. */
  readonly confirmed: boolean;
}

/**
 * An operator says whose contact it is: one of several on the same phone, a customer that was searched, or nobody after a wrong choice.
 * Choosing is not proving: the identity stays unconfirmed unless the operator says otherwise. Repeating it changes nothing.
 */
export function createCustomerLink<P extends { readonly companyId: string }, C>(deps: {
  readonly customers: Customers;
  readonly contacts: LinkContacts<P, C>;
}) {
  const { customers, contacts } = deps;
  return async (principal: P, id: string, { customerId, confirmed }: LinkWish): Promise<C> => {
    const contact = await contacts.reach(principal, id);
    const { customer: before, identity } = contacts.whose(contact);
    if (customerId === null) {
      if (before === null) return contact;
      const cleared = await contacts.identify(contact, null, 'unknown');
      await contacts.tell(principal, cleared, 'customer.cleared', { previous: before.id });
      return cleared;
    }
    const customer = await customers.get(principal.companyId, customerId);
    if (customer === null) throw new AppError('customer.unknown', 404, 'There is no such customer.');
    const same = before?.id === customer._id;
    // Chosen again is no reason to doubt it again.
    if (same && (!confirmed || identity === 'confirmed')) return contact;
    const linked = await contacts.identify(contact, customer, confirmed ? 'confirmed' : 'unconfirmed');
    await contacts.tell(principal, linked, same ? 'customer.confirmed' : 'customer.chosen', {
      customerId: customer._id,
      name: customer.name,
      confirmed,
      ...(before === null || same ? {} : { previous: before.id }),
    });
    return linked;
  };
}
