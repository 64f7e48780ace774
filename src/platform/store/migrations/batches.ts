import type { Collection } from 'mongoose';

const BATCH = 500;

/** Every document of a collection once, by id, in batches that are done one after the other. */
export async function inBatches<T extends { readonly _id: string }>(
  collection: Collection<T>,
  each: (rows: readonly T[]) => Promise<unknown>,
): Promise<void> {
  let after = '';
  for (;;) {
    const filter = { _id: { $gt: after } } as Parameters<Collection<T>['find']>[0];
    const found = await collection.find(filter, { sort: { _id: 1 }, limit: BATCH }).toArray();
    // What the driver adds to a document's type is its id, and that is T's own.
    const rows = found as unknown as T[];
    const last = rows.at(-1);
    if (last === undefined) return;
    await each(rows);
    after = last._id;
  }
}
