import { Schema, type Connection } from 'mongoose';
import { inserted } from '../platform/store/index.ts';
import type { CompanyId } from '../shared/ids.ts';
import { messageQuery, type MessageFilter, type MessagePage } from './filters.ts';
import type { Message } from './ports.ts';

/** What is written to and by customers, contact by contact. */
export interface MessageStore {
  insertMessage(message: Message): Promise<'inserted' | 'duplicate'>;
  /** Oldest first unless the page says otherwise. */
  messages(companyId: CompanyId, filter: MessageFilter, page?: MessagePage): Promise<readonly Message[]>;
  updateMessage(
    companyId: CompanyId,
    id: string,
    from: readonly Message['status'][],
    patch: { readonly status: Message['status']; readonly externalId?: string; readonly error?: string },
    /** Given: it stands among the undelivered, for these words of `reachOf`. Absent: it stands there no more. */
    reach?: readonly string[],
  ): Promise<Message | null>;
  /** A failed reply whose contact is over stands among the undelivered from now on; null: it does not, or somebody knows of it already. */
  listUndelivered(companyId: CompanyId, id: string, reach: readonly string[]): Promise<Message | null>;
  /** Replies that failed, whose contact is over and that nobody has put aside, newest first; `within`: words of `reachOf`. */
  undelivered(companyId: CompanyId, page: UndeliveredPage): Promise<readonly Message[]>;
  /** Takes it out of the undelivered; null: it was not there. */
  acknowledge(companyId: CompanyId, id: string): Promise<Message | null>;
  /** Outbound messages that no channel has confirmed; sent again after a restart. */
  unsentMessages(): Promise<readonly Message[]>;
}

export interface UndeliveredPage {
  readonly within?: readonly string[];
  readonly limit: number;
  /** The id of the last one seen. */
  readonly after?: string;
}

type MessageDoc = Omit<Message, 'id'> & { readonly _id: string };

const { Mixed } = Schema.Types;
const options = { versionKey: false, autoIndex: false, minimize: false, strictQuery: true } as const;

function messageSchema(): Schema {
  const schema = new Schema(
    {
      _id: { type: String, required: true },
      companyId: { type: String, required: true },
      interactionId: { type: String, required: true },
      idempotencyKey: { type: String, required: true },
      channel: { type: String, required: true },
      protocol: { type: String, required: true },
      direction: { type: String, required: true },
      author: { type: Mixed, required: true },
      from: { type: String, default: '' },
      to: { type: [String], required: true },
      cc: { type: [String], default: undefined },
      replyCc: { type: [String], default: undefined },
      via: { type: String },
      notices: { type: [String], default: undefined },
      subject: { type: String },
      text: { type: String, default: '' },
      otherText: { type: String },
      attachments: { type: [Mixed], required: true },
      status: { type: String, required: true },
      externalId: { type: String },
      headers: { type: Mixed },
      at: { type: Date, required: true },
      error: { type: String },
      undelivered: { type: Boolean },
      reach: { type: [String], default: undefined },
    },
    { ...options, collection: 'messages' },
  );
  schema.index({ companyId: 1, idempotencyKey: 1 }, { unique: true });
  schema.index({ companyId: 1, interactionId: 1, at: 1, _id: 1 });
  schema.index({ companyId: 1, externalId: 1, at: 1, _id: 1 });
  schema.index({ status: 1, _id: 1 });
  // Few stand there: the others are in neither index.
  const few = { partialFilterExpression: { undelivered: true } };
  schema.index({ companyId: 1, undelivered: 1, _id: -1 }, few);
  schema.index({ companyId: 1, undelivered: 1, reach: 1, _id: -1 }, few);
  return schema;
}

/** Not as if nothing had failed: what somebody knows of is not listed again when its contact is classified late. */
const KNOWN = { $set: { undelivered: false }, $unset: { reach: '' } } as const;
const STANDS_NO_MORE = { $unset: { undelivered: '', reach: '' } } as const;

/** A record as the room knows it: by `id`. */
export const renamed = <D extends { readonly _id: string }>(
  doc: D,
): Omit<D, '_id'> & { readonly id: string } => {
  const { _id, ...rest } = doc;
  return { id: _id, ...rest };
};

/** Over the collection of the messages. */
export function createMessageStore(connection: Connection): MessageStore {
  const messages = connection.model('Message', messageSchema());
  return {
    async insertMessage({ id, ...rest }) {
      return inserted(() => messages.collection.insertOne({ _id: id, ...rest } as never));
    },
    async messages(companyId, filter, { order = 'oldest', limit } = {}) {
      const way = order === 'oldest' ? 1 : -1;
      const query = messages.find(messageQuery(companyId, filter)).sort({ at: way, _id: way });
      // A key or an id names one: the store answers that without standing behind long reads.
      const isOne = filter.id !== undefined || filter.idempotencyKey !== undefined;
      const most = isOne ? 1 : limit;
      const docs = await (most === undefined ? query : query.limit(most)).lean<MessageDoc[]>();
      return docs.map(renamed);
    },
    async updateMessage(companyId, id, from, patch, reach) {
      const doc = await messages
        .findOneAndUpdate(
          { _id: id, companyId, status: { $in: from } },
          reach === undefined
            ? { $set: patch, ...STANDS_NO_MORE }
            : { $set: { ...patch, undelivered: true, reach } },
          { returnDocument: 'after' },
        )
        .lean<MessageDoc | null>();
      return doc === null ? null : renamed(doc);
    },
    async listUndelivered(companyId, id, reach) {
      const doc = await messages
        .findOneAndUpdate(
          { _id: id, companyId, status: 'failed', undelivered: null },
          { $set: { undelivered: true, reach } },
          { returnDocument: 'after' },
        )
        .lean<MessageDoc | null>();
      return doc === null ? null : renamed(doc);
    },
    async undelivered(companyId, { within, limit, after }) {
      const docs = await messages
        .find({
          companyId,
          undelivered: true,
          ...(within === undefined ? {} : { reach: { $in: within } }),
          ...(after === undefined ? {} : { _id: { $lt: after } }),
        })
        .sort({ _id: -1 })
        .limit(limit)
        .lean<MessageDoc[]>();
      return docs.map(renamed);
    },
    async acknowledge(companyId, id) {
      const doc = await messages
        .findOneAndUpdate({ _id: id, companyId, undelivered: true }, KNOWN, { returnDocument: 'after' })
        .lean<MessageDoc | null>();
      return doc === null ? null : renamed(doc);
    },
    async unsentMessages() {
      const docs = await messages.find({ status: 'queued' }).sort({ _id: 1 }).lean<MessageDoc[]>();
      return docs.map(renamed);
    },
  };
}
