import { describe, expect, it } from 'vitest';
import { DtmfReceiver, eventOf, eventPayload } from './dtmf.ts';

function receiver(): {
  keys: string[];
  begun: (string | undefined)[];
  at: (ts: number, key: string, end: boolean, duration: number, nowMs: number) => boolean;
  dtmf: DtmfReceiver;
} {
  const keys: string[] = [];
  const begun: (string | undefined)[] = [];
  const dtmf = new DtmfReceiver({ begin: (digit) => begun.push(digit), end: (digit) => keys.push(digit) });
  return {
    keys,
    begun,
    dtmf,
    at: (ts, key, end, duration, nowMs) =>
      dtmf.packet(eventPayload(eventOf(key), end, duration), 0, ts, nowMs),
  };
}

describe('RFC 4733 keys', () => {
  it('reports a key once, at its first end packet', () => {
    const { keys, at } = receiver();
    at(1000, '5', false, 160, 0);
    at(1000, '5', false, 320, 20);
    expect(keys).toEqual([]);
    for (let i = 0; i < 3; i++) at(1000, '5', true, 480, 40);
    expect(keys).toEqual(['5']);
  });

  it('reports the same key twice when it was pressed twice', () => {
    const { keys, at } = receiver();
    at(1000, '1', true, 160, 0);
    at(3000, '1', true, 160, 250);
    expect(keys).toEqual(['1', '1']);
  });

  it('takes the next key, or silence, for an end that was lost', () => {
    const { keys, at, dtmf } = receiver();
    at(1000, '*', false, 160, 0);
    at(3000, '#', false, 160, 250);
    expect(keys).toEqual(['*']);
    dtmf.idle(300);
    expect(keys).toEqual(['*']);
    dtmf.idle(400);
    expect(keys).toEqual(['*', '#']);
    at(3000, '#', true, 480, 410);
    expect(keys).toEqual(['*', '#']);
  });

  it('ignores packets that come late, and events that are no keys', () => {
    const { keys, begun, at, dtmf } = receiver();
    expect(at(3000, '7', true, 160, 0)).toBe(true);
    expect(at(1000, '6', true, 160, 10)).toBe(false);
    dtmf.packet(eventPayload(16, true, 160), 0, 9000, 500);
    expect(dtmf.packet(Buffer.from([1, 2]), 0, 12_000, 600)).toBe(false);
    expect(keys).toEqual(['7']);
    expect(begun).toEqual(['7', undefined]);
  });

  it('joins the segments of a very long key (§2.5.1.3), across the wrap of timestamps', () => {
    const { keys, begun, at } = receiver();
    const start = 0xffff_ff00;
    at(start, '9', false, 0xffff, 0);
    at((start + 0xffff) >>> 0, '9', false, 160, 8_200);
    at((start + 0xffff) >>> 0, '9', true, 320, 8_220);
    expect([keys, begun]).toEqual([['9'], ['9']]);
  });
});
