import { isIP } from 'node:net';

/**
 * Whom an address stands for when connections are counted: an IPv4 address for itself (also when IPv6 maps it, RFC 4291
 * §2.5.5.2), an IPv6 address for its /64, because one subscriber has at least that many (RFC 6177). What is no address stands
 * for itself.
 */
export function networkOf(address: string): string {
  const bare = (address.split('%', 1)[0] ?? '').toLowerCase();
  const mapped = /^::ffff:(?=\d+\.)/.exec(bare);
  if (mapped !== null) return bare.slice(mapped[0].length);
  if (isIP(bare) !== 6) return address;
  const [head = '', tail] = bare.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // A dotted end stands for two groups.
  const length = before.length + after.length + (bare.includes('.') ? 1 : 0);
  const groups = [...before, ...Array<string>(Math.max(0, 8 - length)).fill('0'), ...after];
  const prefix = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${prefix.join(':')}::/64`;
}
