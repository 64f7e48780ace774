import { createEmailChannel, emailRoutes, type EmailChannel } from '../channels/email/index.ts';
import type { Directory } from '../company/index.ts';
import type { Customers } from '../customers/index.ts';
import type { Route } from '../platform/http/index.ts';
import type { CompanyId, CustomerId } from '../shared/ids.ts';
import type { Core } from './core.ts';
import type { Platform } from './platform.ts';
import type { QueueFor } from './queue-uses.ts';

interface Deps {
  readonly platform: Platform;
  readonly core: Core;
  readonly customers: Customers;
  readonly directory: Directory;
  readonly queueFor: QueueFor;
}

export function openMail({ platform, core, customers, directory, queueFor }: Deps): EmailChannel {
  const { config, store, jobs, clock, random, logger, dataDir } = platform;
  const email = createEmailChannel({
    connection: store.connection,
    interactions: core.interactions,
    jobs,
    clock,
    random,
    logger,
    dataDir,
    smtp: { host: config.smtp.host, port: config.smtp.port },
    relayUrl: config.smtp.relayUrl,
    uploads: config.uploads,
    async customerByEmail(companyId, address) {
      const { customer } = await customers.byEmail(companyId, address);
      return customer === null ? null : { id: customer._id as CustomerId, name: customer.name };
    },
    emailOf: async (companyId, customerId) => (await customers.get(companyId, customerId))?.emails[0],
    timeZone: (companyId) => directory.company(companyId)?.timeZone ?? 'America/Sao_Paulo',
    queueFor,
    async protocolFacts(companyId, number) {
      const protocol = await core.protocols.get(companyId, number);
      return protocol === null
        ? null
        : { openedAt: protocol.openedAt, customerId: protocol.customer?.id ?? null };
    },
  });
  platform.health.register({ name: 'smtp', check: () => email.health() });
  if (email.relayHealth !== undefined)
    platform.health.register({ name: 'relay', optional: true, check: email.relayHealth });
  return email;
}

export function mailRoutes(
  email: EmailChannel,
  simulator: boolean,
  queueServes: (companyId: string, queue: string) => boolean,
): readonly Route[] {
  return emailRoutes({
    email,
    simulator,
    queueServes,
  });
}

/** The mailbox of the demo; left alone when it is there. */
export async function ensureMailbox(
  email: EmailChannel,
  companyId: CompanyId,
  wish: { readonly address: string; readonly queue: string },
): Promise<void> {
  if ((await email.mailboxes.find(wish.address)) === undefined)
    await email.mailboxes.create(companyId, {
      ...wish,
      name: 'Suporte',
      acknowledge: true,
      acknowledgeText: null,
      priority: 0,
    });
}
