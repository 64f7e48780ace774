import { describe, expect, it } from 'vitest';
import { createLatch, RELATCH_MS, type Latch, type Place } from './latch.ts';
import { RTP_HEADER, writeHeader } from './rtp.ts';

const HOST = '198.51.100.7';
const SDP: Place = { address: HOST, port: 4000 };
const at = (port: number, address = HOST): Place => ({ address, port });

function rtp(ssrc: number, seq: number): Buffer {
  const packet = Buffer.alloc(RTP_HEADER + 160);
  writeHeader(packet, 0, 0, seq, seq * 160, ssrc);
  return packet;
}

/** A leg that heard stream 7 from `heard` at time 0, sequence 100. */
function latched(heard: Place, signalledFrom?: string): Latch {
  const latch = createLatch(signalledFrom);
  latch.moveTo(SDP);
  expect(latch.packet(rtp(7, 100), heard, 0)).toBe('moved');
  expect(latch.peer).toEqual(heard);
  return latch;
}

describe('where the sound of a leg comes from', () => {
  it('first: any port of the host that the description names, or of the one that signals', () => {
    latched(SDP);
    latched(at(4002));
    latched(at(4002, '203.0.113.9'), '203.0.113.9');
    const open = createLatch();
    open.moveTo(SDP);
    expect(open.packet(rtp(7, 1), at(4000, '203.0.113.9'), 0)).toBe('stranger');
    expect(open.packet(Buffer.alloc(5), SDP, 0)).toBe('stranger');
    expect(open.peer).toEqual(SDP);
  });

  it.each([
    ['another stream after a pause', RELATCH_MS, rtp(8, 101), 'stranger'],
    ['another stream after a long hold', 600_000, rtp(8, 101), 'stranger'],
    ['the same stream while the peer speaks', RELATCH_MS - 1, rtp(7, 101), 'stranger'],
    ['what the same stream said before', RELATCH_MS, rtp(7, 100), 'stranger'],
    ['what the same stream said long before', RELATCH_MS, rtp(7, 60_000), 'stranger'],
    ['the same stream after a pause: its NAT forgot the way', RELATCH_MS, rtp(7, 101), 'moved'],
    ['the same stream across the wrap', RELATCH_MS, rtp(7, 100 + 0x7fff), 'moved'],
  ] as const)('from another port: %s', (_, afterMs, packet, verdict) => {
    for (const heard of [SDP, at(4002)]) {
      const latch = latched(heard);
      expect(latch.packet(packet, at(4444), afterMs)).toBe(verdict);
      expect(latch.peer).toEqual(verdict === 'moved' ? at(4444) : heard);
    }
  });

  it('the peer goes on where it was after any pause, with a new stream too, and that is the one from then on', () => {
    const latch = latched(at(4002));
    expect(latch.packet(rtp(9, 5), at(4002), 60_000)).toBe('same');
    expect(latch.packet(rtp(7, 101), at(4444), 70_000)).toBe('stranger');
    expect(latch.packet(rtp(9, 6), at(4444), 70_000)).toBe('moved');
  });

  it('the place of the description takes the leg at once, and loses it to nobody while it speaks', () => {
    const latch = latched(at(4002));
    expect(latch.isNamed()).toBe(false);
    expect(latch.packet(rtp(8, 1), SDP, 20)).toBe('moved');
    expect(latch.isNamed()).toBe(true);
    for (let i = 1; i < 500; i++) {
      expect(latch.packet(rtp(8, 1 + i), SDP, 20 + i * 20)).toBe('same');
      expect(latch.packet(rtp(8, 2 + i), at(4002), 25 + i * 20)).toBe('stranger');
    }
  });

  it('after a re-INVITE all is open, except what comes from where the peer was', () => {
    const latch = latched(at(4002));
    latch.moveTo(at(5000));
    expect(latch.peer).toEqual(at(5000));
    expect([latch.packet(rtp(7, 101), at(4002), 20), latch.packet(rtp(7, 101), SDP, 20)]).toEqual(
      Array(2).fill('stranger'),
    );
    expect(latch.packet(rtp(8, 1), at(5002), 40)).toBe('moved');
    latch.moveTo(SDP);
    expect(latch.packet(rtp(7, 200), at(4002), 60)).toBe('moved');
  });

  it('garbage from the right place keeps the leg from nobody', () => {
    const latch = latched(SDP);
    expect(latch.packet(Buffer.alloc(3), SDP, RELATCH_MS - 1)).toBe('same');
    expect(latch.isQuiet(RELATCH_MS)).toBe(true);
    expect(latch.packet(rtp(7, 101), at(4444), RELATCH_MS)).toBe('moved');
  });
});
