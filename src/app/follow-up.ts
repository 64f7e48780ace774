import type { Customers } from '../customers/index.ts';
import type { Interaction, Interactions } from '../interactions/index.ts';
import type { Logger } from '../platform/log/index.ts';
import type { Publisher } from '../platform/realtime/index.ts';
import type { Protocols } from '../protocols/index.ts';
import { bindStanding } from './standing.ts';

interface Deps {
  readonly interactions: Interactions;
  readonly protocols: Protocols;
  readonly customers: Customers;
  readonly publisher: Publisher;
  readonly logger: Logger;
}

/** What a contact teaches its protocol, where that one stands, and the task that a lost call leaves behind. */
export function bindFollowUp(deps: Deps): { idle(): Promise<void> } {
  const { interactions, protocols, customers, publisher } = deps;
  interactions.onEffect('protocol.typed', (effect, { companyId, protocol }) =>
    protocols.learn(companyId, protocol, { type: effect.type }),
  );
  interactions.onEffect('protocol.opened', (_effect, contact) => learnCustomer(contact));
  interactions.onEffect('protocol.customer', (_effect, contact) =>
    contact.customer === null ? forgetCustomer(contact) : learnCustomer(contact),
  );
  interactions.onEffect('callback.schedule', async (effect, { companyId, id, queue }) => {
    const data = { cause: effect.cause };
    await interactions.record(companyId, id, { kind: 'callback.task', actor: { kind: 'system' }, data });
    const alert = {
      code: 'callback.due',
      message: 'Uma ligação caiu e precisa de retorno.',
      level: 'warning',
    } as const;
    if (queue === null) publisher.toSupervisors(companyId, 'alert', alert);
    else publisher.toQueue(companyId, queue, 'alert', alert);
  });
  return bindStanding(deps);

  /** The document is what customers ask by in every channel (RGC, resolution 765/2023). */
  async function learnCustomer(contact: Interaction): Promise<void> {
    const { companyId, protocol, customer } = contact;
    if (customer === null || (await isOthers(contact, customer.id))) return;
    const known = await customers.get(companyId, customer.id);
    await protocols.learn(companyId, protocol, {
      customer,
      ...(known === null ? {} : { document: known.document }),
    });
  }
  /**
   * Anybody may name a number. Who is only supposed to be somebody does not take over a demand that another contact made
   * somebody else's, and who is confirmed takes it from one who was only supposed; a choice made in this very contact may be
   * changed.
   */
  async function isOthers(contact: Interaction, customerId: string): Promise<boolean> {
    const { companyId, id, protocol, identity } = contact;
    const owner = (await protocols.get(companyId, protocol))?.customer?.id;
    if (owner === undefined || owner === customerId) return false;
    const contacts = await interactions.byProtocol(companyId, protocol);
    return contacts.some(
      (other) =>
        other.id !== id &&
        other.customer?.id === owner &&
        (identity !== 'confirmed' || other.identity === 'confirmed'),
    );
  }
  /** A wrong choice was taken back: the protocol is that of its other contacts' customer, or of nobody known. */
  async function forgetCustomer({ companyId, id, protocol }: Interaction): Promise<void> {
    const others = await interactions.byProtocol(companyId, protocol);
    const other = others.findLast((contact) => contact.id !== id && contact.customer !== null);
    if (other === undefined) await protocols.learn(companyId, protocol, { customer: null, document: null });
    else await learnCustomer(other);
  }
}
