import { type Model, Schema } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/platform/store/index.ts';
import { embeddedEngine } from '../support/stores.ts';

describe('the written list of the embedded store', () => {
  const engine = embeddedEngine();
  let store: Store;
  let things: Model<Record<string, unknown>>;
  beforeAll(async () => {
    await engine.setUp();
    store = await engine.open();
    const schema = new Schema({ _id: String }, { strict: false, versionKey: false });
    things = store.connection.model('Thing', schema) as never;
  });
  afterAll(async () => {
    await store.stop();
    await engine.tearDown();
  });

  it('refuses what is not on the list', async () => {
    await things.create({ _id: 'a' });
    const native = things.collection;
    const refused: (() => unknown)[] = [
      () => native.findOne({ $where: 'true' }),
      () => native.findOne({ n: { $mod: [2, 0] } }),
      () => native.findOne({ $expr: { $eq: ['$n', 1] } }),
      () => native.findOne({ $text: { $search: 'x' } }),
      () => native.updateOne({}, { $rename: { a: 'b' } }),
      () => native.updateOne({}, { $pop: { list: 1 } }),
      () => native.updateOne({}, { $push: { list: { $each: [1], $sort: 1 } } } as never),
      () => native.updateOne({}, { $set: { 'list.$': 1 } }),
      () => native.updateOne({}, { $set: { 'list.$[x]': 1 } }, { arrayFilters: [{ x: 1 }] }),
      () => native.updateOne({}, [{ $set: { n: 1 } }]),
      () => native.aggregate([]).toArray(),
      () => native.findOne({}, { projection: { list: { $slice: 1 } } }),
      () => native.findOne({}, { collation: { locale: 'pt' } }),
      () => native.createIndex({ at: 1 }, { expireAfterSeconds: 5 }, {}),
      () => native.createIndex({ name: 'text' }, {}, {}),
      () => store.connection.startSession(),
    ];
    for (const call of refused)
      await expect(
        (async () => {
          await call();
        })(),
        call.toString(),
      ).rejects.toMatchObject({ code: 'store.unsupportedOperator' });
  });
});
