import { describe, expect, it, vi } from 'vitest';
import type { Interaction, Segment, Stays } from '../interactions/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { CompanyId, InteractionId } from '../shared/ids.ts';
import { createDay } from './day.ts';

const C = 'c1' as CompanyId;
const NOW = Date.parse('2026-11-27T15:00:00Z');
const MINUTE = 60_000;

const stay = (queuedMs: number, outcome: 'answered' | 'abandoned'): Segment => ({
  queue: 'suporte',
  queuedAt: new Date(queuedMs),
  offeredAt: null,
  talkAt: outcome === 'answered' ? new Date(queuedMs + 5_000) : null,
  endedAt: new Date(queuedMs + 5_000),
  outcome,
  agentId: null,
});
const contact = (n: number, ...segments: Segment[]): Stays => ({
  id: `i${String(n).padStart(5, '0')}` as InteractionId,
  companyId: C,
  channel: 'voice',
  segments,
});

function ground(stored: Stays[]) {
  const timers: { fn: () => void; ms: number }[] = [];
  const clock: Clock = {
    now: () => NOW,
    steady: () => NOW,
    after: (ms, fn) => {
      timers.push({ fn, ms });
      return { cancel: () => undefined };
    },
  };
  const listeners: ((contact: Interaction, event: null) => void)[] = [];
  const asked: number[] = [];
  const warn = vi.fn();
  const hooks: { turn?: (n: number) => void } = {};
  const day = createDay({
    contacts: {
      onChange: (listener) => void listeners.push(listener),
      staysSince(_company, from, { limit, after }) {
        const key = ({ id, segments }: Stays) => `${segments.at(-1)?.queuedAt.toISOString()} ${id}`;
        const past =
          after === undefined ? from.toISOString() : `${after.lastQueuedAt.toISOString()} ${after.id}`;
        const found = stored
          .filter((c) => key(c) > past)
          .sort((a, b) => (key(a) < key(b) ? -1 : 1))
          .slice(0, limit);
        asked.push(found.length);
        hooks.turn?.(asked.length);
        return Promise.resolve(found);
      },
    },
    settings: () => ({
      serviceLevelMs: 20_000,
      textLevelMs: {},
      serviceLevelFormula: 'F1',
      shortAbandonMs: 5_000,
    }),
    clock,
    timeZone: () => 'UTC',
    logger: { warn },
  });
  const change = (changed: Stays): void => {
    for (const listener of listeners) listener(changed as Interaction, null);
  };
  return { day, asked, timers, warn, hooks, change };
}

describe('figures of the day', () => {
  const many = Array.from({ length: 450 }, (_, n) =>
    contact(n, stay(NOW - MINUTE * (n + 1), n % 3 === 0 ? 'abandoned' : 'answered')),
  );

  it('are read back in turns, each stay once, though contacts change between two turns', async () => {
    const { day, asked, hooks, change } = ground(many);
    hooks.turn = (n) => {
      if (n !== 2) return;
      change(many[449]!);
      change(many[0]!);
      expect(day.figures(C, 'suporte').serviceLevel.value, 'not before all is read').toBeNull();
    };
    day.read(C);
    await day.idle();
    expect(asked).toEqual([200, 200, 50]);
    expect(day.figures(C, 'suporte')).toMatchObject({
      answeredToday: 300,
      abandonedToday: 150,
      serviceLevel: { value: 1 },
    });
  });

  it('are the same for who lived through the day and for who reads it after a crash', async () => {
    const [lived, after] = [ground([]), ground(many)];
    for (const each of many) lived.change(each);
    after.day.read(C);
    await after.day.idle();
    expect(after.day.figures(C, 'suporte')).toEqual(lived.day.figures(C, 'suporte'));
  });

  it("count today's stay of a contact that first came yesterday, and not the one of yesterday", async () => {
    const yesterday = NOW - 20 * 60 * MINUTE;
    const { day } = ground([
      contact(1, stay(yesterday, 'answered'), stay(NOW - MINUTE, 'answered')),
      contact(2, stay(yesterday, 'answered')),
    ]);
    day.read(C);
    await day.idle();
    expect(day.figures(C, 'suporte').answeredToday).toBe(1);
  });

  it('tell when they are read, and are read again after a failure', async () => {
    const { day, hooks, timers, warn } = ground(many);
    const done: string[] = [];
    day.onRead((companyId) => done.push(companyId));
    hooks.turn = (n) => {
      if (n === 2) throw new Error('the store is away');
    };
    day.read(C);
    await day.idle();
    expect([done, warn.mock.calls.length, timers.map(({ ms }) => ms)]).toEqual([[], 1, [5_000]]);
    timers[0]?.fn();
    await day.idle();
    expect(done).toEqual([C]);
    expect(day.figures(C, 'suporte').answeredToday).toBe(300);
  });

  it('count no stay that was taken and lost before a word, whatever is told first, and it does not count again', () => {
    const [taken, waits] = [stay(NOW - MINUTE, 'answered'), stay(NOW - 1_000, 'answered')];
    const held = contact(1, { ...taken, endedAt: null });
    const bounced = contact(
      1,
      { ...taken, talkAt: null, outcome: 'moved' },
      { ...waits, talkAt: null, endedAt: null },
    );
    for (const told of [
      [held, bounced],
      [held, bounced, bounced, held],
      [bounced, held],
    ]) {
      const { day, change } = ground([]);
      change(contact(2, stay(NOW - MINUTE, 'answered')));
      for (const each of told) change(each);
      expect(day.figures(C, 'suporte')).toMatchObject({ answeredToday: 1, serviceLevel: { value: 1 } });
      change(contact(1, ...bounced.segments.slice(0, 1), waits));
      expect(day.figures(C, 'suporte').answeredToday).toBe(2);
    }
  });

  it('are not read on after a stop', async () => {
    const { day, asked, hooks, timers } = ground(many);
    hooks.turn = () => day.stop();
    day.read(C);
    await day.idle();
    expect([asked, timers]).toEqual([[200], []]);
  });
});
