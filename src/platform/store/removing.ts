import type { Connection } from 'mongoose';

type Collection = ReturnType<Connection['collection']>;
type Filter = Readonly<Record<string, unknown>>;

/** So many are removed while everybody else's writes wait: some milliseconds in the embedded store (ADR 0021). */
export const REMOVED_AT_ONCE = 500;

/** Of a Mongoose model; the filter has the store's own types (dates are dates). */
interface From {
  readonly collection: Collection;
}

/**
 * Removes whatever matches, in batches, each of them a question of its own: other readers and writers come in between, however
 * much there is. What stops matching meanwhile stays. The filter needs an index. `goOn` is asked before each batch.
 * Answers how many went.
 */
export async function removeInBatches(
  { collection }: From,
  filter: Filter,
  goOn: () => boolean = () => true,
): Promise<number> {
  let gone = 0;
  while (goOn()) {
    const found = await collection.find(filter, { projection: { _id: 1 }, limit: REMOVED_AT_ONCE }).toArray();
    if (found.length === 0) break;
    const these = found.map(({ _id }) => _id);
    gone += (await collection.deleteMany({ $and: [{ _id: { $in: these } }, filter] })).deletedCount;
    if (found.length < REMOVED_AT_ONCE) break;
  }
  return gone;
}

/** Takes whatever matches out of the store and answers it as it stood; in batches, as `removeInBatches`. */
export async function takeInBatches<R>({ collection }: From, filter: Filter): Promise<R[]> {
  const taken: R[] = [];
  for (;;) {
    const found = await collection.find(filter, { limit: REMOVED_AT_ONCE }).toArray();
    if (found.length > 0) await collection.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } });
    taken.push(...(found as R[]));
    if (found.length < REMOVED_AT_ONCE) return taken;
  }
}
