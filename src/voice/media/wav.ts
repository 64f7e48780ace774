import type { Codec } from './g711.ts';
import { decode, encode } from './g711.ts';

/** WAV format tags (RFC 2361). */
export const WAVE = { pcm: 1, alaw: 6, mulaw: 7 } as const;

export interface WavInfo {
  readonly format: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
  /** Where samples start, and how many bytes the header claims; a header of an unfinished file claims 0 or 0xFFFFFFFF. */
  readonly dataOffset: number;
  readonly dataBytes: number;
}

/** A header for PCM16 or G.711. `dataBytes` may be more than 4 GiB − 1: then the field says "to the end". */
export function wavHeader(format: number, channels: number, rate: number, dataBytes: number): Buffer {
  const width = format === WAVE.pcm ? 2 : 1;
  const size = Math.min(dataBytes, 0xffff_ffff - 36);
  const h = Buffer.alloc(44);
  h.write('RIFF', 0, 'latin1');
  h.writeUInt32LE(36 + size, 4);
  h.write('WAVEfmt ', 8, 'latin1');
  h.writeUInt32LE(16, 16);
  h.writeUInt16LE(format, 20);
  h.writeUInt16LE(channels, 22);
  h.writeUInt32LE(rate, 24);
  h.writeUInt32LE(rate * channels * width, 28);
  h.writeUInt16LE(channels * width, 32);
  h.writeUInt16LE(width * 8, 34);
  h.write('data', 36, 'latin1');
  h.writeUInt32LE(size, 40);
  return h;
}

/** Reads the chunks up to `data`, or undefined when it is no WAV that we know. */
export function parseWav(file: Buffer): WavInfo | undefined {
  if (
    file.length < 12 ||
    file.toString('latin1', 0, 4) !== 'RIFF' ||
    file.toString('latin1', 8, 12) !== 'WAVE'
  )
    return undefined;
  let at = 12;
  let fmt: Omit<WavInfo, 'dataOffset' | 'dataBytes'> | undefined;
  while (at + 8 <= file.length) {
    const id = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    at += 8;
    if (id === 'fmt ' && at + 16 <= file.length) {
      fmt = {
        format: file.readUInt16LE(at),
        channels: file.readUInt16LE(at + 2),
        rate: file.readUInt32LE(at + 4),
        bits: file.readUInt16LE(at + 14),
      };
    }
    if (id === 'data') return fmt === undefined ? undefined : { ...fmt, dataOffset: at, dataBytes: size };
    at += size + (size & 1);
  }
  return undefined;
}

const lawOf = (format: number): Codec | undefined =>
  format === WAVE.mulaw ? 'PCMU' : format === WAVE.alaw ? 'PCMA' : undefined;

/** The samples of an 8 kHz mono WAV (PCM16, µ-law or A-law) as G.711, or a reason why not. */
export function wavToG711(file: Buffer, codec: Codec): Buffer | string {
  const info = parseWav(file);
  if (info === undefined) return 'not a WAV file';
  if (info.rate !== 8000 || info.channels !== 1)
    return `needs 8 kHz mono, has ${info.rate} Hz and ${info.channels} channels`;
  const claimed = info.dataBytes === 0 ? file.length : info.dataOffset + info.dataBytes;
  const data = file.subarray(info.dataOffset, Math.min(claimed, file.length));
  if (info.format === WAVE.pcm && info.bits === 16) {
    const samples = new Int16Array(data.length >> 1);
    for (let i = 0; i < samples.length; i++) samples[i] = data.readInt16LE(i * 2);
    return encode(samples, codec);
  }
  const law = lawOf(info.format);
  if (law === undefined || info.bits !== 8)
    return `format ${info.format} with ${info.bits} bits is not supported`;
  return law === codec ? Buffer.from(data) : encode(decode(data, law), codec);
}
