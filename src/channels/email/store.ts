import type { Connection, Model } from 'mongoose';
import type { Origin } from './domain/automatic.ts';
import { mailSchemas } from './schemas.ts';

export interface Mailbox {
  readonly id: string;
  readonly companyId: string;
  /** Canonical, unique over all companies. */
  readonly address: string;
  readonly name: string;
  readonly queue: string;
  readonly priority: number;
  readonly acknowledge: boolean;
  /** With `{protocol}` and `{date}`; null: the product's own. */
  readonly acknowledgeText: string | null;
  readonly active: boolean;
}

/** A mail of ours or theirs, as far as threads and duplicates need it. The raw file is never deleted. */
export interface MailRecord {
  readonly id: string;
  readonly companyId: string;
  readonly mailbox: string;
  readonly direction: 'inbound' | 'outbound';
  /** stored: raw file safe, not imported yet. imported. setAside: automatic, and no thread knows it. */
  readonly status: 'stored' | 'imported' | 'setAside';
  /** Unique on (company, key): what makes a second delivery the same mail. */
  readonly dedupKey: string;
  readonly messageId: string | null;
  readonly references: readonly string[];
  readonly envelopeFrom: string;
  readonly recipient: string;
  /** Of the raw file, relative to the mail folder; null for ours. */
  readonly file: string | null;
  readonly sender: string | null;
  readonly subject: string | null;
  readonly subjectKey: string | null;
  readonly origin: Origin | null;
  readonly thread: string | null;
  readonly protocol: string | null;
  readonly interactionId: string | null;
  readonly messageRef: string | null;
  readonly at: Date;
}

export interface OutboxMail {
  readonly id: string;
  readonly companyId: string;
  /** Unique: one decision makes one mail, however often its effect runs. */
  readonly key: string;
  readonly kind: 'reply' | 'acknowledgement' | 'notice';
  readonly mailbox: string;
  readonly from: { readonly address: string; readonly name: string };
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly automatic: boolean;
  readonly attachments: readonly string[];
  /** stored: there is no relay, the simulator shows it. */
  readonly status: 'queued' | 'sent' | 'stored' | 'failed';
  readonly error: string | null;
  readonly interactionId: string | null;
  readonly messageRef: string | null;
  readonly protocol: string;
  readonly at: Date;
}

export interface StoredAttachment {
  readonly id: string;
  readonly companyId: string;
  /** null: uploaded at the desk and not sent yet. */
  readonly interactionId: string | null;
  readonly uploadedBy: string | null;
  readonly filename: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly file: string;
  readonly at: Date;
}

type Doc<T extends { readonly id: string }> = Omit<T, 'id'> & { readonly _id: string };
const toDoc = <T extends { readonly id: string }>({ id, ...rest }: T): Doc<T> => ({ _id: id, ...rest });
// What was stored was a T: only its id changed place.
const fromDoc = <T extends { readonly id: string }>({ _id, ...rest }: Doc<T>): T =>
  ({ id: _id, ...rest }) as unknown as T;

const isDuplicate = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 11000;

