import { createOrderedSet, type OrderedSet } from './ordered-set.ts';
import { byOrder, covers, skillScore, SLOT_ORDER, type Item, type Slot, type Strategy } from './types.ts';

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
  slot(id: string): Slot | undefined;
  slots(): IterableIterator<Slot>;
  /** The first in order that this operator may take. */
  itemFor(slotId: string): Item | undefined;
  /** Whom the queue's strategy gives this item. */
  slotFor(itemId: string): Slot | undefined;
  /** Items of a queue that stand before this one; 0 is next. */
  position(itemId: string): number;
  waiting(queue: string): number;
  oldestSinceMs(queue: string): number | undefined;
  waitingItems(): IterableIterator<Item>;
}

interface Bucket {
  readonly queue: string;
  readonly voice: boolean;
  readonly weight: number;
  readonly skills: readonly string[];
  readonly items: OrderedSet<Item>;
}

interface Group {
  readonly levels: Readonly<Record<string, number>>;
  readonly slots: OrderedSet<Slot>;
}

/** Voice, or the weight of the text: what decides whether it fits. */
const kindOf = (item: Item): string => (item.channel === 'voice' ? 'voice' : String(item.weight));

const skillKey = (skills: readonly string[]): string => [...skills].sort().join(' ');
const levelKey = (levels: Readonly<Record<string, number>>): string =>
  Object.entries(levels)
    .filter(([, level]) => level > 0)
    .map(([skill, level]) => `${skill}:${level}`)
    .sort()
    .join(' ');

