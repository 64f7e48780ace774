import type { Connection, Model } from 'mongoose';
import { inserted } from '../../platform/store/index.ts';
import type { Origin } from './domain/automatic.ts';
import type { MailId } from './domain/threads.ts';
import { mailSchemas } from './schemas.ts';
import { uploadStore } from './upload-store.ts';

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
  readonly messageId: MailId | null;
  readonly references: readonly MailId[];
  readonly envelopeFrom: string;
  /** The network that it was brought from; absent in ours and in mails of earlier releases. */
  readonly client?: string;
  readonly recipient: string;
  /** Of the raw file, relative to the mail folder; null for ours. */
  readonly file: string | null;
  /** Whom we answer: Reply-To, else From, else of the envelope. */
  readonly sender: string | null;
  /** The same person under any spelling of the address; what limits count. */
  readonly senderKey?: string | null;
  /** Ours: who got a copy. */
  readonly cc?: readonly string[];
  /** Joined a number that is not known to be this sender's. */
  readonly outsider?: boolean;
  /** Taken out of the mails set aside by a person. */
  readonly released?: boolean;
  /** Set aside: why, by a stable code, and the first words. */
  readonly reason?: string | null;
  readonly preview?: string | null;
  /** Starts of the server that found it not imported yet. */
  readonly starts?: number;
  /** Of the raw mail; absent in mails of earlier releases. */
  readonly bytes?: number;
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
  readonly toName?: string | null;
  readonly cc?: readonly string[];
  /** What the limits of automatic answers count. */
  readonly toKey?: string | null;
  readonly toDomain?: string | null;
  readonly subject: string;
  readonly text: string;
  readonly messageId: MailId;
  readonly inReplyTo: MailId | null;
  readonly references: readonly MailId[];
  readonly automatic: boolean;
  readonly attachments: readonly string[];
  /** stored: there is no relay, the simulator shows it. moot: it waited, and what it says was said meanwhile. */
  readonly status: 'queued' | 'sent' | 'stored' | 'failed' | 'moot';
  /** failed: why. queued: why it waits. */
  readonly error: string | null;
  /** Number of the newest planned attempt, and when it is. */
  readonly attempt?: number;
  readonly nextAt?: Date | null;
  /** Attempts that counted, and when we give up. */
  readonly tries?: number;
  readonly giveUpAt?: Date | null;
  /** Recipients who do not have it yet. */
  readonly pending?: readonly string[];
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

/** True for the one who did it. */
const added = async (write: () => Promise<unknown>): Promise<boolean> =>
  (await inserted(write)) === 'inserted';

export type MailStore = ReturnType<typeof createMailStore>;

export function createMailStore(connection: Connection) {
  const schema = mailSchemas();
  const mails = connection.model<unknown>('Mail', schema.mail);
  const outbox = connection.model<unknown>('OutboxMail', schema.outbox);
  const attachments = connection.model<unknown>('MailAttachment', schema.attachment);
  type Filter = Record<string, unknown>;
  const newest = async (filter: Filter): Promise<MailRecord | undefined> => {
    const doc = await mails.findOne(filter).sort({ _id: -1 }).lean<Doc<MailRecord> | null>();
    return doc === null ? undefined : fromDoc<MailRecord>(doc);
  };
  return {
    ...mailboxStore(connection.model<unknown>('Mailbox', schema.mailbox)),

    insertMail: (mail: MailRecord) => added(() => mails.collection.insertOne(toDoc(mail) as never)),
    mailByKey: (companyId: string, dedupKey: string) => newest({ companyId, dedupKey }),
    mail: (id: string) => newest({ _id: id }),
    /** The mail behind a message of a conversation; of a failed import that was repeated, the newest. */
    mailOfMessage: (companyId: string, messageRef: string) => newest({ companyId, messageRef }),
    byMessageIds: (companyId: string, ids: readonly MailId[]) =>
      ids.length === 0
        ? Promise.resolve(undefined)
        : newest({ companyId, messageId: { $in: ids }, thread: { $ne: null } }),
    /** Of ours, the newest one that a report names. */
    sentByIds: (companyId: string, ids: readonly MailId[]) =>
      ids.length === 0
        ? Promise.resolve(undefined)
        : newest({ companyId, messageId: { $in: ids.slice(0, 50) }, direction: 'outbound' }),
    /** Newest first; what this sender wrote since then and was imported. */
    async ofSender(
      companyId: string,
      senderKey: string,
      page: { readonly since: Date; readonly not: string; readonly limit: number },
    ): Promise<MailRecord[]> {
      const docs = await mails
        .find({
          companyId,
          senderKey,
          at: { $gte: page.since },
          _id: { $ne: page.not },
          thread: { $ne: null },
        })
        .sort({ at: -1 })
        .limit(page.limit)
        .lean<Doc<MailRecord>[]>();
      return docs.map((d) => fromDoc<MailRecord>(d));
    },
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
    /** Of all companies. */
    countSetAside: (reasons: readonly string[]) =>
      mails.countDocuments({ status: 'setAside', reason: { $in: reasons } }),
    async unimported(): Promise<MailRecord[]> {
      return (await mails.find({ status: 'stored' }).sort({ _id: 1 }).lean<Doc<MailRecord>[]>()).map((d) =>
        fromDoc<MailRecord>(d),
      );
    },
    ...setAsideStore(mails),
    /** Counts for monitoring: not yet imported, set aside, not yet sent, given up. */
    async figures() {
      const [importing, setAside, unsent, failed] = await Promise.all([
        mails.countDocuments({ status: 'stored' }),
        mails.countDocuments({ status: 'setAside' }),
        outbox.countDocuments({ status: 'queued' }),
        outbox.countDocuments({ status: 'failed' }),
      ]);
      return { importing, setAside, unsent, failed };
    },

    ...outboxStore(outbox),
    ...attachmentStore(attachments),
    ...uploadStore(connection, schema, { mails, attachments }),
  };
}

