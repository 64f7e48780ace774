/**
 * A sorted set in blocks of at most `BLOCK` items. Finding a place is two binary searches, O(log n); moving touches one
 * block, which is bounded; first, last and iteration cost nothing extra, and the rank of an item is a sum over blocks.
 * The order of an item must not change while it is inside.
 */
export interface OrderedSet<T> {
  readonly size: number;
  add(item: T): void;
  /** False when it was not inside. */
  delete(item: T): boolean;
  first(): T | undefined;
  /** How many stand before it. */
  rank(item: T): number;
  [Symbol.iterator](): Iterator<T>;
}

const BLOCK = 128;

/** `compare` is a total order: 0 only for the same item. */
export function createOrderedSet<T>(compare: (a: T, b: T) => number): OrderedSet<T> {
  let blocks: T[][] = [];
  let size = 0;

  /** The first block whose last item is not before `item`; the last block when all are. */
  const blockOf = (item: T): number => {
    let low = 0;
    let high = blocks.length - 1;
    // Most come to the end of the line and leave from its head.
    const tail = blocks[high]?.[0];
    if (tail !== undefined && compare(tail, item) <= 0) return high;
    const head = blocks[0]?.at(-1);
    if (head !== undefined && compare(item, head) <= 0) return 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const last = blocks[middle]?.at(-1);
      if (last !== undefined && compare(last, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  /** Where `item` stands in its block, or would. */
  const placeIn = (block: readonly T[], item: T): number => {
    let low = 0;
    let high = block.length;
    const last = block[high - 1];
    if (last !== undefined && compare(last, item) < 0) return high;
    const first = block[0];
    if (first !== undefined && compare(item, first) <= 0) return 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const probe = block[middle];
      if (probe !== undefined && compare(probe, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const split = (at: number, block: T[]): void => {
    blocks.splice(at + 1, 0, block.splice(block.length >>> 1));
  };

  return {
    get size() {
      return size;
    },
    add(item) {
      size++;
      const at = blockOf(item);
      const block = blocks[at];
      if (block === undefined) {
        blocks = [[item]];
        return;
      }
      const place = placeIn(block, item);
      if (place === block.length) block.push(item);
      else block.splice(place, 0, item);
      if (block.length > BLOCK) split(at, block);
    },
    delete(item) {
      const at = blockOf(item);
      const block = blocks[at];
      if (block === undefined) return false;
      const place = placeIn(block, item);
      const found = block[place];
      if (found === undefined || compare(found, item) !== 0) return false;
      if (place === 0) block.shift();
      else block.splice(place, 1);
      size--;
      if (block.length === 0) blocks.splice(at, 1);
      return true;
    },
    first: () => blocks[0]?.[0],
    rank(item) {
      const at = blockOf(item);
      let before = 0;
      for (let i = 0; i < at; i++) before += blocks[i]?.length ?? 0;
      return before + placeIn(blocks[at] ?? [], item);
    },
    *[Symbol.iterator]() {
      for (const block of blocks) yield* block;
    },
  };
}
