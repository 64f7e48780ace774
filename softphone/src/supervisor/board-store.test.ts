import type { ChannelLive } from '../../../src/contracts/realtime.ts';
import { describe, expect, it } from 'vitest';
import { busyWorld, presenceOf } from '../../../tests/e2e/desk-world.ts';
import {
  applyDelta,
  channelsOf,
  liveBoard,
  liveDelta,
  peopleOfFloor,
  queueNow,
  queueTone,
} from './board-store.ts';

const { board } = busyWorld();
const queue = (key: string) => {
  const found = board.queues.find((one) => one.key === key);
  if (!found) throw new Error(`no queue ${key}`);
  return found;
};

const line = (more: Partial<ChannelLive> = {}): ChannelLive => ({
  channel: 'voice',
  waiting: 1,
  longestWaitMs: 0,
  free: 0,
  estimatedWaitMs: null,
  answeredToday: 0,
  abandonedToday: 0,
  serviceLevel: { formula: 'F1', thresholdMs: 60_000, value: 0.9 },
  ...more,
});

describe('the colour of a queue', () => {
  const toneOf = (...channels: ChannelLive[]) => queueTone({ ...queue('suporte'), channels });
  const hours = (value: number | null) => ({ formula: 'F1', thresholdMs: 14_400_000, value });

  it('is none where nothing waits and nothing is to judge: an empty queue is no red 0', () => {
    const nothing = { waiting: 0, serviceLevel: { formula: 'F1', thresholdMs: 20_000, value: null } };
    expect(toneOf(line(nothing), line({ ...nothing, channel: 'email' }))).toBe('none');
  });

  it('is of the worst channel, each by a threshold of its own', () => {
    const mail = line({ channel: 'email', longestWaitMs: 3_600_000, serviceLevel: hours(1) });
    expect(toneOf(line({ waiting: 0 }), mail)).toBe('good');
    expect(toneOf(line({ longestWaitMs: 61_000 }), mail)).toBe('bad');
    expect(toneOf(line({ waiting: 0 }), { ...mail, serviceLevel: hours(0.7) })).toBe('bad');
  });

  it('shows voice first, then mail, then what of the rest has come', () => {
    const quiet = { waiting: 0 };
    const shown = channelsOf({
      ...queue('suporte'),
      channels: [
        line({ ...quiet, channel: 'sms' }),
        line({ ...quiet, channel: 'whatsapp', answeredToday: 1 }),
        line({ ...quiet, channel: 'email' }),
        line(quiet),
      ],
    });
    expect(shown.map(({ channel }) => channel)).toEqual(['voice', 'email', 'whatsapp']);
  });
});

describe('the board between two readings', () => {
  it('counts the longest wait on, and its colour with it', () => {
    const suporte = {
      ...queue('suporte'),
      longestWaitMs: 20_000,
      channels: [line({ longestWaitMs: 20_000 })],
    };
    const at = (ms: number) => queueNow(suporte, 1_000, 1_000 + ms);
    expect(at(0).longestWaitMs).toBe(20_000);
    expect(queueTone(at(0))).toBe('good');
    expect(queueTone(at(11_000))).toBe('warn');
    expect(at(41_000).longestWaitMs).toBe(61_000);
    expect(queueTone(at(41_000))).toBe('bad');
    // A clock that was set back takes nothing away.
    expect(at(-5_000).longestWaitMs).toBe(20_000);
  });

  it('counts nothing for a queue in which nobody waits', () => {
    expect(queueNow(queue('retencao'), 0, 90_000).longestWaitMs).toBe(0);
  });

  it('reads anew only what a delta tells', () => {
    const first = liveBoard(board, 100);
    const next = liveDelta(first, { queues: [{ ...queue('suporte'), waiting: 9 }] }, 700);
    expect(next.readAt).toMatchObject({ suporte: 700, financeiro: 100 });
    expect(next.queues[0]?.waiting).toBe(9);
  });

  it('leaves out of the floor who has no queue and nothing in hand', () => {
    const admin = presenceOf({ agentId: 'a1', name: 'Admin', queues: [] });
    const calling = presenceOf({ agentId: 'a2', name: 'Sup', queues: [], work: ['v9'] });
    const ana = presenceOf();
    expect(peopleOfFloor([admin, calling, ana]).map((one) => one.agentId)).toEqual(['a2', 'u1']);
  });
});

describe('a deactivated queue', () => {
  const keysOf = (one: { queues: { key: string }[] }) => one.queues.map(({ key }) => key);
  const others = keysOf(board).filter((key) => key !== 'suporte');

  it('leaves the board, and nothing else with it', () => {
    const next = applyDelta(board, { closed: ['suporte'] });
    expect(keysOf(next)).toEqual(others);
    expect(next.people).toBe(board.people);
    expect(next.trunks).toBe(board.trunks);
  });

  it('leaves also where the same delta still tells its figures; the others take theirs', () => {
    const [other = ''] = others;
    const waits = { ...queue(other), waiting: 7 };
    const next = applyDelta(board, { closed: ['suporte'], queues: [queue('suporte'), waits] });
    expect(keysOf(next)).toEqual(others);
    expect(next.queues[0]).toEqual(waits);
  });

  it('comes back with its figures when it is opened again; a key that is not on the board closes nothing', () => {
    const without = liveDelta(liveBoard(board, 0), { closed: ['suporte', 'nenhuma'] }, 1_000);
    const again = liveDelta(without, { queues: [queue('suporte')] }, 2_000);
    expect(keysOf(again)).toEqual([...others, 'suporte']);
    expect(again.readAt['suporte']).toBe(2_000);
  });
});
