import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatcher, type Matcher } from './matcher.ts';
import { createOrderedSet } from './ordered-set.ts';
import { byOrder, covers, skillScore, SLOT_ORDER, type Item, type Slot, type Strategy } from './types.ts';

describe('ordered set', () => {
  it('is a sorted array without repeats', () => {
    const op = fc.record({ add: fc.boolean(), n: fc.integer({ min: 0, max: 400 }) });
    fc.assert(
      fc.property(fc.array(op, { maxLength: 1500 }), (ops) => {
        const set = createOrderedSet<number>((a, b) => a - b);
        const model = new Set<number>();
        for (const { add, n } of ops) {
          if (add && !model.has(n)) set.add(n);
          if (!add) expect(set.delete(n)).toBe(model.has(n));
          if (add) model.add(n);
          else model.delete(n);
        }
        const sorted = [...model].sort((a, b) => a - b);
        expect([...set]).toEqual(sorted);
        expect(set.size).toBe(sorted.length);
        expect(set.first()).toBe(sorted[0]);
        for (const n of sorted.slice(0, 20)) expect(set.rank(n)).toBe(sorted.indexOf(n));
      }),
      { numRuns: 60 },
    );
  });
});

const QUEUES = ['suporte', 'financeiro'];
const skills = fc.subarray(['ingles', 'fibra']);
const item: fc.Arbitrary<Item> = fc.record({
  id: fc.integer({ min: 0, max: 30 }).map((n) => `i${n}`),
  queue: fc.constantFrom(...QUEUES),
  channel: fc.constantFrom('voice' as const, 'email' as const, 'whatsapp' as const),
  weight: fc.constant(0),
  priority: fc.integer({ min: 0, max: 2 }),
  sinceMs: fc.integer({ min: 0, max: 5 }),
  arrival: fc.constant(''),
  skills,
  reservedFor: fc.option(fc.constantFrom('a0', 'a1'), { freq: 5 }),
  avoid: fc.subarray(['a0', 'a1', 'a2'], { maxLength: 1 }),
});
const slot: fc.Arbitrary<Slot> = fc.record({
  id: fc.integer({ min: 0, max: 8 }).map((n) => `a${n}`),
  queues: fc.subarray(QUEUES, { minLength: 1 }),
  skills: fc.dictionary(fc.constantFrom('ingles', 'fibra'), fc.integer({ min: 0, max: 2 })),
  takesVoice: fc.boolean(),
  textFree: fc.constantFrom(0, 15, 20, 100),
  textRings: fc.boolean(),
  idleSinceMs: fc.integer({ min: 0, max: 5 }),
  inHand: fc.integer({ min: 0, max: 2 }),
  load: fc.integer({ min: 0, max: 3 }),
  turn: fc.integer({ min: 0, max: 3 }),
});
type Move =
  | { readonly do: 'item'; readonly item: Item }
  | { readonly do: 'slot'; readonly slot: Slot }
  | { readonly do: 'drop'; readonly id: string };
const move: fc.Arbitrary<Move> = fc.oneof(
  item.map((made): Move => {
    const weight = made.channel === 'voice' ? 0 : made.channel === 'email' ? 15 : 25;
    return { do: 'item', item: { ...made, weight, arrival: made.id } };
  }),
  slot.map((made): Move => ({ do: 'slot', slot: made })),
  fc.constantFrom('i1', 'i2', 'a1', 'a2').map((id): Move => ({ do: 'drop', id })),
);

const suits = (candidate: Item, taker: Slot): boolean =>
  (candidate.channel === 'voice'
    ? taker.takesVoice
    : !taker.textRings && taker.textFree >= candidate.weight) &&
  (candidate.reservedFor === null
    ? taker.queues.includes(candidate.queue) && covers(taker.skills, candidate.skills)
    : candidate.reservedFor === taker.id) &&
  !candidate.avoid.includes(taker.id);

