import { RTP_HEADER, sequence, ssrcOf, timestamp, writeHeader } from './rtp.ts';

/**
 * One outgoing RTP stream: one SSRC for life, sequence and timestamp continuous whatever feeds it
 * (comfort → prompt → relayed leg → music). RFC 3550 §5.1; the marker opens each talkspurt (RFC 3551 §4.1).
 *
 * A relayed source keeps its own spacing: losses and reordering upstream stay visible to the receiver.
 */
export class OutStream {
  readonly ssrc: number;
  sent = 0;
  octets = 0;
  /** Timestamp of the last packet, for RTCP. */
  ts: number;
  lastAtMs = 0;
  private seq: number;
  /** Who fed the last packet: an object's identity, undefined at birth. */
  private source: object | undefined;
  private sourceSsrc = -1;
  private seqOffset = 0;
  private tsOffset = 0;

  constructor(random: Buffer) {
    this.ssrc = random.readUInt32BE(0);
    this.seq = random.readUInt16BE(4) & 0x7fff;
    this.ts = random.readUInt32BE(6);
  }

  /**
   * Rewrites a packet of another leg for this one. The header is laid right before the payload, so extensions and
   * CSRCs fall away; the result shares the packet's memory.
   */
  relay(packet: Buffer, start: number, end: number, type: number, source: object, nowMs: number): Buffer {
    const inSeq = sequence(packet);
    const inTs = timestamp(packet);
    const ssrc = ssrcOf(packet);
    let mark = (packet[1] ?? 0) & 0x80;
    if (source !== this.source || ssrc !== this.sourceSsrc) {
      this.source = source;
      this.sourceSsrc = ssrc;
      this.seqOffset = (this.seq + 1 - inSeq) & 0xffff;
      this.tsOffset = (this.nextTs(nowMs) - inTs) >>> 0;
      mark = 0x80;
    }
    const seq = (inSeq + this.seqOffset) & 0xffff;
    const ts = (inTs + this.tsOffset) >>> 0;
    // A late packet must not pull the end of the stream back.
    if (((seq - this.seq) & 0xffff) < 0x8000) {
      this.seq = seq;
      this.ts = ts;
    }
    const at = start - RTP_HEADER;
    writeHeader(packet, at, mark | type, seq, ts, this.ssrc);
    this.count(end - start, nowMs);
    return at === 0 && end === packet.length ? packet : packet.subarray(at, end);
  }

  /** A packet of our own: `payload` of G.711, one byte a timestamp unit, that follows the last one of this source. */
  own(payload: Buffer, type: number, source: object, nowMs: number): Buffer {
    let mark = 0;
    if (source !== this.source) {
      this.source = source;
      this.ts = this.nextTs(nowMs);
      mark = 0x80;
    } else {
      this.ts = (this.ts + payload.length) >>> 0;
    }
    return this.write(payload, mark | type, this.ts, nowMs);
  }

  /** Starts a telephone event: its timestamp is that of the key's beginning (RFC 4733 §2.2.1). */
  startEvent(source: object, nowMs: number): number {
    this.ts = this.nextTs(nowMs);
    this.source = source;
    return this.ts;
  }

  /** An event packet at the event's timestamp. */
  event(payload: Buffer, type: number, first: boolean, ts: number, nowMs: number): Buffer {
    return this.write(payload, (first ? 0x80 : 0) | type, ts, nowMs);
  }

  private write(payload: Buffer, typeAndMarker: number, ts: number, nowMs: number): Buffer {
    this.seq = (this.seq + 1) & 0xffff;
    const packet = Buffer.allocUnsafe(RTP_HEADER + payload.length);
    writeHeader(packet, 0, typeAndMarker, this.seq, ts, this.ssrc);
    payload.copy(packet, RTP_HEADER);
    this.count(payload.length, nowMs);
    return packet;
  }

  private nextTs(nowMs: number): number {
    // Time that passed in silence passes in timestamps too, at least one packet's worth.
    const gap = this.lastAtMs === 0 ? 160 : Math.max(160, Math.round((nowMs - this.lastAtMs) * 8));
    return (this.ts + gap) >>> 0;
  }

  private count(octets: number, nowMs: number): void {
    this.sent++;
    this.octets += octets;
    this.lastAtMs = nowMs;
  }
}
