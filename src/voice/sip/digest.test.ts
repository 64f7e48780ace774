import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../tests/sip/sip-manual-clock.ts';
import { systemRandom } from '../../shared/random.ts';
import {
  answerChallenge,
  challenge,
  createNonces,
  expectedResponse,
  isStale,
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

  /** RFC 2069 §2.4 as its errata have it, and RFC 7616's session keys by their definition. */
  it.each([
    ['no qop', 'Digest realm="r", nonce="n"', undefined, 'n'],
    ['an empty qop', 'Digest realm="r", nonce="n", qop=""', undefined, 'n'],
    ['MD5 named', 'Digest realm="r", nonce="n", algorithm=MD5', 'MD5', 'n'],
    ['qop among others', 'Digest realm="r", nonce="n", qop="auth-int, auth"', undefined, 'n:00000001:c:auth'],
    [
      'MD5-sess',
      'Digest realm="r", nonce="n", algorithm=MD5-sess, qop="auth"',
      'MD5-sess',
      'n:00000001:c:auth',
    ],
    ['MD5-sess without qop', 'Digest realm="r",nonce="n",algorithm="md5-SESS"', 'md5-SESS', 'n'],
    ['SHA-256', 'Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth"', 'SHA-256', 'n:00000001:c:auth'],
    [
      'SHA-256-sess',
      'Digest realm="r", nonce="n", algorithm=SHA-256-sess, qop=auth',
      'SHA-256-sess',
      'n:00000001:c:auth',
    ],
    [
      'one that we do not speak before one that we do',
      'Digest realm="x", nonce="y", algorithm=SHA-512-256, qop="auth", Digest realm="r", nonce="n", algorithm=MD5',
      'MD5',
      'n',
    ],
  ])('answers a challenge with %s', (_, asked, algorithm, middle) => {
    const value = answerChallenge(asked, { username: 'ana', password: 'p' }, 'INVITE', 'sip:x', 'c') ?? '';
    const kind = /sha/i.test(algorithm ?? '') ? 'sha256' : 'md5';
    const h = (text: string): string => createHash(kind).update(text).digest('hex');
    const secret = h('ana:r:p');
    const ha1 = /sess/i.test(algorithm ?? '') ? h(`${secret}:n:c`) : secret;
    expect(value).toContain(`response="${h(`${ha1}:${middle}:${h('INVITE:sip:x')}`)}"`);
    expect(/algorithm=([\w-]+)/.exec(value)?.[1]).toBe(algorithm);
    expect(value.includes('qop=auth')).toBe(middle !== 'n');
    expect(value.includes('cnonce="c"')).toBe(middle !== 'n' || /sess/i.test(algorithm ?? ''));
  });

  it('answers nothing that it could only answer wrongly', () => {
    for (const asked of [
      '',
      'Basic realm="r"',
      'Digest realm="r"',
      'Digest realm="r", nonce="n", qop="auth-int"',
      'Digest realm="r", nonce="n", algorithm=AKAv1-MD5',
    ])
      expect(
        answerChallenge(asked, { username: 'a', password: 'p' }, 'INVITE', 'sip:x', 'c'),
      ).toBeUndefined();
  });

  it('quotes and backslashes of a realm come back as they were', () => {
    const value = answerChallenge(
      'Digest realm="a\\"b", nonce="n"',
      { username: 'u', password: 'p' },
      'X',
      'x',
      'c',
    );
    expect(value).toContain('realm="a\\"b"');
    expect(parseCredentials(value)?.realm).toBe('a"b');
  });

  it('takes a telephone without qop, once a nonce', () => {
    const nonces = createNonces(manualClock(), systemRandom);
    const asked = `Digest realm="r", nonce="${nonces.issue()}"`;
    const value = answerChallenge(asked, { username: 'ana', password: 'p' }, 'REGISTER', 'sip:x', 'c');
    const credentials = parseCredentials(value);
    expect(credentials && matchingHa1([ha1Of('ana', 'r', 'p')], 'REGISTER', credentials)).toBeDefined();
    const check = () => nonces.check(credentials?.nonce ?? '', credentials?.nc ?? '');
    expect([check(), check()]).toEqual(['fresh', 'stale']);
  });

  it('knows a challenge of an old nonce from one of a wrong password', () => {
    expect(isStale('Digest realm="r", nonce="n", stale=TRUE')).toBe(true);
    expect(isStale('Digest realm="r", nonce="stale=true"')).toBe(false);
    expect(isStale('Digest realm="r", nonce="n", stale=false')).toBe(false);
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
