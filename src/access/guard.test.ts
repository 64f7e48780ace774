import { describe, expect, it } from 'vitest';
import { LOCK, SLOW, slowMs } from './domain/lockout.ts';
import { networkOf } from './guard.ts';

describe('a name that is guessed from many addresses', () => {
  it('waits after the free attempts, each time twice as long, up to the most', () => {
    const attempts: number[] = [];
    const waits: number[] = [];
    let now = 1_000_000;
    for (let i = 0; i < SLOW.free + 6; i++) {
      const waitMs = slowMs(attempts, now);
      waits.push(waitMs / 1000);
      now += waitMs;
      attempts.push(now);
    }
    expect(waits).toEqual([...Array<number>(SLOW.free).fill(0), 1, 2, 4, 8, 16, 32]);
    expect(slowMs(Array<number>(29).fill(now), now)).toBe(SLOW.mostMs);
    expect(slowMs(attempts, now + LOCK.windowMs)).toBe(0);
  });
});

describe('the network of an address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
