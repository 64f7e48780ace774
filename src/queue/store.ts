import { Schema, type Connection } from 'mongoose';
import { inserted } from '../platform/store/index.ts';
import { QUEUE_DEFAULTS, type QueueConfig } from './domain/config.ts';

export interface QueueStore {
  all(): Promise<readonly QueueConfig[]>;
  insert(queue: QueueConfig): Promise<'inserted' | 'duplicate'>;
  /** True when `fromVersion` still stood. */
  replace(fromVersion: number, next: QueueConfig): Promise<boolean>;
}

type Doc = QueueConfig & { readonly _id: string };

const keyOf = (queue: QueueConfig): string => `${queue.companyId}:${queue.key}`;

export function createQueueStore(connection: Connection): QueueStore {
  const schema = new Schema(
    {
      _id: { type: String, required: true },
      key: { type: String, required: true },
      companyId: { type: String, required: true },
      version: { type: Number, required: true },
      name: { type: String, required: true },
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
  const queues = connection.model('Queue', schema);
  return {
    async all() {
      const docs = await queues.find({}).lean<Doc[]>();
      // A queue that an earlier version stored lacks the settings that came later.
      return docs.map(({ _id, ...queue }) => ({ ...QUEUE_DEFAULTS, ...queue }));
    },
    async insert(queue) {
      return inserted(() => queues.collection.insertOne({ _id: keyOf(queue), ...queue } as never));
    },
    async replace(fromVersion, next) {
      const result = await queues.collection.updateOne({ _id: keyOf(next), version: fromVersion } as never, {
        $set: next,
      });
      return result.modifiedCount === 1;
    },
  };
}
