import { AppError } from '../shared/errors.ts';

/** Decoded sound: one channel, samples in −1…1. */
export interface Sound {
  readonly sampleRate: number;
  readonly samples: Float32Array;
}

const bad = (why: string) => new AppError('speech.badWav', 422, `This WAV file cannot be used: ${why}.`);

interface Format {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

/** Reads RIFF/WAVE with PCM of 8, 16, 24 or 32 bits or IEEE float of 32; stereo is mixed down. Throws `speech.badWav`. */
export function decodeWav(file: Uint8Array): Sound {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (
    buffer.length < 12 ||
    buffer.toString('latin1', 0, 4) !== 'RIFF' ||
    buffer.toString('latin1', 8, 12) !== 'WAVE'
  )
    throw bad('it has no RIFF/WAVE header');
  let format: Format | undefined;
  for (let at = 12; at + 8 <= buffer.length; ) {
    const id = buffer.toString('latin1', at, at + 4);
    const size = buffer.readUInt32LE(at + 4);
    const body = buffer.subarray(at + 8, Math.min(buffer.length, at + 8 + size));
    if (id === 'fmt ') format = readFormat(body);
    if (id === 'data') {
      if (format === undefined) throw bad('its data comes before its format');
      return { sampleRate: format.sampleRate, samples: readSamples(body, format) };
    }
    // Chunks are padded to an even length (RIFF specification, 1991).
    at += 8 + size + (size % 2);
  }
  throw bad('it has no data');
}

function readFormat(body: Buffer): Format {
  if (body.length < 16) throw bad('its format is cut short');
  const plainTag = body.readUInt16LE(0);
  // WAVE_FORMAT_EXTENSIBLE carries the real tag in the first two bytes of its GUID.
  const tag = plainTag === 0xfffe && body.length >= 26 ? body.readUInt16LE(24) : plainTag;
  const format = {
    tag,
    channels: body.readUInt16LE(2),
    sampleRate: body.readUInt32LE(4),
    bits: body.readUInt16LE(14),
  };
  const known = (tag === 1 && [8, 16, 24, 32].includes(format.bits)) || (tag === 3 && format.bits === 32);
  if (!known || format.channels < 1 || format.channels > 8)
    throw bad(`format ${tag} with ${format.bits} bits is not PCM`);
  if (format.sampleRate < 4000 || format.sampleRate > 192_000) throw bad(`rate ${format.sampleRate} Hz`);
  return format;
}

function readSamples(body: Buffer, format: Format): Float32Array {
  const bytes = format.bits / 8;
  const frames = Math.floor(body.length / (bytes * format.channels));
  const samples = new Float32Array(frames);
  const read = sampleReader(body, format);
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    for (let c = 0; c < format.channels; c++) sum += read((frame * format.channels + c) * bytes);
    samples[frame] = sum / format.channels;
  }
  return samples;
}

function sampleReader(body: Buffer, format: Format): (at: number) => number {
  if (format.tag === 3) return (at) => body.readFloatLE(at);
  if (format.bits === 8) return (at) => (body.readUInt8(at) - 128) / 128;
  const scale = 2 ** (format.bits - 1);
  const bytes = format.bits / 8;
  return (at) => body.readIntLE(at, bytes) / scale;
}

/** PCM 16 bit mono WAV. */
export function encodeWav(sound: Sound): Buffer {
  const data = sound.samples.length * 2;
  const out = Buffer.alloc(44 + data);
  out.write('RIFF', 0, 'latin1');
  out.writeUInt32LE(36 + data, 4);
  out.write('WAVEfmt ', 8, 'latin1');
  out.writeUInt32LE(16, 16);
  out.writeUInt16LE(1, 20);
  out.writeUInt16LE(1, 22);
  out.writeUInt32LE(sound.sampleRate, 24);
  out.writeUInt32LE(sound.sampleRate * 2, 28);
  out.writeUInt16LE(2, 32);
  out.writeUInt16LE(16, 34);
  out.write('data', 36, 'latin1');
  out.writeUInt32LE(data, 40);
  sound.samples.forEach((s, i) =>
    out.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(s * 32767))), 44 + i * 2),
  );
  return out;
}

/** Length of a WAV that `encodeWav` wrote, in milliseconds, from its header and size. */
export function wavLengthMs(file: Uint8Array): number {
  const { samples, sampleRate } = decodeWav(file);
  return (samples.length / sampleRate) * 1000;
}
