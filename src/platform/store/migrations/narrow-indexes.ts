import { dropIndexes } from './indexes.ts';
import type { Migration } from './migrate.ts';

/** Indexes that serve a filter without its order; each has a longer one in its place now. */
const OUTDATED: Readonly<Record<string, readonly string[]>> = {
  interactions: [
    'companyId_1_thread_1',
    'companyId_1_protocol_1',
    'companyId_1_contact.address_1',
    'companyId_1_customer.id_1',
    'companyId_1_queue_1',
    'companyId_1_agent.id_1',
    'companyId_1_timestamps.queuedAt_1',
    'state.name_1',
    'pending_1',
  ],
  journal: ['companyId_1_interactionId_1'],
  messages: ['companyId_1_interactionId_1', 'companyId_1_externalId_1', 'status_1'],
  protocols: [
    'companyId_1_document_1',
    'companyId_1_phones_1',
    'companyId_1_customer.id_1',
    'companyId_1_status_1',
  ],
  sipcredentials: ['username_1'],
  mails: ['companyId_1_protocol_1', 'companyId_1_sender_1_at_1', 'companyId_1_thread_1', 'status_1'],
  outbox: ['status_1'],
  mailboxes: ['companyId_1'],
};

/** The new ones are built from the schemas after this. */
export const narrowIndexes: Migration = {
  version: 2,
  name: 'indexes that serve filter and order',
  async up(connection) {
    for (const [name, outdated] of Object.entries(OUTDATED)) await dropIndexes(connection, name, outdated);
  },
};
