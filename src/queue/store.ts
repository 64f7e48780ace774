import { Schema, type Connection } from 'mongoose';
import { inserted } from '../platform/store/index.ts';
import { fold } from '../shared/br/text.ts';
import { AppError } from '../shared/errors.ts';
import { QUEUE_DEFAULTS, type QueueConfig } from './domain/config.ts';

export interface QueueStore {
  all(): Promise<readonly QueueConfig[]>;
  insert(queue: QueueConfig): Promise<'inserted' | 'duplicate'>;
  /** True when `fromVersion` still stood. `renamed`: it has another name than before, which must be free. Errors: queue.nameTaken 409. */
  replace(fromVersion: number, next: QueueConfig, renamed?: boolean): Promise<boolean>;
}

type Doc = QueueConfig & { readonly _id: string; readonly nameKey?: string };

/** What makes two names one to whoever reads them: case, accents and spaces tell nothing apart. */
export const nameKeyOf = (name: string): string => fold(name).replace(/\s+/g, ' ').trim();

export const nameTaken = (): AppError =>
  new AppError('queue.nameTaken', 409, 'There is a queue of this name already.', { fields: ['name'] });

const keyOf = (queue: QueueConfig): string => `${queue.companyId}:${queue.key}`;

export function createQueueStore(connection: Connection): QueueStore {
  const schema = new Schema(
    {
      _id: { type: String, required: true },
      key: { type: String, required: true },
      companyId: { type: String, required: true },
      version: { type: Number, required: true },
      name: { type: String, required: true },
      /** Of queues that got their name since names have to differ; older ones may be alike until they are renamed. */
      nameKey: { type: String },
      active: { type: Boolean, required: true },
      strategy: { type: String, required: true },
      ringMs: { type: Number, required: true },
      wrapUpMs: { type: Number, required: true },
      wrapUpMaxMs: { type: Number },
      allowTake: { type: Boolean },
      serviceLevelMs: { type: Number, required: true },
      textLevelMs: { type: Schema.Types.Mixed },
      serviceLevelFormula: { type: String, required: true },
      shortAbandonMs: { type: Number, required: true },
      stickyMs: { type: Number, required: true },
      rejectMs: { type: Number, required: true },
      calendar: { type: String, default: null },
      weights: { type: Schema.Types.Mixed, required: true },
    },
    { versionKey: false, autoIndex: false, minimize: false, strictQuery: true, collection: 'queues' },
  );
  schema.index({ companyId: 1 });
  schema.index(
    { companyId: 1, nameKey: 1 },
    { unique: true, partialFilterExpression: { nameKey: { $exists: true } } },
  );
  const queues = connection.model('Queue', schema);
  return {
    async all() {
      const docs = await queues.find({}).lean<Doc[]>();
      // A queue that an earlier version stored lacks the settings that came later.
      return docs.map(({ _id, nameKey: _nameKey, ...queue }) => ({ ...QUEUE_DEFAULTS, ...queue }));
    },
    async insert(queue) {
      const doc = { _id: keyOf(queue), ...queue, nameKey: nameKeyOf(queue.name) };
      return inserted(() => queues.collection.insertOne(doc as never));
    },
    async replace(fromVersion, next, renamed = false) {
      const $set = renamed ? { ...next, nameKey: nameKeyOf(next.name) } : next;
      const filter = { _id: keyOf(next), version: fromVersion } as never;
      let modified = 0;
      const done = await inserted(async () => {
        modified = (await queues.collection.updateOne(filter, { $set })).modifiedCount;
      });
      if (done === 'duplicate') throw nameTaken();
      return modified === 1;
    },
  };
}