function setAsideStore(mails: Model<unknown>) {
  return {
    /** The compare-and-set of a person's "to the queue": undefined when somebody was faster. */
    async releaseMail(companyId: string, id: string): Promise<MailRecord | undefined> {
      const doc = await mails
        .findOneAndUpdate(
          { _id: id, companyId, status: 'setAside' },
          { $set: { status: 'stored', released: true } },
          { returnDocument: 'after' },
        )
        .lean<Doc<MailRecord> | null>();
      return doc === null ? undefined : fromDoc<MailRecord>(doc);
    },
    async setAside(companyId: string, limit: number, before?: string): Promise<MailRecord[]> {
      const docs = await mails
        .find({ companyId, status: 'setAside', ...(before === undefined ? {} : { _id: { $lt: before } }) })
        .sort({ _id: -1 })
        .limit(limit)
        .lean<Doc<MailRecord>[]>();
      return docs.map((d) => fromDoc<MailRecord>(d));
    },
  };
}

function mailboxStore(mailboxes: Model<unknown>) {
  type Filter = Record<string, unknown>;
  return {
    async mailboxes(filter: Filter): Promise<Mailbox[]> {
      return (await mailboxes.find(filter).sort({ _id: -1 }).lean<Doc<Mailbox>[]>()).map((d) =>
        fromDoc<Mailbox>(d),
      );
    },
    /** false: the address is taken. */
    insertMailbox: (box: Mailbox) => added(() => mailboxes.collection.insertOne(toDoc(box) as never)),
    async updateMailbox(companyId: string, id: string, patch: Partial<Omit<Mailbox, 'id' | 'companyId'>>) {
      const doc = await mailboxes
        .findOneAndUpdate({ _id: id, companyId }, { $set: patch }, { returnDocument: 'after' })
        .lean<Doc<Mailbox> | null>();
      return doc === null ? undefined : fromDoc<Mailbox>(doc);
    },
  };
}

function outboxStore(outbox: Model<unknown>) {
  type Filter = Record<string, unknown>;
  return {
    insertOutbox: (mail: OutboxMail) => added(() => outbox.collection.insertOne(toDoc(mail) as never)),
    async outbox(filter: Filter, limit = 100): Promise<OutboxMail[]> {
      return (await outbox.find(filter).sort({ _id: -1 }).limit(limit).lean<Doc<OutboxMail>[]>()).map((d) =>
        fromDoc<OutboxMail>(d),
      );
    },
    countOutbox: (filter: Filter) => outbox.countDocuments(filter),
    /** The number of the next attempt, which nobody else gets; null: no such mail. */
    async nextAttempt(id: string, nextAt: Date): Promise<number | null> {
      const doc = await outbox
        .findOneAndUpdate(
          { _id: id },
          { $inc: { attempt: 1 }, $set: { nextAt } },
          { returnDocument: 'after' },
        )
        .lean<{ readonly attempt?: number } | null>();
      return doc?.attempt ?? null;
    },
    async updateOutbox(id: string, patch: Partial<Omit<OutboxMail, 'id'>>): Promise<void> {
      await outbox.collection.updateOne({ _id: id } as never, { $set: patch });
    },
  };
}

function attachmentStore(attachments: Model<unknown>) {
  return {
    insertAttachment: (file: StoredAttachment) =>
      added(() => attachments.collection.insertOne(toDoc(file) as never)),
    async attachments(companyId: string, ids: readonly string[]): Promise<StoredAttachment[]> {
      const docs = await attachments.find({ companyId, _id: { $in: ids } }).lean<Doc<StoredAttachment>[]>();
      return docs.map((d) => fromDoc<StoredAttachment>(d));
    },
    /** An upload becomes a contact's; true for the one who did it. */
    async claimAttachment(companyId: string, id: string, interactionId: string): Promise<boolean> {
      const result = await attachments.collection.updateOne(
        { companyId, _id: id, interactionId: null } as never,
        { $set: { interactionId } },
      );
      return result.modifiedCount === 1;
    },
  };
}
