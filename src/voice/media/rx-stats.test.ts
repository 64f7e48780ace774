import { describe, expect, it } from 'vitest';
import { RxStats } from './rx-stats.ts';

const feed = (stats: RxStats, seqs: readonly number[], jitterMs = 0): void =>
  seqs.forEach((seq, i) => stats.packet(seq & 0xffff, (seq * 160) >>> 0, 7, seq * 20 + (i % 2) * jitterMs));

describe('reception statistics (RFC 3550)', () => {
  it('counts losses over the wrap of sequence numbers', () => {
    const stats = new RxStats();
    feed(stats, [65_533, 65_534, 65_536, 65_537, 65_540]);
    expect([stats.received, stats.lost]).toEqual([5, 3]);
    expect(stats.extendedMax).toBe(65_540);
  });

  it('takes a packet that came late back out of the loss', () => {
    const stats = new RxStats();
    feed(stats, [1, 2, 4]);
    expect(stats.lost).toBe(1);
    feed(stats, [3]);
    expect(stats.lost).toBe(0);
  });

  it('keeps the losses of an earlier source and starts anew with the next', () => {
    const stats = new RxStats();
    feed(stats, [1, 3]);
    stats.packet(40_000, 5, 8, 100);
    stats.packet(40_001, 165, 8, 120);
    expect([stats.received, stats.lost]).toEqual([4, 1]);
  });

  it('takes a jump for a restarted source', () => {
    const stats = new RxStats();
    feed(stats, [1, 2, 20_000, 20_001]);
    expect(stats.lost).toBe(0);
  });

  it('approaches the mean deviation, and is 0 on a steady stream', () => {
    const steady = new RxStats();
    feed(
      steady,
      Array.from({ length: 300 }, (_, i) => i),
    );
    expect(steady.jitterMs).toBeCloseTo(0, 5);
    const shaky = new RxStats();
    feed(
      shaky,
      Array.from({ length: 300 }, (_, i) => i),
      8,
    );
    expect(shaky.jitterMs).toBeCloseTo(8, 0);
  });
});
