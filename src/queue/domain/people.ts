import { hasRoom } from './eligible.ts';
import { getOr } from './get-or.ts';
import { createOrderedSet, type OrderedSet } from './ordered-set.ts';
import { covers, kindOf, skillScore, SLOT_ORDER, type Item, type Slot, type Strategy } from './types.ts';

/** Who is free, in one ordered group per queue, kind of work and set of skill levels. */
export interface People {
  put(slot: Slot): void;
  remove(id: string): void;
  get(id: string): Slot | undefined;
  /** A weight of text that was not seen before: those whom it still fits join its groups. */
  learnWeight(weight: number): void;
  /** The strategy of this queue is another one now: its operators stand in the new order. */
  reorder(queue: string): void;
  /** Whom the strategy of its queue gives this item. */
  bestFor(item: Item): Slot | undefined;
}

interface Group {
  readonly levels: Readonly<Record<string, number>>;
  readonly slots: OrderedSet<Slot>;
}

const levelKey = (levels: Readonly<Record<string, number>>): string =>
  Object.entries(levels)
    .filter(([, level]) => level > 0)
    .map(([skill, level]) => `${skill}:${level}`)
    .sort()
    .join(' ');

export function createPeople(strategyOf: (queue: string) => Strategy): People {
  const slots = new Map<string, Slot>();
  /** queue and kind → level key → group. Kind is `voice` or the weight of the text. */
  const groups = new Map<string, Map<string, Group>>();
  /** Weights of text seen so far: an operator stands in the groups of those that still fit. */
  const weights = new Set<number>();
  /** Which groups a slot stands in, so that it leaves exactly these. */
  const standing = new Map<string, Group[]>();

  const join = (slot: Slot): void => {
    const kinds: string[] = slot.takesVoice ? ['voice'] : [];
    for (const weight of weights) if (hasRoom(slot, false, weight)) kinds.push(String(weight));
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
    put(slot) {
      const old = slots.get(slot.id);
      if (old !== undefined) leave(old);
      slots.set(slot.id, slot);
      join(slot);
    },
    remove(id) {
      const old = slots.get(id);
      if (old === undefined) return;
      leave(old);
      slots.delete(id);
    },
    get: (id) => slots.get(id),
    learnWeight,
    reorder(queue) {
      const members = [...slots.values()].filter((slot) => slot.queues.includes(queue));
      members.forEach(leave);
      for (const key of groups.keys()) if (key.startsWith(`${queue}|`)) groups.delete(key);
      members.forEach(join);
    },
    bestFor: (item) =>
      bestSlot(groups.get(`${item.queue}|${kindOf(item)}`)?.values() ?? [], item, strategyOf(item.queue)),
  };
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

export function firstWhere<T>(set: OrderedSet<T>, test: (item: T) => boolean): T | undefined {
  for (const item of set) if (test(item)) return item;
  return undefined;
}

function firstNotAvoided(slots: OrderedSet<Slot>, avoid: readonly string[]): Slot | undefined {
  if (avoid.length === 0) return slots.first();
  return firstWhere(slots, (slot) => !avoid.includes(slot.id));
}
