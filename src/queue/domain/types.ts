import type { Channel } from '../../contracts/common.ts';

/** How the queue chooses among the operators who may take an item. */
export type Strategy = 'longestIdle' | 'leastOccupied' | 'mostSkilled' | 'roundRobin';

/** What waits, as the matcher needs it. Times in ms since the epoch. */
export interface Item {
  readonly id: string;
  readonly queue: string;
  readonly channel: Channel;
  /** Of 100; 0 for voice. */
  readonly weight: number;
  /** Higher first. */
  readonly priority: number;
  readonly sinceMs: number;
  /** Arrival number: ULIDs and any other strings that grow. */
  readonly arrival: string;
  readonly skills: readonly string[];
  /** Only this operator, until somebody calls `put` again without it. */
  readonly reservedFor: string | null;
  /** Operators that are not asked (they just declined it). */
  readonly avoid: readonly string[];
}

/** What an operator can take now. */
export interface Slot {
  readonly id: string;
  readonly queues: readonly string[];
  readonly skills: Readonly<Record<string, number>>;
  readonly takesVoice: boolean;
  /** Free units of 100 for text; negative or 0: none. */
  readonly textFree: number;
  /** A text is being offered: until it is answered no other one is (ADR 0026). */
  readonly textRings: boolean;
  /** End of the last work of any channel. */
  readonly idleSinceMs: number;
  /** Contacts in hand, also those that wait for the customer: who has some is less idle than who has none (ADR 0020). */
  readonly inHand: number;
  /** Conversations and calls in hand, in units of 100. */
  readonly load: number;
  readonly turn: number;
}

/** Priority, then waiting time, then arrival number (architecture.md, "Queue order"). */
export const byOrder = (a: Item, b: Item): number =>
  b.priority - a.priority ||
  a.sinceMs - b.sinceMs ||
  (a.arrival < b.arrival ? -1 : a.arrival > b.arrival ? 1 : 0);

const byId = (a: Slot, b: Slot): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const byIdle = (a: Slot, b: Slot): number => a.idleSinceMs - b.idleSinceMs || byId(a, b);

const byHandAndIdle = (a: Slot, b: Slot): number => a.inHand - b.inHand || byIdle(a, b);

/** Skill levels are equal inside one group, so most skilled is decided between groups. */
export const SLOT_ORDER: Readonly<Record<Strategy, (a: Slot, b: Slot) => number>> = {
  longestIdle: byHandAndIdle,
  leastOccupied: (a, b) => a.load - b.load || byIdle(a, b),
  mostSkilled: byHandAndIdle,
  roundRobin: (a, b) => a.turn - b.turn || byIdle(a, b),
};

/** Sum of the levels of what the item asks for. */
export const skillScore = (levels: Readonly<Record<string, number>>, asked: readonly string[]): number =>
  asked.reduce((sum, skill) => sum + (levels[skill] ?? 0), 0);

export const covers = (levels: Readonly<Record<string, number>>, asked: readonly string[]): boolean =>
  asked.every((skill) => (levels[skill] ?? 0) > 0);

/** Voice, or the weight of the text: what decides whether it fits. */
export const kindOf = (item: Item): string => (item.channel === 'voice' ? 'voice' : String(item.weight));
