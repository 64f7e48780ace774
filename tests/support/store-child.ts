import { Schema } from 'mongoose';
import { openStore } from '../../src/platform/store/index.ts';

/** Writes without end from 16 clients and tells its parent each acknowledged id, until it is killed. */
const dataDir = process.argv[2] ?? '';
const store = await openStore({ kind: 'embedded', dataDir });
const schema = new Schema(
  { _id: String, group: String, n: Number },
  { versionKey: false, collection: 'written' },
);
schema.index({ group: 1, n: 1 });
const written = store.connection.model('Written', schema);
await store.ensureIndexes();
const round = Date.now();
await Promise.all(
  Array.from({ length: 16 }, async (_, client) => {
    for (let n = 0; ; n++) {
      const _id = `${round}-${client}-${n}`;
      await written.create({ _id, group: `${client}`, n: 0 });
      await written.updateOne({ _id }, { $set: { n: 1 } });
      process.send?.(_id);
    }
  }),
);
