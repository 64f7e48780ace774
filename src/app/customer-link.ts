import { type Access, may } from '../access/index.ts';
import { createCustomerLink, type Customers } from '../customers/index.ts';
import {
  type Desk,
  type Interaction,
  type Interactions,
  interactionView,
  wallOf,
} from '../interactions/index.ts';
import type { Principal } from '../platform/http/index.ts';
import { AppError } from '../shared/errors.ts';
import type { CustomerId } from '../shared/ids.ts';

interface Deps {
  readonly customers: Customers;
  readonly interactions: Interactions;
  readonly desk: Pick<Desk, 'see'>;
  readonly audit: Access['audit'];
}

/** Whose contact it is, told by the operator who has it in hand, or by a supervisor. */
export function linkOf({ customers, interactions, desk, audit }: Deps) {
  const link = createCustomerLink<Principal, Interaction>({
    customers,
    contacts: {
      async reach(principal, id) {
        const contact = await desk.see(principal, id);
        if (!may(principal, 'work', wallOf(contact)))
          throw new AppError('interaction.notYours', 403, 'The contact is not in your hands.');
        return contact;
      },
      whose: ({ customer, identity }) => ({ customer, identity }),
      async identify({ companyId, id }, customer, identity) {
        const outcome = await interactions.apply(companyId, id, {
          type: 'identified',
          customer: customer === null ? null : { id: customer._id as CustomerId, name: customer.name },
          identity,
        });
        if (!outcome.ok) throw new AppError(outcome.error.code, 409, 'The contact changed; try again.');
        return outcome.value;
      },
      async tell(principal, { companyId, id }, kind, data) {
        const { userId, name } = principal;
        await interactions.record(companyId, id, { kind, actor: { kind: 'agent', id: userId, name }, data });
        const { name: _personal, ...facts } = data;
        await audit.record(principal, { action: kind, target: { kind: 'interaction', id }, data: facts });
      },
    },
  });
  return async (...wish: Parameters<typeof link>) => interactionView(await link(...wish));
}
