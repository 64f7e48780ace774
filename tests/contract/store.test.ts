import { type Model, Schema } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/platform/store/index.ts';
import { storeEngines, titleOf } from '../support/stores.ts';

interface Thing {
  _id: string;
  companyId?: string;
  n?: number | null;
  name?: string;
  at?: Date | null;
  tags?: string[];
  items?: { sku: string; qty: number }[];
  list?: unknown[];
  meta?: unknown;
  flag?: boolean;
  bytes?: Buffer;
  version?: number;
}

/** An absent list stays absent. */
const listOf = (type: unknown) => ({ type: [type], default: undefined }) as never;
const schema = new Schema<Thing>(
  {
    _id: String,
    companyId: String,
    n: Number,
    name: String,
    at: Date,
    tags: listOf(String),
    items: listOf(new Schema({ sku: String, qty: Number }, { _id: false })),
    list: listOf(Schema.Types.Mixed),
    meta: Schema.Types.Mixed,
    flag: Boolean,
    bytes: Buffer,
    version: Number,
  },
  { versionKey: false, minimize: false, collection: 'things' },
);
schema.index({ companyId: 1, n: -1 });
schema.index({ companyId: 1, tags: 1 });
schema.index({ 'items.sku': 1 });
schema.index({ companyId: 1, flag: 1, at: -1 });

const day = (n: number): Date => new Date(Date.UTC(2026, 0, n));

