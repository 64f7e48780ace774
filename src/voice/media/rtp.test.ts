import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isRtcp,
  marker,
  payloadEnd,
  payloadStart,
  payloadType,
  sequence,
  ssrcOf,
  timestamp,
  writeHeader,
} from './rtp.ts';

describe('RTP header', () => {
  it('writes what it reads', () => {
    const packet = Buffer.alloc(20);
    writeHeader(packet, 0, 0x80 | 101, 0xfffe, 0xdeadbeef, 0x80000001);
    expect([payloadStart(packet), payloadEnd(packet, 12)]).toEqual([12, 20]);
    expect([marker(packet), payloadType(packet), sequence(packet)]).toEqual([true, 101, 0xfffe]);
    expect([timestamp(packet), ssrcOf(packet)]).toEqual([0xdeadbeef, 0x80000001]);
  });

  it('steps over CSRCs, extension and padding', () => {
    const packet = Buffer.alloc(12 + 4 + 4 + 8 + 10);
    packet[0] = 0x80 | 0x20 | 0x10 | 1;
    packet.writeUInt16BE(2, 18);
    packet[packet.length - 1] = 4;
    expect(payloadStart(packet)).toBe(28);
    expect(payloadEnd(packet, 28)).toBe(34);
    packet[packet.length - 1] = 11;
    expect(payloadEnd(packet, 28)).toBe(-1);
  });

  it('tells RTCP apart', () => {
    expect(isRtcp(Buffer.from([0x80, 200, 0, 1, 0, 0, 0, 0]))).toBe(true);
    expect(isRtcp(Buffer.from([0x80, 0, 0, 1, 0, 0, 0, 0]))).toBe(false);
  });

  it('never throws and never points outside, whatever arrives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const packet = Buffer.from(bytes);
        const start = payloadStart(packet);
        expect(start).toBeLessThanOrEqual(packet.length);
        if (start >= 0) expect(payloadEnd(packet, start)).toBeLessThanOrEqual(packet.length);
      }),
    );
  });
});
