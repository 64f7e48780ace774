import { describe, expect, it } from 'vitest';
import { createMatcher } from './matcher.ts';
import { createOrderedSet } from './ordered-set.ts';
import { byOrder, covers, kindOf, skillScore, SLOT_ORDER, type Item, type Slot } from './types.ts';

const item = (more: Partial<Item>): Item => ({
  id: 'i',
  queue: 'suporte',
  channel: 'voice',
  weight: 0,
  priority: 0,
  sinceMs: 0,
  arrival: 'a',
  skills: [],
  reservedFor: null,
  avoid: [],
  ...more,
});
const slot = (more: Partial<Slot>): Slot => ({
  id: 's',
  queues: ['suporte'],
  skills: {},
  takesVoice: true,
  textFree: 100,
  textRings: false,
  idleSinceMs: 0,
  inHand: 0,
  load: 0,
  turn: 0,
  ...more,
});
const sorted = <T extends { id: string }>(order: (a: T, b: T) => number, ...all: T[]): string[] =>
  [...all].sort(order).map(({ id }) => id);

describe('the order of what waits', () => {
  it('is priority, then waiting time, then arrival', () => {
    const urgent = item({ id: 'urgent', priority: 1, sinceMs: 9, arrival: 'z' });
    const old = item({ id: 'old', sinceMs: 1, arrival: 'z' });
    const first = item({ id: 'first', sinceMs: 2, arrival: 'a' });
    const second = item({ id: 'second', sinceMs: 2, arrival: 'b' });
    expect(sorted(byOrder, second, first, old, urgent)).toEqual(['urgent', 'old', 'first', 'second']);
    expect(byOrder(first, { ...first })).toBe(0);
    expect(byOrder(first, second)).toBeLessThan(0);
    expect(byOrder(second, first)).toBeGreaterThan(0);
  });
});

describe('the order of who is free', () => {
  const idle = slot({ id: 'idle', idleSinceMs: 1, inHand: 0, load: 0, turn: 3 });
  const fresh = slot({ id: 'fresh', idleSinceMs: 9, inHand: 0, load: 0, turn: 2 });
  const busy = slot({ id: 'busy', idleSinceMs: 0, inHand: 2, load: 0, turn: 1 });
  const loaded = slot({ id: 'loaded', idleSinceMs: 0, inHand: 1, load: 25, turn: 0 });

  it('longest idle: contacts in hand count as less idle, then the end of the last work, then the id', () => {
    expect(sorted(SLOT_ORDER.longestIdle, busy, loaded, fresh, idle)).toEqual([
      'idle',
      'fresh',
      'loaded',
      'busy',
    ]);
    const twins = [slot({ id: 'b' }), slot({ id: 'a' })] as const;
    expect(sorted(SLOT_ORDER.longestIdle, ...twins)).toEqual(['a', 'b']);
    expect(SLOT_ORDER.longestIdle(twins[0], twins[1])).toBeGreaterThan(0);
    expect(SLOT_ORDER.longestIdle(twins[1], twins[0])).toBeLessThan(0);
    expect(SLOT_ORDER.longestIdle(twins[0], { ...twins[0] })).toBe(0);
  });

  it('least occupied: what weighs now, then the longest idle', () => {
    expect(sorted(SLOT_ORDER.leastOccupied, loaded, fresh, idle, busy)).toEqual([
      'busy',
      'idle',
      'fresh',
      'loaded',
    ]);
  });

  it('round robin: whose turn was longest ago', () => {
    expect(sorted(SLOT_ORDER.roundRobin, idle, fresh, busy, loaded)).toEqual([
      'loaded',
      'busy',
      'fresh',
      'idle',
    ]);
    const same = { ...idle, id: 'same', idleSinceMs: 0 };
    expect(sorted(SLOT_ORDER.roundRobin, idle, same)).toEqual(['same', 'idle']);
  });

  it('most skilled: the sum of the levels that are asked for; among equals as longest idle', () => {
    expect(skillScore({ ingles: 3, fibra: 1 }, ['ingles', 'fibra', 'tv'])).toBe(4);
    expect(sorted(SLOT_ORDER.mostSkilled, busy, fresh, idle)).toEqual(['idle', 'fresh', 'busy']);
    const matcher = createMatcher(() => 'mostSkilled');
    matcher.putSlot(slot({ id: 'a', skills: { ingles: 1 }, idleSinceMs: 0 }));
    matcher.putSlot(slot({ id: 'b', skills: { ingles: 5 }, idleSinceMs: 9 }));
    matcher.putItem(item({ id: 'i', skills: ['ingles'] }));
    expect(matcher.slotFor('i')?.id).toBe('b');
  });

  it('nine mails over three idle operators go three, three, three', () => {
    const matcher = createMatcher(() => 'longestIdle');
    const given = { a: 0, b: 0, c: 0 };
    const people = (['a', 'b', 'c'] as const).map((id, i) => slot({ id, idleSinceMs: i * 60_000 }));
    for (const one of people) matcher.putSlot(one);
    for (let n = 0; n < 9; n++) {
      matcher.putItem(item({ id: `m${n}`, channel: 'email', weight: 15 }));
      const taker = matcher.slotFor(`m${n}`);
      const id = taker?.id as keyof typeof given;
      given[id]++;
      matcher.removeItem(`m${n}`);
      matcher.putSlot({ ...taker!, inHand: given[id], textFree: 100 - 15 * given[id] });
    }
    expect(given).toEqual({ a: 3, b: 3, c: 3 });
  });
});

