/**
 * G.711 (ITU-T 1988) by table: decoding is one lookup, µ↔A conversion is one lookup a sample.
 * Linear samples are 16-bit signed.
 */
export type Codec = 'PCMU' | 'PCMA';

/** The byte of silence: µ-law 0xFF is zero, A-law 0xD5 is the smallest positive step (8). */
export const SILENCE: Readonly<Record<Codec, number>> = { PCMU: 0xff, PCMA: 0xd5 };

/** Static payload types of RFC 3551 §6. */
export const PAYLOAD_TYPE: Readonly<Record<Codec, number>> = { PCMU: 0, PCMA: 8 };

const MU_BIAS = 0x84;
const MU_CLIP = 32_635;

function decodeMu(byte: number): number {
  const u = ~byte & 0xff;
  const magnitude = (((u & 0x0f) << 3) + MU_BIAS) << ((u & 0x70) >> 4);
  return (u & 0x80) !== 0 ? MU_BIAS - magnitude : magnitude - MU_BIAS;
}

function decodeA(byte: number): number {
  const a = byte ^ 0x55;
  const segment = (a & 0x70) >> 4;
  const step = ((a & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return (a & 0x80) !== 0 ? magnitude : -magnitude;
}

/** Position of the highest set bit above bit 7, as the segment number 0…7. */
function segmentOf(magnitude: number): number {
  return Math.max(0, 31 - Math.clz32(magnitude) - 7);
}

/** One 16-bit linear sample to µ-law. */
export function encodeMu(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), MU_CLIP) + MU_BIAS;
  const segment = segmentOf(magnitude);
  return ~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff;
}

/** One 16-bit linear sample to A-law. */
export function encodeA(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = Math.min(sample >= 0 ? sample : -sample - 1, 32_767);
  const segment = segmentOf(magnitude);
  const step = segment === 0 ? magnitude >> 4 : magnitude >> (segment + 3);
  return (sign | (segment << 4) | (step & 0x0f)) ^ 0x55;
}

const table = <T extends Int16Array | Uint8Array>(into: T, f: (i: number) => number): T => {
  for (let i = 0; i < 256; i++) into[i] = f(i);
  return into;
};
const MU_TO_LINEAR = table(new Int16Array(256), decodeMu);
const A_TO_LINEAR = table(new Int16Array(256), decodeA);
const MU_TO_A = table(new Uint8Array(256), (b) => encodeA(decodeMu(b)));
const A_TO_MU = table(new Uint8Array(256), (b) => encodeMu(decodeA(b)));

/** Decoding table of a codec, 256 entries. */
export const linearTable = (codec: Codec): Int16Array => (codec === 'PCMU' ? MU_TO_LINEAR : A_TO_LINEAR);

/** Converts in place from one law to the other. */
export function convertLaw(bytes: Uint8Array, start: number, end: number, from: Codec): void {
  const map = from === 'PCMU' ? MU_TO_A : A_TO_MU;
  for (let i = start; i < end; i++) bytes[i] = map[bytes[i] ?? 0] ?? 0;
}

/** Encodes linear samples. */
export function encode(samples: Int16Array, codec: Codec): Buffer {
  const out = Buffer.allocUnsafe(samples.length);
  const f = codec === 'PCMU' ? encodeMu : encodeA;
  for (let i = 0; i < samples.length; i++) out[i] = f(samples[i] ?? 0);
  return out;
}

/** Decodes G.711 bytes. */
export function decode(bytes: Uint8Array, codec: Codec): Int16Array {
  const out = new Int16Array(bytes.length);
  const map = linearTable(codec);
  for (let i = 0; i < bytes.length; i++) out[i] = map[bytes[i] ?? 0] ?? 0;
  return out;
}
