import type { Channel } from '../../contracts/common.ts';
import { hasRoom, mayTake, type Ask } from './eligible.ts';
import { getOr } from './get-or.ts';
import { createOrderedSet, type OrderedSet } from './ordered-set.ts';
import { createPeople, firstWhere } from './people.ts';
import { byOrder, type Item, type Slot, type Strategy } from './types.ts';

/**
 * The index of one company: what waits and who is free. It decides nothing alone: the claim that follows is settled by
 * compare-and-set in the store. No clock, no I/O: same calls, same answers.
 *
 * Items of one queue, kind and set of skills stand in one ordered bucket; operators of one queue and kind stand in one
 * ordered group per set of skill levels. A match looks at the heads of the buckets (or groups) that fit, whose number does
 * not grow with what waits, and taking one is O(log n).
 */
export interface Matcher {
  putItem(item: Item): void;
  removeItem(id: string): void;
  item(id: string): Item | undefined;
  putSlot(slot: Slot): void;
  removeSlot(id: string): void;
  /** The first in order that this operator may take. */
  itemFor(slotId: string): Item | undefined;
  /** The same for an operator as it will be; the index does not change. */
  itemForSlot(slot: Slot): Item | undefined;
  /** The strategy of this queue is another one now. */
  reorder(queue: string): void;
  /** Whom the queue's strategy gives this item. */
  slotFor(itemId: string): Slot | undefined;
  /** Items of a queue that stand before this one; 0 is next. Text takes no place of a caller, and no call one of text. */
  position(itemId: string): number;
  waiting(queue: string, channel?: Channel): number;
  /** The sets of skills that items of this queue ask for; those that are kept for one operator not counted. */
  skillSets(queue: string, channel?: Channel): readonly SkillSet[];
  oldestSinceMs(queue: string, channel?: Channel): number | undefined;
}

export interface SkillSet {
  readonly skills: readonly string[];
  readonly waiting: number;
}

interface Bucket extends Ask {
  readonly items: OrderedSet<Item>;
}

const skillKey = (skills: readonly string[]): string => [...skills].sort().join(' ');

export function createMatcher(strategyOf: (queue: string) => Strategy): Matcher {
  const items = new Map<string, Item>();
  const people = createPeople(strategyOf);
  /** queue → bucket key → bucket */
  const buckets = new Map<string, Map<string, Bucket>>();
  /** operator → what waits for this one only */
  const reserved = new Map<string, OrderedSet<Item>>();
  const bucketOf = (item: Item): Bucket => {
    const ofQueue = getOr(buckets, item.queue, () => new Map<string, Bucket>());
    const key = `${item.channel}|${item.weight}|${skillKey(item.skills)}`;
    return getOr(ofQueue, key, () => ({
      queue: item.queue,
      channel: item.channel,
      weight: item.weight,
      skills: item.skills,
      items: createOrderedSet(byOrder),
    }));
  };

  const homeOf = (item: Item): OrderedSet<Item> =>
    item.reservedFor === null
      ? bucketOf(item).items
      : getOr(reserved, item.reservedFor, () => createOrderedSet(byOrder));

  const removeItem = (id: string): void => {
    const item = items.get(id);
    if (item === undefined) return;
    items.delete(id);
    homeOf(item).delete(item);
    if (item.reservedFor !== null && reserved.get(item.reservedFor)?.size === 0)
      reserved.delete(item.reservedFor);
  };

  /** The lines whose head this operator could take. */
  function* linesFor(slot: Slot): Iterable<OrderedSet<Item>> {
    for (const queue of slot.queues)
      for (const bucket of buckets.get(queue)?.values() ?? []) if (mayTake(slot, bucket)) yield bucket.items;
    const own = reserved.get(slot.id);
    if (own !== undefined) yield own;
  }
  const bucketsOf = (queue: string, channel?: Channel): readonly Bucket[] =>
    [...(buckets.get(queue)?.values() ?? [])].filter(
      (bucket) => channel === undefined || bucket.channel === channel,
    );
  const itemForSlot = (slot: Slot): Item | undefined => firstOf(linesFor(slot), slot);

  return {
    putItem(item) {
      removeItem(item.id);
      if (item.channel !== 'voice') people.learnWeight(item.weight);
      items.set(item.id, item);
      homeOf(item).add(item);
    },
    removeItem,
    item: (id) => items.get(id),
    putSlot: (slot) => people.put(slot),
    removeSlot: (id) => people.remove(id),
    itemFor(slotId) {
      const slot = people.get(slotId);
      return slot === undefined ? undefined : itemForSlot(slot);
    },
    itemForSlot,
    reorder: (queue) => people.reorder(queue),
    slotFor(itemId) {
      const item = items.get(itemId);
      if (item === undefined) return undefined;
      if (item.reservedFor !== null) {
        const slot = people.get(item.reservedFor);
        if (slot === undefined || item.avoid.includes(slot.id)) return undefined;
        return hasRoom(slot, item.channel === 'voice', item.weight) ? slot : undefined;
      }
      return people.bestFor(item);
    },
    position(itemId) {
      const item = items.get(itemId);
      if (item === undefined) return 0;
      const voice = item.channel === 'voice';
      return bucketsOf(item.queue)
        .filter((bucket) => (bucket.channel === 'voice') === voice)
        .reduce((before, bucket) => before + bucket.items.rank(item), 0);
    },
    skillSets: (queue, channel) =>
      bucketsOf(queue, channel)
        .filter((bucket) => bucket.items.size > 0)
        .map(({ skills, items: there }) => ({ skills, waiting: there.size })),
    waiting: (queue, channel) =>
      bucketsOf(queue, channel).reduce((sum, bucket) => sum + bucket.items.size, 0) +
      keptOf(reserved.values(), queue, channel).length,
    oldestSinceMs: (queue, channel) =>
      oldestOf(
        bucketsOf(queue, channel).map((bucket) => bucket.items),
        keptOf(reserved.values(), queue, channel),
      ),
  };
}

/** Those of a queue that wait for one operator only. */
const keptOf = (
  reserved: Iterable<OrderedSet<Item>>,
  queue: string,
  channel: Channel | undefined,
): readonly Item[] =>
  [...reserved].flatMap((set) =>
    [...set].filter((item) => item.queue === queue && (channel === undefined || item.channel === channel)),
  );

/** The first in order over all lines that this operator may take. */
function firstOf(lines: Iterable<OrderedSet<Item>>, slot: Slot): Item | undefined {
  const suits = (item: Item): boolean =>
    hasRoom(slot, item.channel === 'voice', item.weight) && !item.avoid.includes(slot.id);
  let best: Item | undefined;
  for (const line of lines) {
    const head = line.first();
    if (head === undefined || (best !== undefined && byOrder(best, head) <= 0)) continue;
    const found = suits(head) ? head : firstWhere(line, suits);
    if (found !== undefined && (best === undefined || byOrder(found, best) < 0)) best = found;
  }
  return best;
}

/** The oldest of each priority stands first in its run; there are few priorities, but the whole run is cheap to skip. */
function eachPriorityHead(items: OrderedSet<Item>, see: (item: Item) => void): void {
  let priority: number | undefined;
  for (const item of items) {
    if (item.priority === priority) continue;
    priority = item.priority;
    see(item);
  }
}

function oldestOf(lines: readonly OrderedSet<Item>[], kept: readonly Item[]): number | undefined {
  let oldest: number | undefined;
  const see = (item: Item): void => {
    if (oldest === undefined || item.sinceMs < oldest) oldest = item.sinceMs;
  };
  for (const line of lines) eachPriorityHead(line, see);
  kept.forEach(see);
  return oldest;
}
