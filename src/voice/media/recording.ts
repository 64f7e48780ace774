import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { AppError } from '../../shared/errors.ts';
import { linearTable } from './g711.ts';
import { parseWav, WAVE, wavHeader } from './wav.ts';

const HEADER = 44;
/** Bytes of one stereo PCM16 frame in what is served, and of G.711 on disk. */
const SERVED_FRAME = 4;
const STORED_FRAME = 2;
const CHUNK_FRAMES = 16_384;

/** A range of served bytes, both ends included as in HTTP (RFC 9110 §14.1.2). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A recording as WAV PCM16 8 kHz stereo, left the peer, right what it heard; decoded while it is read. */
export interface Recording {
  /** Bytes of the whole WAV; an unfinished recording is cut at what was on disk when it was opened. */
  readonly sizeBytes: number;
  readonly durationMs: number;
  /** The WAV, or a part of it. Ends at `sizeBytes` whatever the range asks. */
  stream(range?: ByteRange): Readable;
}

/**
 * Opens what is on disk, finished or not: the length is that of the file, not of its header, so that a recording cut by
 * kill -9 is whole up to its last flush. Throws AppError `media.noRecording`.
 */
export async function openRecording(path: string): Promise<Recording> {
  const { bytes, table, offset } = await inspect(path);
  const frames = Math.floor((bytes - offset) / STORED_FRAME);
  const sizeBytes = HEADER + frames * SERVED_FRAME;
  return {
    sizeBytes,
    durationMs: Math.round(frames / 8),
    stream: (range) =>
      Readable.from(
        decoded(path, table, offset, frames, {
          start: Math.max(0, range?.start ?? 0),
          end: Math.min(sizeBytes - 1, range?.end ?? sizeBytes - 1),
        }),
        { objectMode: false },
      ),
  };
}

async function inspect(path: string): Promise<{ bytes: number; table: Int16Array; offset: number }> {
  const gone = (why: string): AppError => new AppError('media.noRecording', 404, why);
  const file = await open(path, 'r').catch((error: unknown) => {
    throw gone(String(error));
  });
  try {
    const head = Buffer.alloc(HEADER);
    const { bytesRead } = await file.read(head, 0, HEADER, 0);
    const info = parseWav(head.subarray(0, bytesRead));
    if (info?.channels !== 2 || (info.format !== WAVE.mulaw && info.format !== WAVE.alaw))
      throw gone('not a recording of ours');
    const { size } = await file.stat();
    const table = linearTable(info.format === WAVE.mulaw ? 'PCMU' : 'PCMA');
    return { bytes: size, table, offset: info.dataOffset };
  } finally {
    await file.close();
  }
}

async function* decoded(
  path: string,
  table: Int16Array,
  offset: number,
  frames: number,
  range: ByteRange,
): AsyncGenerator<Buffer> {
  let at = range.start;
  if (at < HEADER) {
    yield wavHeader(WAVE.pcm, 2, 8000, frames * SERVED_FRAME).subarray(at, range.end + 1);
    at = HEADER;
  }
  if (at > range.end) return;
  const file = await open(path, 'r');
  try {
    while (at <= range.end) {
      const frame = Math.floor((at - HEADER) / SERVED_FRAME);
      const wanted = Math.min(CHUNK_FRAMES, Math.ceil((range.end + 1 - HEADER) / SERVED_FRAME) - frame);
      const pcm = await readFrames(file, table, offset + frame * STORED_FRAME, wanted);
      if (pcm.length === 0) return;
      const base = HEADER + frame * SERVED_FRAME;
      yield pcm.subarray(at - base, range.end + 1 - base);
      at = base + pcm.length;
    }
  } finally {
    await file.close();
  }
}

async function readFrames(file: FileHandle, table: Int16Array, at: number, frames: number): Promise<Buffer> {
  const stored = Buffer.allocUnsafe(frames * STORED_FRAME);
  const { bytesRead } = await file.read(stored, 0, stored.length, at);
  const samples = bytesRead - (bytesRead % STORED_FRAME);
  const pcm = Buffer.allocUnsafe(samples * 2);
  for (let i = 0; i < samples; i++) pcm.writeInt16LE(table[stored[i] ?? 0] ?? 0, i * 2);
  return pcm;
}
