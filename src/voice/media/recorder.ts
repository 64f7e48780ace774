import { write as writeFile } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { SILENCE, convertLaw, type Codec } from './g711.ts';
import { WAVE, wavHeader } from './wav.ts';

/** Samples held before they reach the file: room for late packets, and the bound of what kill -9 can lose. */
const FLUSH_BEHIND_MS = 200;
/** How often the file grows. */
export const FLUSH_EVERY_MS = 700;
/** Recordings are written in groups, so that one wake-up of the writing thread serves several; never all in one go. */
const SLOT_MS = 100;
const nextFlush = (nowMs: number): number => Math.floor((nowMs + FLUSH_EVERY_MS) / SLOT_MS) * SLOT_MS;
/** Frames in memory, about 2 s; a power of two, so that positions wrap by a mask. */
const RING = 16_384;
const RING_MASK = RING * 2 - 1;
/** A source whose clock strays more than this from wall time is placed anew. */
const MAX_DRIFT = 1_600;

/** Where the next samples of one side belong. */
interface Side {
  readonly channel: 0 | 1;
  /** Sample position minus RTP timestamp of the current source. */
  offset: number;
  ssrc: number;
}

/**
 * Stereo G.711 on disk (WAV, formats 6 and 7): left the peer, right what we send it. Samples are placed by wall time at
 * the start of a source and by RTP timestamps from then on; what never came stays silence. The header says how long the
 * file was at the last proper end; readers go by the file's size, so that an unfinished one is whole.
 */
export interface Recorder {
  /** Payload bytes [start, end) of a packet, in law `codec`. `ts` and `ssrc` as in the packet. */
  left(
    packet: Buffer,
    start: number,
    end: number,
    codec: Codec,
    ts: number,
    ssrc: number,
    nowMs: number,
  ): void;
  right(
    packet: Buffer,
    start: number,
    end: number,
    codec: Codec,
    ts: number,
    ssrc: number,
    nowMs: number,
  ): void;
  /** Writes what is old enough; called by the ticker, cheap when nothing is due. */
  flush(nowMs: number): void;
  /** Writes the rest and the header, closes the file; idempotent. */
  stop(nowMs: number): Promise<void>;
}

/** `onError`: the disk refused; the recording ends there, the call goes on. */
export async function createRecorder(
  path: string,
  codec: Codec,
  startMs: number,
  onError: (error: unknown) => void,
): Promise<Recorder> {
  const file = await open(path, 'w', 0o600);
  const format = codec === 'PCMU' ? WAVE.mulaw : WAVE.alaw;
  await file.write(wavHeader(format, 2, 8000, 0), 0, 44, 0);
  return new StereoRecorder(file, codec, format, startMs, onError);
}

class StereoRecorder implements Recorder {
  private readonly file: FileHandle;
  private readonly codec: Codec;
  private readonly format: number;
  private readonly startMs: number;
  private readonly onError: (error: unknown) => void;
  private readonly ring: Buffer;
  private readonly sides: readonly [Side, Side] = [
    { channel: 0, offset: 0, ssrc: -1 },
    { channel: 1, offset: 0, ssrc: -1 },
  ];
  private flushed = 0;
  private nextFlushMs: number;
  private drained: () => void = () => undefined;
  private pending = 0;
  private stopped: Promise<void> | undefined;

  constructor(
    file: FileHandle,
    codec: Codec,
    format: number,
    startMs: number,
    onError: (error: unknown) => void,
  ) {
    this.file = file;
    this.codec = codec;
    this.format = format;
    this.startMs = startMs;
    this.onError = onError;
    this.ring = Buffer.alloc(RING * 2, SILENCE[codec]);
    this.nextFlushMs = nextFlush(startMs);
  }

  left(
    packet: Buffer,
    start: number,
    end: number,
    codec: Codec,
    ts: number,
    ssrc: number,
    nowMs: number,
  ): void {
    this.place(this.sides[0], packet, start, end, codec, ts, ssrc, nowMs);
  }

  right(
    packet: Buffer,
    start: number,
    end: number,
    codec: Codec,
    ts: number,
    ssrc: number,
    nowMs: number,
  ): void {
    this.place(this.sides[1], packet, start, end, codec, ts, ssrc, nowMs);
  }

  private place(
    side: Side,
    packet: Buffer,
    start: number,
    end: number,
    codec: Codec,
    ts: number,
    ssrc: number,
    nowMs: number,
  ): void {
    if (this.stopped !== undefined) return;
    let from = packet;
    let at = start;
    if (codec !== this.codec) {
      from = Buffer.from(packet.subarray(start, end));
      at = 0;
      convertLaw(from, 0, from.length, codec);
    }
    const length = end - start;
    // A packet carries sound that was spoken before it arrived.
    const wall = Math.round((nowMs - this.startMs) * 8) - length;
    let position = (ts + side.offset) | 0;
    if (ssrc !== side.ssrc || Math.abs(position - wall) > MAX_DRIFT) {
      side.ssrc = ssrc;
      side.offset = (wall - ts) | 0;
      position = wall;
    }
    this.copy(from, at, length, position, side.channel);
  }

  private copy(from: Buffer, at: number, length: number, position: number, channel: number): void {
    const { ring } = this;
    const skip = Math.max(0, this.flushed - position);
    const limit = Math.min(length, this.flushed + RING - position);
    let to = ((position + skip) % RING) * 2 + channel;
    for (let i = at + skip; i < at + limit; i++) {
      ring[to] = from[i] ?? 0;
      to = (to + 2) & RING_MASK;
    }
  }

  flush(nowMs: number): void {
    if (nowMs < this.nextFlushMs || this.stopped !== undefined) return;
    this.nextFlushMs = nextFlush(nowMs);
    this.append(Math.floor((nowMs - this.startMs - FLUSH_BEHIND_MS) * 8));
  }

  stop(nowMs: number): Promise<void> {
    this.stopped ??= this.finish(nowMs);
    return this.stopped;
  }

  private async finish(nowMs: number): Promise<void> {
    this.append(Math.floor((nowMs - this.startMs) * 8));
    if (this.pending > 0) await new Promise<void>((resolve) => (this.drained = resolve));
    try {
      await this.file.write(wavHeader(this.format, 2, 8000, this.flushed * 2), 0, 44, 0);
    } catch (error) {
      this.onError(error);
    }
    await this.file.close().catch(this.onError);
  }

  /** Moves samples up to `until` from the ring to the file; a stall longer than the ring is filled with silence. */
  private append(until: number): void {
    while (this.flushed < until && this.pending < 64) {
      const from = this.flushed % RING;
      const count = Math.min(until - this.flushed, RING - from);
      const region = this.ring.subarray(from * 2, (from + count) * 2);
      const chunk = Buffer.from(region);
      region.fill(SILENCE[this.codec]);
      this.write(chunk, 44 + this.flushed * 2);
      this.flushed += count;
    }
  }

  /** The plain call on the descriptor: a promise chain for each write would cost more than the write. */
  private write(chunk: Buffer, at: number): void {
    this.pending++;
    writeFile(this.file.fd, chunk, 0, chunk.length, at, (error) => {
      this.pending--;
      if (error !== null) this.onError(error);
      if (this.pending === 0) this.drained();
    });
  }
}
