import type { Channel } from '../../contracts/common.ts';
import { covers, type Slot } from './types.ts';

/** What a piece of work asks of whoever takes it. */
export interface Ask {
  readonly queue: string;
  readonly channel: Channel;
  /** Of 100; text only. */
  readonly weight: number;
  readonly skills: readonly string[];
}

/** Room for one more: a phone that can be reached and no call in hand, or so many units of text and no other text that rings. */
export const hasRoom = (slot: Slot, voice: boolean, weight: number): boolean =>
  voice ? slot.takesVoice : !slot.textRings && slot.textFree >= weight;

const fits = (slot: Slot, { queue, skills }: Ask): boolean =>
  slot.queues.includes(queue) && covers(slot.skills, skills);

/** The one rule of who may be given what; routing and the board both ask it. */
export const mayTake = (slot: Slot, ask: Ask): boolean =>
  fits(slot, ask) && hasRoom(slot, ask.channel === 'voice', ask.weight);

/** One person twice: as it is now, and as it will be with empty hands. */
export interface Hands {
  readonly now: Slot;
  readonly emptied: Slot;
}

/** How many of these people could take one of these right now. */
export const freeFor = (people: readonly Hands[], asks: readonly Ask[]): number =>
  people.filter(({ now }) => asks.some((ask) => mayTake(now, ask))).length;

/** Contacts like this one that these people hold at once when all of it is theirs, and how many more they could take now. */
export interface Places {
  readonly all: number;
  readonly free: number;
}

export function placesFor(people: readonly Hands[], ask: Ask): Places {
  const room = (slot: Slot): number => {
    if (!fits(slot, ask)) return 0;
    if (ask.channel === 'voice') return slot.takesVoice ? 1 : 0;
    // What rings is over within seconds: it takes its own place and no other one.
    return Math.max(0, Math.floor(slot.textFree / Math.max(1, ask.weight)));
  };
  return people.reduce(
    (sum, { now, emptied }) => ({ all: sum.all + room(emptied), free: sum.free + room(now) }),
    { all: 0, free: 0 },
  );
}