export function createMatcher(strategyOf: (queue: string) => Strategy): Matcher {
  const items = new Map<string, Item>();
  const slots = new Map<string, Slot>();
  /** queue → bucket key → bucket */
  const buckets = new Map<string, Map<string, Bucket>>();
  /** operator → what waits for this one only */
  const reserved = new Map<string, OrderedSet<Item>>();
  /** queue and kind → level key → group. Kind is `voice` or the weight of the text. */
  const groups = new Map<string, Map<string, Group>>();
  /** Weights of text seen so far: an operator stands in the groups of those that still fit. */
  const weights = new Set<number>();
  /** Which groups a slot stands in, so that it leaves exactly these. */
  const standing = new Map<string, Group[]>();

  const bucketOf = (item: Item): Bucket => {
    const ofQueue = getOr(buckets, item.queue, () => new Map<string, Bucket>());
    const key = `${kindOf(item)}|${skillKey(item.skills)}`;
    return getOr(ofQueue, key, () => ({
      queue: item.queue,
      voice: item.channel === 'voice',
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

  const fits = (slot: Slot, voice: boolean, weight: number): boolean =>
    voice ? slot.takesVoice : slot.textFree >= weight;

  const join = (slot: Slot): void => {
    const kinds: string[] = slot.takesVoice ? ['voice'] : [];
    for (const weight of weights) if (slot.textFree >= weight) kinds.push(String(weight));
    if (kinds.length === 0) return;
    const key = levelKey(slot.skills);
    const joined: Group[] = [];
    for (const queue of slot.queues) {
      const compare = SLOT_ORDER[strategyOf(queue)];
      for (const kind of kinds) {
        const ofKind = getOr(groups, `${queue}|${kind}`, () => new Map<string, Group>());
        const group = getOr(ofKind, key, () => ({
          levels: slot.skills,
          slots: createOrderedSet(compare),
        }));
        group.slots.add(slot);
        joined.push(group);
      }
    }
    standing.set(slot.id, joined);
  };

  const leave = (slot: Slot): void => {
    for (const group of standing.get(slot.id) ?? []) group.slots.delete(slot);
    standing.delete(slot.id);
  };

  const learnWeight = (weight: number): void => {
    if (weights.has(weight)) return;
    weights.add(weight);
    for (const slot of slots.values()) {
      leave(slot);
      join(slot);
    }
  };

  return {
    putItem(item) {
      removeItem(item.id);
      if (item.channel !== 'voice') learnWeight(item.weight);
      items.set(item.id, item);
      homeOf(item).add(item);
    },
    removeItem,
    item: (id) => items.get(id),
    putSlot(slot) {
      const old = slots.get(slot.id);
      if (old !== undefined) leave(old);
      slots.set(slot.id, slot);
      join(slot);
    },
    removeSlot(id) {
      const old = slots.get(id);
      if (old === undefined) return;
      leave(old);
      slots.delete(id);
    },
    slot: (id) => slots.get(id),
    slots: () => slots.values(),
    itemFor(slotId) {
      const slot = slots.get(slotId);
      if (slot === undefined) return undefined;
      let best: Item | undefined;
      const consider = (candidates: OrderedSet<Item>): void => {
        const head = candidates.first();
        if (head === undefined || (best !== undefined && byOrder(best, head) <= 0)) return;
        const found = suits(head) ? head : firstWhere(candidates, suits);
        if (found !== undefined && (best === undefined || byOrder(found, best) < 0)) best = found;
      };
      const suits = (item: Item): boolean =>
        fits(slot, item.channel === 'voice', item.weight) && !item.avoid.includes(slotId);
      for (const queue of slot.queues)
        for (const bucket of buckets.get(queue)?.values() ?? [])
          if (fits(slot, bucket.voice, bucket.weight) && covers(slot.skills, bucket.skills))
            consider(bucket.items);
      const own = reserved.get(slotId);
      if (own !== undefined) consider(own);
      return best;
    },
    slotFor(itemId) {
      const item = items.get(itemId);
      if (item === undefined) return undefined;
      if (item.reservedFor !== null) {
        const slot = slots.get(item.reservedFor);
        if (slot === undefined || item.avoid.includes(slot.id)) return undefined;
        return fits(slot, item.channel === 'voice', item.weight) ? slot : undefined;
      }
      return bestSlot(
        groups.get(`${item.queue}|${kindOf(item)}`)?.values() ?? [],
        item,
        strategyOf(item.queue),
      );
    },
    position(itemId) {
      const item = items.get(itemId);
      if (item === undefined) return 0;
      let before = 0;
      for (const bucket of buckets.get(item.queue)?.values() ?? []) before += bucket.items.rank(item);
      return before;
    },
    waiting(queue) {
      let count = 0;
      for (const bucket of buckets.get(queue)?.values() ?? []) count += bucket.items.size;
      for (const set of reserved.values()) for (const item of set) if (item.queue === queue) count++;
      return count;
    },
    oldestSinceMs(queue) {
      let oldest: number | undefined;
      const see = (item: Item): void => {
        if (oldest === undefined || item.sinceMs < oldest) oldest = item.sinceMs;
      };
      for (const bucket of buckets.get(queue)?.values() ?? []) eachPriorityHead(bucket.items, see);
      for (const set of reserved.values()) for (const item of set) if (item.queue === queue) see(item);
      return oldest;
    },
    waitingItems: () => items.values(),
  };
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

function bestSlot(candidates: Iterable<Group>, item: Item, strategy: Strategy): Slot | undefined {
  const compare = SLOT_ORDER[strategy];
  let best: Slot | undefined;
  let bestScore = 0;
  for (const group of candidates) {
    if (group.slots.size === 0 || !covers(group.levels, item.skills)) continue;
    const head = firstNotAvoided(group.slots, item.avoid);
    if (head === undefined) continue;
    const score = strategy === 'mostSkilled' ? skillScore(group.levels, item.skills) : 0;
    if (best === undefined || score > bestScore || (score === bestScore && compare(head, best) < 0)) {
      best = head;
      bestScore = score;
    }
  }
  return best;
}

function firstWhere<T>(set: OrderedSet<T>, test: (item: T) => boolean): T | undefined {
  for (const item of set) if (test(item)) return item;
  return undefined;
}

function firstNotAvoided(slots: OrderedSet<Slot>, avoid: readonly string[]): Slot | undefined {
  if (avoid.length === 0) return slots.first();
  return firstWhere(slots, (slot) => !avoid.includes(slot.id));
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