for (const engine of storeEngines()) {
  describe.skipIf(!engine.present)(titleOf('documents', engine), () => {
    let store: Store;
    let things: Model<Thing>;
    beforeAll(async () => {
      await engine.setUp();
      store = await engine.open();
      things = store.connection.model<Thing>('Thing', schema);
      await store.ensureIndexes();
    });
    beforeEach(async () => {
      await things.deleteMany({});
    });
    afterAll(async () => {
      await store.stop();
      await engine.tearDown();
    });
    const ids = async (filter: object, sort: Record<string, 1 | -1> = { _id: 1 }): Promise<string> =>
      (await things.find(filter).sort(sort).lean()).map((doc) => doc._id).join('');

    it('keeps types: dates, nested objects, null, arrays, bytes, big and small numbers', async () => {
      const doc: Thing = {
        _id: 'a',
        n: -0.5,
        name: 'Ação "ü" \u0000 𝄞',
        at: day(3),
        tags: [],
        meta: {
          when: day(4),
          deep: { list: [1, null, { x: true }], empty: {} },
          nothing: null,
          big: 2 ** 53 - 1,
        },
        flag: false,
        bytes: Buffer.from([0, 255, 1]),
      };
      await things.create(doc);
      const read = await things.findById('a').lean();
      expect(read).toMatchObject({ ...doc, bytes: expect.anything() as unknown });
      expect(Buffer.from((read?.bytes as unknown as { buffer: Uint8Array }).buffer)).toEqual(doc.bytes);
      expect(Object.keys(read ?? {})).toEqual(Object.keys(doc));
      const full = await things.findById('a');
      expect(full?.at).toEqual(day(3));
      expect(doc.bytes?.equals(full?.bytes ?? Buffer.alloc(0))).toBe(true);
    });

    it('finds by every filter operator', async () => {
      await things.insertMany([
        {
          _id: 'a',
          companyId: 'c',
          n: 1,
          name: 'Ana Lima',
          at: day(1),
          tags: ['x', 'y'],
          items: [{ sku: 'p', qty: 1 }],
          flag: true,
        },
        {
          _id: 'b',
          companyId: 'c',
          n: 2,
          name: 'Bruno',
          at: day(2),
          tags: ['y'],
          items: [
            { sku: 'p', qty: 5 },
            { sku: 'q', qty: 1 },
          ],
        },
        {
          _id: 'c',
          companyId: 'c',
          n: 3,
          name: 'ana',
          at: null,
          tags: [],
          meta: { a: { b: [{ c: 1 }, { c: 2 }] } },
        },
        { _id: 'd', companyId: 'e', name: 'Dora', list: [1, 5, 'x', null] },
      ] as Thing[]);
      const expected: [object, string][] = [
        [{ companyId: 'c', n: 2 }, 'b'],
        [{ n: { $eq: 2 } }, 'b'],
        [{ n: { $ne: 2 } }, 'acd'],
        [{ companyId: 'c', n: { $gt: 1 } }, 'bc'],
        [{ companyId: 'c', n: { $gte: 2, $lt: 3 } }, 'b'],
        [{ companyId: 'c', n: { $lte: 2 } }, 'ab'],
        [{ n: { $in: [1, 3, null] } }, 'acd'],
        [{ companyId: { $in: ['c', 'e'] }, n: { $in: [1, 3] } }, 'ac'],
        [{ n: { $nin: [1, 3] } }, 'bd'],
        [{ n: null }, 'd'],
        [{ n: { $exists: false } }, 'd'],
        [{ at: { $exists: true } }, 'abc'],
        [{ at: null }, 'cd'],
        [{ at: { $gt: day(1) } }, 'b'],
        [{ companyId: 'c', tags: 'y' }, 'ab'],
        [{ companyId: 'c', tags: { $all: ['x', 'y'] } }, 'a'],
        [{ tags: { $size: 2 } }, 'a'],
        [{ tags: { $size: 0 } }, 'c'],
        [{ tags: ['x', 'y'] }, 'a'],
        [{ 'tags.0': 'y' }, 'b'],
        [{ 'items.sku': 'q' }, 'b'],
        [{ 'items.sku': 'p', 'items.qty': 1 }, 'ab'],
        [{ items: { $elemMatch: { sku: 'p', qty: { $gt: 1 } } } }, 'b'],
        [{ list: { $elemMatch: { $gt: 2, $lt: 9 } } }, 'd'],
        [{ 'meta.a.b.c': 2 }, 'c'],
        [{ meta: { a: { b: [{ c: 1 }, { c: 2 }] } } }, 'c'],
        [{ name: /^Ana/ }, 'a'],
        [{ name: { $regex: '^ana', $options: 'i' } }, 'ac'],
        [{ name: /a$/ }, 'acd'],
        [{ name: { $not: /^Ana/ } }, 'bcd'],
        [{ n: { $not: { $gt: 1 } } }, 'ad'],
        [{ $or: [{ n: 1 }, { name: 'Dora' }] }, 'ad'],
        [{ companyId: 'c', $or: [{ tags: 'x' }, { n: 3 }] }, 'ac'],
        [{ $and: [{ companyId: 'c' }, { $or: [{ n: 1 }, { n: 2 }] }, { n: { $ne: 1 } }] }, 'b'],
        [{ $nor: [{ n: 1 }, { n: 2 }] }, 'cd'],
        [{ flag: { $ne: true } }, 'bcd'],
        [{ _id: { $gt: 'a', $lte: 'c' } }, 'bc'],
        [{}, 'abcd'],
      ];
      for (const [filter, found] of expected) {
        expect(await ids(filter), JSON.stringify(filter)).toBe(found);
        expect(await things.countDocuments(filter), JSON.stringify(filter)).toBe(found.length);
      }
      expect(await things.estimatedDocumentCount()).toBe(4);
      expect((await things.distinct('tags')).sort()).toEqual(['x', 'y']);
      expect(await things.distinct('n', { companyId: 'c' })).toEqual([1, 2, 3]);
    });

    it('changes by every update operator', async () => {
      await things.create({
        _id: 'a',
        n: 5,
        tags: ['x', 'y', 'x'],
        list: [1, 5, 9],
        meta: { k: 1, gone: 2 },
        version: 1,
      });
      const change = async (update: object): Promise<Thing | null> =>
        things.findOneAndUpdate({ _id: 'a' }, update, { returnDocument: 'after' }).lean();
      expect(
        await change({ $set: { 'meta.deep.er': 1, name: 'n' }, $unset: { 'meta.gone': 1 } }),
      ).toMatchObject({
        name: 'n',
        meta: { k: 1, deep: { er: 1 } },
      });
      expect((await change({ $inc: { n: -7, version: 1 } }))?.n).toBe(-2);
      expect((await change({ $push: { tags: 'z' } }))?.tags).toEqual(['x', 'y', 'x', 'z']);
      expect((await change({ $push: { tags: { $each: ['1', '2'], $slice: -3 } } }))?.tags).toEqual([
        'z',
        '1',
        '2',
      ]);
      expect((await change({ $addToSet: { tags: 'z' } }))?.tags).toEqual(['z', '1', '2']);
      expect((await change({ $addToSet: { tags: { $each: ['1', 'w'] } } }))?.tags).toEqual([
        'z',
        '1',
        '2',
        'w',
      ]);
      expect((await change({ $pull: { tags: { $in: ['z', '2'] } } }))?.tags).toEqual(['1', 'w']);
      expect((await change({ $pull: { list: { $gt: 4 } } }))?.list).toEqual([1]);
      expect((await change({ $min: { n: -9 }, $max: { version: 1 } })) as Thing).toMatchObject({
        n: -9,
        version: 2,
      });
      expect((await change({ $set: { 'list.0': 'first' } }))?.list).toEqual(['first']);
      const dated = await change({ $currentDate: { at: true } });
      expect(Math.abs((dated?.at?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
      expect(await things.updateOne({ _id: 'a' }, { $set: { n: -9 } })).toMatchObject({
        matchedCount: 1,
        modifiedCount: 0,
      });
      expect(await things.updateOne({ _id: 'none' }, { $set: { n: 1 } })).toMatchObject({ matchedCount: 0 });
      await things.create([{ _id: 'b' }, { _id: 'c' }]);
      expect(await things.updateMany({}, { $set: { flag: true } })).toMatchObject({
        matchedCount: 3,
        modifiedCount: 3,
      });
      await expect(
        things.collection.updateOne({ _id: 'a' as never }, { $inc: { name: 1 } }),
      ).rejects.toThrow();
    });

    it('replaces, deletes, upserts, and gives back before or after', async () => {
      expect(
        await things.findOneAndUpdate(
          { _id: 'u', n: 4 },
          { $set: { name: 'x' }, $setOnInsert: { version: 1 } },
          { upsert: true },
        ),
      ).toBeNull();
      expect(await things.findById('u').lean()).toEqual({ _id: 'u', n: 4, name: 'x', version: 1 });
      expect(await things.findOneAndUpdate({ _id: 'u' }, { $inc: { version: 1 } }).lean()).toMatchObject({
        version: 1,
      });
      expect(
        await things
          .findOneAndUpdate({ _id: 'v' }, { $set: { n: 1 } }, { upsert: true, returnDocument: 'after' })
          .lean(),
      ).toEqual({ _id: 'v', n: 1 });
      const upserted = await things.updateOne({ _id: 'w' }, { $set: { n: 2 } }, { upsert: true });
      expect(upserted).toMatchObject({ upsertedCount: 1, upsertedId: 'w' });
      await things.replaceOne({ _id: 'u' }, { name: 'only' });
      expect(await things.findById('u').lean()).toEqual({ _id: 'u', name: 'only' });
      expect(
        await things
          .findOneAndUpdate({}, { $set: { flag: true } }, { sort: { _id: -1 }, returnDocument: 'after' })
          .lean(),
      ).toMatchObject({ _id: 'w' });
      expect(await things.findOneAndDelete({ _id: 'w' }).lean()).toMatchObject({ _id: 'w' });
      expect(await things.deleteOne({ _id: 'w' })).toMatchObject({ deletedCount: 0 });
      expect(await things.deleteMany({ _id: { $in: ['u', 'v'] } })).toMatchObject({ deletedCount: 2 });
      const result = await things.findOneAndUpdate(
        { _id: 'm' },
        { $set: { n: 1 } },
        { upsert: true, includeResultMetadata: true },
      );
      expect(result).toMatchObject({
        value: null,
        lastErrorObject: { updatedExisting: false, upserted: 'm' },
      });
    });

    it('writes in bulk and tells which failed', async () => {
      const done = await things.bulkWrite([
        { insertOne: { document: { _id: 'a', n: 1 } } },
        { updateOne: { filter: { _id: 'b' }, update: { $set: { n: 2 } }, upsert: true } },
        { updateMany: { filter: {}, update: { $inc: { n: 1 } } } },
        { replaceOne: { filter: { _id: 'a' }, replacement: { name: 'r' } as never } },
        { deleteOne: { filter: { _id: 'b' } } },
      ]);
      expect(done).toMatchObject({ insertedCount: 1, upsertedCount: 1, matchedCount: 3, deletedCount: 1 });
      expect(await things.find().lean()).toEqual([{ _id: 'a', name: 'r' }]);
      const error: unknown = await things
        .insertMany([{ _id: 'x' }, { _id: 'a' }, { _id: 'y' }], { ordered: false })
        .catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 11000 });
      expect(await ids({})).toBe('axy');
      await expect(things.insertMany([{ _id: 'z' }, { _id: 'a' }, { _id: 'zz' }])).rejects.toMatchObject({
        code: 11000,
      });
      expect(await ids({})).toBe('axyz');
    });

    it('sorts, limits, skips, projects and pages', async () => {
      const rows = Array.from({ length: 60 }, (_, i) => ({
        _id: String(i).padStart(2, '0'),
        companyId: i % 2 ? 'odd' : 'even',
        n: i % 7,
        at: day((i % 5) + 1),
        flag: i % 3 === 0,
        name: `n${i}`,
      }));
      await things.insertMany(rows);
      const first = await things.find({ companyId: 'odd' }).sort({ n: -1, _id: 1 }).skip(2).limit(5).lean();
      const expected = rows
        .filter((r) => r.companyId === 'odd')
        .sort((a, b) => b.n - a.n || (a._id < b._id ? -1 : 1));
      expect(first.map((d) => d._id)).toEqual(expected.slice(2, 7).map((d) => d._id));
      const seen: string[] = [];
      for (let last: Thing | undefined; ; ) {
        const page: Thing[] = await things
          .find({
            companyId: { $in: ['odd', 'even'] },
            ...(last === undefined
              ? {}
              : { $or: [{ n: { $lt: last.n } }, { n: last.n, _id: { $gt: last._id } }] }),
          } as object)
          .sort({ n: -1, _id: 1 })
          .limit(7)
          .lean();
        seen.push(...page.map((d) => d._id));
        last = page.at(-1);
        if (page.length < 7) break;
      }
      expect(seen).toEqual([...rows].sort((a, b) => b.n - a.n || (a._id < b._id ? -1 : 1)).map((d) => d._id));
      const merged = await things
        .find({ companyId: 'even', flag: { $in: [true, false] } })
        .sort({ at: -1, _id: 1 })
        .limit(9)
        .lean();
      expect(merged.map((d) => d._id)).toEqual(
        rows
          .filter((r) => r.companyId === 'even')
          .sort((a, b) => b.at.getTime() - a.at.getTime() || (a._id < b._id ? -1 : 1))
          .slice(0, 9)
          .map((d) => d._id),
      );
      expect(await things.findOne({ _id: '07' }, { name: 1, n: 1 }).lean()).toEqual({
        _id: '07',
        n: 0,
        name: 'n7',
      });
      expect(await things.findOne({ _id: '07' }, { _id: 0, name: 1 }).lean()).toEqual({ name: 'n7' });
      expect(Object.keys((await things.findOne({ _id: '07' }, { name: 0, at: 0 }).lean()) ?? {})).toEqual([
        '_id',
        'companyId',
        'n',
        'flag',
      ]);
    });

    it('tells its health, stops twice, and has its data when opened again', async () => {
      await things.create({ _id: 'kept', n: 1 });
      expect(await store.health()).toMatchObject({ ok: true });
      await store.stop();
      await store.stop();
      expect((await store.health()).ok).toBe(false);
      store = await engine.open();
      things = store.connection.model<Thing>('Thing', schema);
      expect(await things.findById('kept').lean()).toEqual({ _id: 'kept', n: 1 });
    });
  });
}
