/**
 * Identifiers are opaque strings, branded so that one kind cannot be passed for another.
 * New ones are ULIDs (48 bits of milliseconds, 80 random bits, Crockford base 32): they sort by time of birth.
 */
declare const brand: unique symbol;
type Branded<B extends string> = string & { readonly [brand]: B };

export type CompanyId = Branded<'CompanyId'>;
export type InteractionId = Branded<'InteractionId'>;
export type AgentId = Branded<'AgentId'>;
export type CustomerId = Branded<'CustomerId'>;
export type QueueKey = Branded<'QueueKey'>;
export type ProtocolNumber = Branded<'ProtocolNumber'>;
export type MessageId = Branded<'MessageId'>;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new ULID. `nowMs` is milliseconds since the epoch, `random` gives 10 random bytes. */
export function ulid(nowMs: number, random: Uint8Array): string {
  let time = '';
  for (let i = 0, t = nowMs; i < 10; i++) {
    time = (ALPHABET[t % 32] ?? '0') + time;
    t = Math.floor(t / 32);
  }
  let tail = '';
  let bits = 0;
  let acc = 0;
  for (const byte of random.subarray(0, 10)) {
    acc = (acc << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      tail += ALPHABET[(acc >>> bits) & 31] ?? '0';
      acc &= (1 << bits) - 1;
    }
  }
  return time + tail;
}