async function inserted(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

export type MailStore = ReturnType<typeof createMailStore>;

export function createMailStore(connection: Connection) {
  const schema = mailSchemas();
  const mailboxes = connection.model('Mailbox', schema.mailbox);
  const mails = connection.model('Mail', schema.mail);
  const outbox = connection.model('OutboxMail', schema.outbox);
  const attachments = connection.model<unknown>('MailAttachment', schema.attachment);
  type Filter = Record<string, unknown>;
  const newest = async (filter: Filter): Promise<MailRecord | undefined> => {
    const doc = await mails.findOne(filter).sort({ _id: -1 }).lean<Doc<MailRecord> | null>();
    return doc === null ? undefined : fromDoc<MailRecord>(doc);
  };
  return {
    async mailboxes(filter: Filter): Promise<Mailbox[]> {
      return (await mailboxes.find(filter).sort({ _id: -1 }).lean<Doc<Mailbox>[]>()).map((d) =>
        fromDoc<Mailbox>(d),
      );
    },
    /** false: the address is taken. */
    insertMailbox: (box: Mailbox) => inserted(() => mailboxes.collection.insertOne(toDoc(box) as never)),
    async updateMailbox(companyId: string, id: string, patch: Partial<Omit<Mailbox, 'id' | 'companyId'>>) {
      const doc = await mailboxes
        .findOneAndUpdate({ _id: id, companyId }, { $set: patch }, { returnDocument: 'after' })
        .lean<Doc<Mailbox> | null>();
      return doc === null ? undefined : fromDoc<Mailbox>(doc);
    },

    insertMail: (mail: MailRecord) => inserted(() => mails.collection.insertOne(toDoc(mail) as never)),
    mailByKey: (companyId: string, dedupKey: string) => newest({ companyId, dedupKey }),
    mail: (id: string) => newest({ _id: id }),
    byMessageIds: (companyId: string, ids: readonly string[]) =>
      ids.length === 0
        ? Promise.resolve(undefined)
        : newest({ companyId, messageId: { $in: ids }, thread: { $ne: null } }),
    async ofProtocol(companyId: string, protocol: string): Promise<MailRecord[]> {
      const docs = await mails
        .find({ companyId, protocol, thread: { $ne: null } })
        .sort({ _id: -1 })
        .limit(50)
        .lean<Doc<MailRecord>[]>();
      return docs.map((d) => fromDoc<MailRecord>(d));
    },
    bySenderAndSubject: (companyId: string, mailbox: string, sender: string, key: string, since: Date) =>
      newest({
        companyId,
        mailbox,
        sender,
        subjectKey: key,
        direction: 'inbound',
        thread: { $ne: null },
        at: { $gte: since },
      }),
    lastOfThread: (companyId: string, thread: string, direction: 'inbound' | 'outbound') =>
      newest({ companyId, thread, direction }),
    async updateMail(id: string, patch: Partial<Omit<MailRecord, 'id'>>): Promise<void> {
      await mails.collection.updateOne({ _id: id } as never, { $set: patch });
    },
    async unimported(): Promise<MailRecord[]> {
      return (await mails.find({ status: 'stored' }).sort({ _id: 1 }).lean<Doc<MailRecord>[]>()).map((d) =>
        fromDoc<MailRecord>(d),
      );
    },
    async setAside(companyId: string, limit: number): Promise<MailRecord[]> {
      const docs = await mails
        .find({ companyId, status: 'setAside' })
        .sort({ _id: -1 })
        .limit(limit)
        .lean<Doc<MailRecord>[]>();
      return docs.map((d) => fromDoc<MailRecord>(d));
    },

    insertOutbox: (mail: OutboxMail) => inserted(() => outbox.collection.insertOne(toDoc(mail) as never)),
    async outbox(filter: Filter, limit = 100): Promise<OutboxMail[]> {
      return (await outbox.find(filter).sort({ _id: -1 }).limit(limit).lean<Doc<OutboxMail>[]>()).map((d) =>
        fromDoc<OutboxMail>(d),
      );
    },
    countOutbox: (filter: Filter) => outbox.countDocuments(filter),
    async updateOutbox(id: string, patch: Partial<Pick<OutboxMail, 'status' | 'error'>>): Promise<void> {
      await outbox.collection.updateOne({ _id: id } as never, { $set: patch });
    },

    ...attachmentStore(attachments),
  };
}

function attachmentStore(attachments: Model<unknown>) {
  return {
    insertAttachment: (file: StoredAttachment) =>
      inserted(() => attachments.collection.insertOne(toDoc(file) as never)),
    async attachments(companyId: string, ids: readonly string[]): Promise<StoredAttachment[]> {
      const docs = await attachments.find({ companyId, _id: { $in: ids } }).lean<Doc<StoredAttachment>[]>();
      return docs.map((d) => fromDoc<StoredAttachment>(d));
    },
    async claimAttachments(companyId: string, ids: readonly string[], interactionId: string): Promise<void> {
      await attachments.collection.updateMany(
        { companyId, _id: { $in: ids }, interactionId: null } as never,
        { $set: { interactionId } },
      );
    },
  };
}