describe('skills', () => {
  it('are covered by a level above 0 in each', () => {
    expect(covers({ ingles: 1 }, [])).toBe(true);
    expect(covers({ ingles: 1 }, ['ingles'])).toBe(true);
    expect(covers({ ingles: 0 }, ['ingles'])).toBe(false);
    expect(covers({ ingles: 1 }, ['ingles', 'fibra'])).toBe(false);
  });
});

describe('the matcher', () => {
  it('tells kinds of work apart by voice and by weight', () => {
    expect(kindOf(item({}))).toBe('voice');
    expect(kindOf(item({ channel: 'email', weight: 15 }))).toBe('15');
  });

  it('knows nothing of what is not there', () => {
    const matcher = createMatcher(() => 'longestIdle');
    expect(matcher.slotFor('nobody')).toBeUndefined();
    expect(matcher.itemFor('nobody')).toBeUndefined();
    expect(matcher.position('nobody')).toBe(0);
    expect([matcher.waiting('suporte'), matcher.oldestSinceMs('suporte')]).toEqual([0, undefined]);
    matcher.removeItem('nobody');
    matcher.removeSlot('nobody');
    matcher.putItem(item({ id: 'a', reservedFor: 's' }));
    expect(matcher.slotFor('a')).toBeUndefined();
    matcher.removeItem('a');
    expect(matcher.waiting('suporte')).toBe(0);
  });

  it('orders the people of a queue anew when its strategy changes, and of that queue only', () => {
    const strategies = { suporte: 'longestIdle', vendas: 'longestIdle' } as Record<
      string,
      'longestIdle' | 'roundRobin'
    >;
    const matcher = createMatcher((queue) => strategies[queue] ?? 'longestIdle');
    const queues = ['suporte', 'vendas'];
    matcher.putSlot(slot({ id: 'old', queues, idleSinceMs: 0, turn: 5 }));
    matcher.putSlot(slot({ id: 'new', queues, idleSinceMs: 9, turn: 1 }));
    matcher.putSlot(slot({ id: 'other', queues: ['vendas'], idleSinceMs: 99, turn: 0 }));
    matcher.putItem(item({ id: 's' }));
    matcher.putItem(item({ id: 'v', queue: 'vendas' }));
    strategies['suporte'] = 'roundRobin';
    matcher.reorder('suporte');
    expect([matcher.slotFor('s')?.id, matcher.slotFor('v')?.id]).toEqual(['new', 'old']);
    strategies['vendas'] = 'roundRobin';
    matcher.reorder('vendas');
    expect(matcher.slotFor('v')?.id).toBe('other');
    matcher.removeSlot('new');
    expect(matcher.slotFor('s')?.id).toBe('old');
  });
});

describe('a sorted set of many blocks', () => {
  it('keeps order, rank and size while it grows at both ends and in the middle, and shrinks', () => {
    const set = createOrderedSet<number>((a, b) => a - b);
    const all = Array.from({ length: 2_000 }, (_, i) => i);
    for (const n of all.filter((i) => i % 2 === 0)) set.add(n);
    for (const n of all.filter((i) => i % 2 === 1).reverse()) set.add(n);
    expect([...set]).toEqual(all);
    expect([set.size, set.first(), set.rank(0), set.rank(999), set.rank(1_999)]).toEqual([
      2_000, 0, 0, 999, 1_999,
    ]);
    expect(set.rank(-5)).toBe(0);
    expect(set.rank(5_000)).toBe(2_000);
    expect([set.delete(-5), set.delete(5_000), set.delete(0.5)]).toEqual([false, false, false]);
    for (const n of all.slice(0, 1_500)) expect(set.delete(n)).toBe(true);
    expect([...set]).toEqual(all.slice(1_500));
    expect([set.size, set.first(), set.rank(1_999)]).toEqual([500, 1_500, 499]);
    for (const n of all.slice(1_500)) set.delete(n);
    expect([set.size, set.first(), [...set], set.delete(3), set.rank(3)]).toEqual([
      0,
      undefined,
      [],
      false,
      0,
    ]);
    set.add(7);
    expect([...set]).toEqual([7]);
  });
});
