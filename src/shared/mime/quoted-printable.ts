const LF = 10;
const CR = 13;
const EQUALS = 61;

/** RFC 2045 §6.7; what is no escape stays as it is. */
export function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let to = 0;
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    if (byte === EQUALS) {
      const first = hex(bytes[at + 1]);
      const second = hex(bytes[at + 2]);
      if (first >= 0 && second >= 0) {
        out[to++] = first * 16 + second;
        at += 3;
        continue;
      }
      const broken = softBreak(bytes, at + 1);
      if (broken !== undefined) {
        at = broken;
        continue;
      }
    }
    out[to++] = byte;
    at += 1;
  }
  return out.subarray(0, to);
}

const hex = (byte: number | undefined): number =>
  byte === undefined
    ? -1
    : byte >= 48 && byte <= 57
      ? byte - 48
      : byte >= 65 && byte <= 70
        ? byte - 55
        : byte >= 97 && byte <= 102
          ? byte - 87
          : -1;

/** Blanks that a relay added behind the `=` are looked over; more of them than fit into a line are none of that. */
const MAX_TRAILING = 80;

function softBreak(bytes: Buffer, start: number): number | undefined {
  let at = start;
  while (at - start < MAX_TRAILING && (bytes[at] === 32 || bytes[at] === 9)) at += 1;
  if (at >= bytes.length) return at;
  if (bytes[at] === CR && bytes[at + 1] === LF) return at + 2;
  return bytes[at] === LF ? at + 1 : undefined;
}
