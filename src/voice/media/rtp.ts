/** RTP header of RFC 3550 §5.1 as offsets into the packet: nothing is allocated on the hot path. */
export const RTP_HEADER = 12;
/** Larger than any G.711 packet that we would relay (200 ms); what is larger is dropped. */
export const MAX_RTP_PACKET = 1_700;

/** Offset of the payload, or −1 for what is not a sound RTP packet. */
export function payloadStart(packet: Buffer): number {
  const length = packet.length;
  if (length < RTP_HEADER || length > MAX_RTP_PACKET) return -1;
  const first = packet[0] ?? 0;
  if (first >>> 6 !== 2) return -1;
  let offset = RTP_HEADER + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (offset + 4 > length) return -1;
    offset += 4 + packet.readUInt16BE(offset + 2) * 4;
  }
  return offset <= length ? offset : -1;
}

/** End of the payload without padding, or −1 when the padding count lies. */
export function payloadEnd(packet: Buffer, start: number): number {
  const length = packet.length;
  if (((packet[0] ?? 0) & 0x20) === 0) return length;
  const padding = packet[length - 1] ?? 0;
  return padding === 0 || length - padding < start ? -1 : length - padding;
}

/** RFC 5761 §4: RTCP types 192–223 share the port with RTP. */
export function isRtcp(packet: Buffer): boolean {
  const type = packet[1] ?? 0;
  return packet.length >= 8 && (packet[0] ?? 0) >>> 6 === 2 && type >= 192 && type <= 223;
}

export const marker = (packet: Buffer): boolean => ((packet[1] ?? 0) & 0x80) !== 0;
export const payloadType = (packet: Buffer): number => (packet[1] ?? 0) & 0x7f;
export const sequence = (packet: Buffer): number => ((packet[2] ?? 0) << 8) | (packet[3] ?? 0);
const u32 = (packet: Buffer, at: number): number =>
  (((packet[at] ?? 0) << 24) |
    ((packet[at + 1] ?? 0) << 16) |
    ((packet[at + 2] ?? 0) << 8) |
    (packet[at + 3] ?? 0)) >>>
  0;
export const timestamp = (packet: Buffer): number => u32(packet, 4);
export const ssrcOf = (packet: Buffer): number => u32(packet, 8);

/** Writes the 12 fixed bytes at `at`; no padding, extension or CSRC. */
export function writeHeader(
  packet: Buffer,
  at: number,
  typeAndMarker: number,
  seq: number,
  ts: number,
  ssrc: number,
): void {
  packet[at] = 0x80;
  packet[at + 1] = typeAndMarker;
  packet[at + 2] = seq >>> 8;
  packet[at + 3] = seq;
  packet[at + 4] = ts >>> 24;
  packet[at + 5] = ts >>> 16;
  packet[at + 6] = ts >>> 8;
  packet[at + 7] = ts;
  packet[at + 8] = ssrc >>> 24;
  packet[at + 9] = ssrc >>> 16;
  packet[at + 10] = ssrc >>> 8;
  packet[at + 11] = ssrc;
}
