import { describe, expect, it } from 'vitest';
import { isLoopback } from './loopback.ts';

describe('an address of this machine alone', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost', 'LocalHost'])('is %s', (host) =>
    expect(isLoopback(host)).toBe(true),
  );
  it.each([
    '127.example.com',
    '0.0.0.0',
    '::',
    '192.0.2.1',
    '1127.0.0.1',
    '127.0.0',
    'localhost.evil.example',
    '',
  ])('is not %s', (host) => expect(isLoopback(host)).toBe(false));
});
