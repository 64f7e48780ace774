import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../tests/sip/sip-manual-clock.ts';
import { systemRandom } from '../../shared/random.ts';
import {
  answerChallenge,
  challenge,
  createNonces,
  expectedResponse,
  ha1Of,
  matchingHa1,
  parseCredentials,
} from './digest.ts';

/** RFC 7616 §3.9.1: Mufasa, "Circle of Life". */
const VECTOR = (algorithm: string, response: string): string =>
  `Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=${algorithm}, ` +
  `nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, ` +
  `cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="${response}"`;

describe('digest', () => {
  for (const [algorithm, response] of [
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const) {
    it(`computes RFC 7616's vector for ${algorithm}`, () => {
      const credentials = parseCredentials(VECTOR(algorithm, response));
      const ha1 = ha1Of('Mufasa', 'http-auth@example.org', 'Circle of Life', algorithm);
      expect(credentials && expectedResponse(ha1, 'GET', credentials)).toBe(response);
      expect(credentials && matchingHa1(['0'.repeat(ha1.length), ha1], 'GET', credentials)).toBe(ha1);
      expect(credentials && matchingHa1([], 'GET', credentials)).toBeUndefined();
    });
  }

  it('takes nothing incomplete', () => {
    for (const value of [
      undefined,
      '',
      'Basic x',
      'Digest username="a"',
      VECTOR('MD4', 'x'),
      VECTOR('MD5', 'x').replace('qop=auth', 'qop=auth-int'),
    ])
      expect(parseCredentials(value)).toBeUndefined();
  });

  it('a nonce is good for five minutes and each count once', () => {
    const clock = manualClock();
    const nonces = createNonces(clock, systemRandom);
    const nonce = nonces.issue();
    expect(nonces.check(nonce, '00000001')).toBe('fresh');
    expect(nonces.check(nonce, '00000001')).toBe('stale');
    expect(nonces.check(nonce, '00000003')).toBe('fresh');
    expect(nonces.check(nonce, '00000002')).toBe('stale');
    expect(nonces.check(`${nonce}0`, '00000004')).toBe('foreign');
    expect(nonces.check('x', '1')).toBe('foreign');
    clock.advance(300_000);
    expect(nonces.check(nonce, '00000004')).toBe('stale');
  });

  it('client and server agree', () => {
    const asked = challenge('exemplo', 'abc', 'SHA-256', false);
    const value = answerChallenge(asked, { username: 'ana', password: 'p' }, 'INVITE', 'sip:x', 'c');
    const credentials = parseCredentials(value);
    expect(
      credentials && matchingHa1([ha1Of('ana', 'exemplo', 'p', 'SHA-256')], 'INVITE', credentials),
    ).toBeDefined();
  });
});
