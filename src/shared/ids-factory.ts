import type { Clock } from './clock.ts';
import { ulid } from './ids.ts';
import type { Random } from './random.ts';

/** Makes ULIDs that grow within one process even inside one millisecond, so that their order is the order of arrival. */
export function createIds(clock: Clock, random: Random): () => string {
  let lastMs = 0;
  let tail: Uint8Array = new Uint8Array(10);
  return () => {
    const nowMs = Math.max(clock.now(), lastMs);
    tail = nowMs === lastMs && increment(tail) ? tail : fresh(random);
    lastMs = nowMs;
    return ulid(nowMs, tail);
  };
}

/** The first bit stays free, so that counting up never overflows in practice. */
function fresh(random: Random): Uint8Array {
  const bytes = Uint8Array.from(random.bytes(10));
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes;
}

function increment(bytes: Uint8Array): boolean {
  for (let i = bytes.length - 1; i >= 0; i--) {
    const next = ((bytes[i] ?? 0) + 1) & 0xff;
    bytes[i] = next;
    if (next !== 0) return true;
  }
  return false;
}
