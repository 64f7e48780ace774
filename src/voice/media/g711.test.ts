import { describe, expect, it } from 'vitest';
import { convertLaw, decode, encode, encodeA, encodeMu, linearTable } from './g711.ts';

describe('G.711', () => {
  // Values of ITU-T G.711 tables 1 and 2, scaled to 16 bits.
  it.each([
    [0x00, -32_124],
    [0x80, 32_124],
    [0x7f, 0],
    [0xff, 0],
    [0xf0, 120],
    [0x8f, 16_764],
  ])('decodes µ-law %i to %i', (byte, linear) => {
    expect((linearTable('PCMU')[byte] ?? NaN) + 0).toBe(linear);
  });

  it.each([
    [0xd5, 8],
    [0x55, -8],
    [0xaa, 32_256],
    [0x2a, -32_256],
    [0x80, 5_504],
  ])('decodes A-law %i to %i', (byte, linear) => {
    expect(linearTable('PCMA')[byte]).toBe(linear);
  });

  it('encodes every code back to itself', () => {
    for (let byte = 0; byte < 256; byte++) {
      expect(encodeA(linearTable('PCMA')[byte] ?? 0)).toBe(byte);
      // µ-law has two zeros; the positive one is what encoders send.
      expect(encodeMu(linearTable('PCMU')[byte] ?? 0)).toBe(byte === 0x7f ? 0xff : byte);
    }
  });

  it('keeps the error of any sample under half a step', () => {
    for (const codec of ['PCMU', 'PCMA'] as const) {
      const samples = Int16Array.from({ length: 2_000 }, (_, i) => i * 32 - 32_000);
      const back = decode(encode(samples, codec), codec);
      samples.forEach((s, i) =>
        expect(Math.abs(s - (back[i] ?? 0))).toBeLessThanOrEqual(Math.max(16, Math.abs(s) / 16 + 132)),
      );
    }
  });

  it('converts between the laws in place, only where told', () => {
    const bytes = Buffer.from([0xff, 0xff, 0x80, 0xff]);
    convertLaw(bytes, 1, 3, 'PCMU');
    expect([...bytes]).toEqual([0xff, 0xd5, 0xaa, 0xff]);
    convertLaw(bytes, 1, 3, 'PCMA');
    expect(bytes[2]).toBe(0x80);
  });
});
