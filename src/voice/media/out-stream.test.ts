import { describe, expect, it } from 'vitest';
import { OutStream } from './out-stream.ts';
import { marker, sequence, ssrcOf, timestamp, writeHeader } from './rtp.ts';

const SEED = Buffer.from([1, 2, 3, 4, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf0]);
const incoming = (seq: number, ts: number, ssrc: number): Buffer => {
  const packet = Buffer.alloc(172);
  writeHeader(packet, 0, 0, seq, ts, ssrc);
  return packet;
};

describe('outgoing stream', () => {
  it('goes on over changes of source: one SSRC, sequence by one, time by the clock, marker at the start', () => {
    const out = new OutStream(SEED);
    const prompt = {};
    const leg = {};
    const a = out.own(Buffer.alloc(160), 0, prompt, 1_000);
    const b = out.own(Buffer.alloc(160), 0, prompt, 1_020);
    const c = Buffer.from(out.relay(incoming(500, 90_000, 9), 12, 172, 0, leg, 1_100));
    const d = Buffer.from(out.relay(incoming(501, 90_160, 9), 12, 172, 0, leg, 1_120));
    const all = [a, b, c, d];
    expect(new Set(all.map(ssrcOf)).size).toBe(1);
    expect(all.slice(1).map((p, i) => (sequence(p) - sequence(all[i]!)) & 0xffff)).toEqual([1, 1, 1]);
    expect(all.slice(1).map((p, i) => (timestamp(p) - timestamp(all[i]!)) >>> 0)).toEqual([160, 640, 160]);
    expect(all.map(marker)).toEqual([true, false, true, false]);
  });

  it('keeps what was lost or late upstream visible', () => {
    const out = new OutStream(SEED);
    const leg = {};
    const seqs = [10, 12, 11, 13].map((n) =>
      sequence(out.relay(incoming(n, n * 160, 1), 12, 172, 0, leg, n * 20)),
    );
    expect(seqs.map((s) => (s - seqs[0]!) & 0xffff)).toEqual([0, 2, 1, 3]);
    const own = out.own(Buffer.alloc(160), 0, {}, 300);
    expect((sequence(own) - seqs[0]!) & 0xffff).toBe(4);
  });

  it('lays the header before the payload when extensions fall away', () => {
    const out = new OutStream(SEED);
    const packet = Buffer.alloc(200, 0x42);
    writeHeader(packet, 0, 0, 1, 1, 1);
    const sent = out.relay(packet, 20, 180, 8, {}, 10);
    expect([sent.length, sent[0], (sent[1] ?? 0) & 0x7f, sent[12]]).toEqual([172, 0x80, 8, 0x42]);
  });
});