describe('matcher', () => {
  const play = (matcher: Matcher, moves: readonly Move[]) => {
    const items = new Map<string, Item>();
    const slots = new Map<string, Slot>();
    for (const step of moves) {
      if (step.do === 'item') {
        items.set(step.item.id, step.item);
        matcher.putItem(step.item);
      } else if (step.do === 'slot') {
        slots.set(step.slot.id, step.slot);
        matcher.putSlot(step.slot);
      } else {
        items.delete(step.id);
        slots.delete(step.id);
        matcher.removeItem(step.id);
        matcher.removeSlot(step.id);
      }
    }
    return { items: [...items.values()], slots: [...slots.values()] };
  };

  it.each<Strategy>(['longestIdle', 'leastOccupied', 'mostSkilled', 'roundRobin'])(
    'answers what a scan of everything answers (%s)',
    (strategy) => {
      fc.assert(
        fc.property(fc.array(move, { maxLength: 80 }), (moves) => {
          const matcher = createMatcher(() => strategy);
          const { items, slots } = play(matcher, moves);
          for (const taker of slots) {
            const best = items.filter((candidate) => suits(candidate, taker)).sort(byOrder)[0];
            expect(matcher.itemFor(taker.id)?.id).toBe(best?.id);
          }
          for (const candidate of items) {
            const score = (taker: Slot): number =>
              strategy === 'mostSkilled' && candidate.reservedFor === null
                ? skillScore(taker.skills, candidate.skills)
                : 0;
            const best = slots
              .filter((taker) => suits(candidate, taker))
              .sort((a, b) => score(b) - score(a) || SLOT_ORDER[strategy](a, b))[0];
            expect(matcher.slotFor(candidate.id)?.id).toBe(best?.id);
          }
          for (const queue of QUEUES) {
            const inQueue = items.filter((candidate) => candidate.queue === queue);
            expect(matcher.waiting(queue)).toBe(inQueue.length);
            const oldest = inQueue.length === 0 ? undefined : Math.min(...inQueue.map((i) => i.sinceMs));
            expect(matcher.oldestSinceMs(queue)).toBe(oldest);
          }
        }),
        { numRuns: 300 },
      );
    },
  );

  it('counts the position in the order of the queue, across skills', () => {
    const matcher = createMatcher(() => 'longestIdle');
    const base = { queue: 'suporte', channel: 'voice', weight: 0, reservedFor: null, avoid: [] } as const;
    matcher.putItem({ ...base, id: 'a', priority: 0, sinceMs: 1, arrival: '1', skills: [] });
    matcher.putItem({ ...base, id: 'b', priority: 0, sinceMs: 2, arrival: '2', skills: ['ingles'] });
    matcher.putItem({ ...base, id: 'c', priority: 1, sinceMs: 3, arrival: '3', skills: [] });
    expect(['c', 'a', 'b'].map((id) => matcher.position(id))).toEqual([0, 1, 2]);
  });

  it('counts calls and text apart: mails that are older stand before no caller', () => {
    const matcher = createMatcher(() => 'longestIdle');
    const base = { queue: 'suporte', priority: 0, skills: [], reservedFor: null, avoid: [] } as const;
    const comes = (id: string, channel: Item['channel'], sinceMs: number) =>
      matcher.putItem({ ...base, id, channel, sinceMs, arrival: id, weight: channel === 'voice' ? 0 : 15 });
    comes('m1', 'email', 1);
    comes('m2', 'email', 2);
    comes('s1', 'sms', 3);
    comes('v1', 'voice', 4);
    comes('v2', 'voice', 5);
    expect(['m1', 'm2', 's1', 'v1', 'v2'].map((id) => matcher.position(id))).toEqual([0, 1, 2, 0, 1]);
    expect([matcher.waiting('suporte', 'email'), matcher.waiting('suporte', 'voice')]).toEqual([2, 2]);
    expect([matcher.oldestSinceMs('suporte', 'sms'), matcher.oldestSinceMs('suporte')]).toEqual([3, 1]);
  });
});
