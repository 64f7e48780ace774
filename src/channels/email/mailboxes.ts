import { AppError } from '../../shared/errors.ts';
import { canonicalAddress } from './domain/threads.ts';
import type { Mailbox, MailStore } from './store.ts';

export interface NewMailbox {
  readonly address: string;
  readonly queue: string;
  readonly name?: string | undefined;
  readonly priority?: number | undefined;
  readonly acknowledge?: boolean | undefined;
  readonly acknowledgeText?: string | null | undefined;
}

export interface Mailboxes {
  list(companyId: string): Promise<Mailbox[]>;
  /** Errors: mailbox.exists 409. */
  create(companyId: string, box: NewMailbox): Promise<Mailbox>;
  /** Errors: mailbox.notFound 404. The address stays: mails of years hang on it. */
  update(
    companyId: string,
    id: string,
    patch: Partial<Omit<Mailbox, 'id' | 'companyId' | 'address'>>,
  ): Promise<Mailbox>;
  /** Active mailbox behind an address, a plus address too. */
  find(address: string): Promise<Mailbox | undefined>;
  byId(companyId: string, id: string): Promise<Mailbox | undefined>;
  /** From which a company writes when no conversation tells. */
  first(companyId: string): Promise<Mailbox | undefined>;
  ours(companyId: string): Promise<ReadonlySet<string>>;
}

export function createMailboxes(store: MailStore, newId: () => string): Mailboxes {
  const one = async (filter: Record<string, unknown>) => (await store.mailboxes(filter))[0];
  return {
    list: (companyId) => store.mailboxes({ companyId }),
    async create(companyId, box) {
      const made: Mailbox = {
        id: newId(),
        companyId,
        address: canonicalAddress(box.address),
        name: box.name ?? '',
        queue: box.queue,
        priority: box.priority ?? 0,
        acknowledge: box.acknowledge ?? true,
        acknowledgeText: box.acknowledgeText ?? null,
        active: true,
      };
      if (!(await store.insertMailbox(made)))
        throw new AppError('mailbox.exists', 409, 'There is a mailbox with this address already.', {
          fields: ['address'],
        });
      return made;
    },
    async update(companyId, id, patch) {
      const updated = await store.updateMailbox(companyId, id, patch);
      if (updated === undefined) throw new AppError('mailbox.notFound', 404, 'There is no such mailbox.');
      return updated;
    },
    find: (address) => one({ address: canonicalAddress(address), active: true }),
    byId: (companyId, id) => one({ companyId, _id: id }),
    first: async (companyId) => (await store.mailboxes({ companyId, active: true })).at(-1),
    ours: async (companyId) => new Set((await store.mailboxes({ companyId })).map((b) => b.address)),
  };
}
