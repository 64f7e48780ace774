import type { CustomerContext, SectionName } from '../contracts/context.ts';
import { createCustomerFiles, type CustomerFiles, type Customers } from '../customers/index.ts';
import type { Interactions } from '../interactions/index.ts';
import type { Logger } from '../platform/log/index.ts';
import type { Publisher } from '../platform/realtime/index.ts';
import type { CompanyId, CustomerId, InteractionId } from '../shared/ids.ts';
import type { Erps } from './erp.ts';

interface Deps {
  readonly interactions: Interactions;
  readonly customers: Customers;
  readonly erps: Erps;
  readonly logger: Logger;
  /** Known when the realtime room stands. */
  readonly publisher: () => Publisher | undefined;
}

/** The customer's file follows the contact: begun when it arrives, begun anew when its customer becomes known. */
export function createFiles({ interactions, customers, erps, logger, publisher }: Deps): CustomerFiles {
  /** To whoever has the contact on the screen now. */
  async function toDesk(
    companyId: string,
    interactionId: string,
    section: SectionName,
    context: CustomerContext,
  ): Promise<void> {
    const contact = await interactions.get(companyId as CompanyId, interactionId as InteractionId);
    if (contact?.agent != null)
      publisher()?.toUser(contact.companyId, contact.agent.id, 'context', {
        interactionId,
        section,
        context,
      });
  }

  const onFault = (error: unknown) => logger.warn({ err: error }, "a customer's file could not be loaded");
  const files = createCustomerFiles({
    customers,
    contexts: erps.contexts,
    askErp: (companyId, by, value) => erps.ask(companyId, by, value),
    source: 'sample',
    current: ({ companyId, id }) => interactions.get(companyId as CompanyId, id as InteractionId),
    async identify({ companyId, id }, customer, identity) {
      const now = await interactions.get(companyId as CompanyId, id as InteractionId);
      // An operator who asked and chose knows better than a lookup that took its time.
      if (now === null || now.customer !== null) return false;
      await interactions.identify(now.companyId, now.id, {
        customer: { id: customer._id as CustomerId, name: customer.name },
        identity,
      });
      return true;
    },
    onSection: (contact, name, context) =>
      void toDesk(contact.companyId, contact.id, name, context).catch(onFault),
    onFault,
  });
  interactions.onChange((interaction, event) => {
    // null: it was just opened. Offered: what aged in the queue is asked again, so that the pop is fresh.
    if (event?.type === 'identified' && event.customer === null) files.leaveOpen(interaction);
    else if (event === null || event.type === 'identified' || event.type === 'offered')
      files.start(interaction);
  });
  return files;
}
