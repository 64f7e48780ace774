import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../shared/clock.ts';
import type { Random } from '../../shared/random.ts';

/** Digest access authentication (RFC 7616, in SIP: RFC 3261 §22 and RFC 8760), server side, qop=auth only. */
export type DigestAlgorithm = 'MD5' | 'SHA-256';

export interface Credentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly algorithm: DigestAlgorithm;
  readonly qop: string;
  readonly cnonce: string;
  readonly nc: string;
}

const NEEDED = ['username', 'realm', 'nonce', 'uri', 'response'] as const;
const WITH_QOP = ['cnonce', 'nc'] as const;

/**
 * Undefined for anything that is not a complete Digest credential with qop=auth, or without qop, as telephones of RFC 2069
 * send it: then its nonce is good once.
 */
export function parseCredentials(value: string | undefined): Credentials | undefined {
  const fields = credentialFields(value);
  if (fields === undefined) return undefined;
  const algorithm = (fields['algorithm'] ?? 'MD5').toUpperCase();
  if (algorithm !== 'MD5' && algorithm !== 'SHA-256') return undefined;
  if (NEEDED.some((name) => fields[name] === undefined)) return undefined;
  const field = (name: string): string => fields[name] ?? '';
  const qop = field('qop');
  if (qop !== '' && (qop.toLowerCase() !== 'auth' || WITH_QOP.some((name) => fields[name] === undefined)))
    return undefined;
  return {
    username: field('username'),
    realm: field('realm'),
    nonce: field('nonce'),
    uri: field('uri'),
    response: field('response').toLowerCase(),
    algorithm,
    qop,
    cnonce: field('cnonce'),
    nc: qop === '' ? '1' : field('nc'),
  };
}

function credentialFields(value: string | undefined): Record<string, string> | undefined {
  const scheme = /^\s*Digest\s+/i.exec(value ?? '');
  if (!scheme) return undefined;
  const fields: Record<string, string> = {};
  // A name begins where none goes on: each letter is looked at once.
  const pattern = /(?<![\w-])([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;
  const text = (value ?? '').slice(scheme[0].length);
  for (let f = pattern.exec(text); f; f = pattern.exec(text))
    fields[(f[1] ?? '').toLowerCase()] ??= f[2]?.replace(/\\(.)/g, '$1') ?? f[3] ?? '';
  return fields;
}

const hash = (algorithm: DigestAlgorithm, text: string): string =>
  createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(text)
    .digest('hex');

export const ha1Of = (
  username: string,
  realm: string,
  password: string,
  algorithm: DigestAlgorithm = 'MD5',
): string => hash(algorithm, `${username}:${realm}:${password}`);

/** RFC 7616 §3.4.1. */
export function expectedResponse(ha1: string, method: string, c: Credentials): string {
  const ha2 = hash(c.algorithm, `${method}:${c.uri}`);
  const middle = c.qop === '' ? c.nonce : `${c.nonce}:${c.nc}:${c.cnonce}:${c.qop}`;
  return hash(c.algorithm, `${ha1}:${middle}:${ha2}`);
}

/** An HA1 that nobody has: unknown users cost the same work as known ones. */
const NOBODY: Readonly<Record<DigestAlgorithm, string>> = { MD5: '0'.repeat(32), 'SHA-256': '0'.repeat(64) };

/**
 * The HA1 that fits, or undefined. HA1s are hexadecimal; 32 digits are MD5, 64 are SHA-256. Always compares at least
 * once, in constant time, so that an unknown user takes as long as a wrong password.
 */
export function matchingHa1(ha1s: readonly string[], method: string, c: Credentials): string | undefined {
  const length = c.algorithm === 'MD5' ? 32 : 64;
  const usable = ha1s.filter((ha1) => ha1.length === length);
  const given = Buffer.from(c.response.padEnd(length).slice(0, length));
  let found: string | undefined;
  for (const ha1 of usable.length > 0 ? usable : [NOBODY[c.algorithm]]) {
    const fits = timingSafeEqual(Buffer.from(expectedResponse(ha1, method, c)), given);
    if (fits && usable.length > 0 && c.response.length === length) found = ha1;
  }
  return found;
}

export type NonceVerdict = 'fresh' | 'stale' | 'foreign';

export interface Nonces {
  issue(): string;
  /** `stale`: ours, but expired or its count was used before (§3.3); the password may still be right. */
  check(nonce: string, nc: string): NonceVerdict;
}

const LIFETIME_MS = 5 * 60_000;
const MAX_COUNTED = 20_000;

/** Nonces that carry their own time and signature; only the counts of those in use are remembered. */
export function createNonces(clock: Clock, random: Random, lifetimeMs = LIFETIME_MS): Nonces {
  const key = random.bytes(32);
  const counts = new Map<string, number>();
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('hex').slice(0, 24);
  return {
    issue() {
      const text = clock.now().toString(36) + Buffer.from(random.bytes(6)).toString('hex').padStart(12, '0');
      return `${text}.${sign(text)}`;
    },
    check(nonce, nc) {
      const [text = '', signature = ''] = nonce.split('.');
      if (signature !== sign(text)) return 'foreign';
      const at = Number.parseInt(text.slice(0, -12), 36);
      if (!(clock.now() - at < lifetimeMs)) {
        counts.delete(nonce);
        return 'stale';
      }
      const count = Number.parseInt(nc, 16);
      if (!(count > (counts.get(nonce) ?? 0))) return 'stale';
      if (counts.size >= MAX_COUNTED) counts.delete(counts.keys().next().value ?? '');
      counts.set(nonce, count);
      return 'fresh';
    },
  };
}

export function challenge(realm: string, nonce: string, algorithm: DigestAlgorithm, stale: boolean): string {
  return `Digest realm="${realm}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale ? ', stale=true' : ''}`;
}

const ALGORITHMS: Readonly<Record<string, DigestAlgorithm>> = {
  MD5: 'MD5',
  'MD5-SESS': 'MD5',
  'SHA-256': 'SHA-256',
  'SHA-256-SESS': 'SHA-256',
};

/** One challenge of a header that may hold several (RFC 7616 §3.3, RFC 8760 §2.4). */
interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As the peer wrote it; it is given back so. */
  readonly algorithm: string | undefined;
  /** Absent: the peer speaks RFC 2069. */
  readonly qop: 'auth' | undefined;
  readonly stale: boolean;
}

function parseChallenges(value: string): Challenge[] {
  return value.split(/(?=\bDigest\s)/i).flatMap((part) => {
    const field = (name: string): string | undefined => {
      const m = new RegExp(`[\\s,]${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,]+))`, 'i').exec(part);
      return m?.[1]?.replace(/\\(.)/g, '$1') ?? m?.[2];
    };
    const [realm, nonce, algorithm, qop] = [field('realm'), field('nonce'), field('algorithm'), field('qop')];
    if (realm === undefined || nonce === undefined) return [];
    if (ALGORITHMS[(algorithm ?? 'MD5').toUpperCase()] === undefined) return [];
    const offered = (qop ?? '').split(',').map((one) => one.trim().toLowerCase());
    // auth-int alone: its body hash is not spoken.
    if (qop !== undefined && !offered.includes('auth') && offered.some((one) => one !== '')) return [];
    const stale = /^true$/i.test(field('stale') ?? '');
    const auth = offered.includes('auth') ? ('auth' as const) : undefined;
    return [{ realm, nonce, algorithm, opaque: field('opaque'), qop: auth, stale }];
  });
}

/** The password was right and only the nonce was old: worth another answer (RFC 7616 §3.3, `stale`). */
export const isStale = (value: string): boolean => parseChallenges(value).some(({ stale }) => stale);

const quoted = (text: string): string => `"${text.replace(/(["\\])/g, '\\$1')}"`;

/** The client's side (§3.4): credentials for the first challenge that we can answer, or undefined. */
export function answerChallenge(
  value: string,
  user: { readonly username: string; readonly password: string },
  method: string,
  uri: string,
  cnonce: string,
): string | undefined {
  const asked = parseChallenges(value)[0];
  if (asked === undefined) return undefined;
  const { realm, nonce, opaque, qop } = asked;
  const name = (asked.algorithm ?? 'MD5').toUpperCase();
  const algorithm = ALGORITHMS[name] ?? 'MD5';
  const session = name.endsWith('-SESS');
  const nc = '00000001';
  const secret = ha1Of(user.username, realm, user.password, algorithm);
  // §3.4.2: a session's key has both nonces in it.
  const ha1 = session ? hash(algorithm, `${secret}:${nonce}:${cnonce}`) : secret;
  const ha2 = hash(algorithm, `${method}:${uri}`);
  const middle = qop === undefined ? nonce : `${nonce}:${nc}:${cnonce}:${qop}`;
  return [
    `Digest username=${quoted(user.username)}, realm=${quoted(realm)}, nonce=${quoted(nonce)}, uri="${uri}"`,
    `response="${hash(algorithm, `${ha1}:${middle}:${ha2}`)}"`,
    ...(asked.algorithm === undefined ? [] : [`algorithm=${asked.algorithm}`]),
    ...(qop === undefined ? [] : [`qop=${qop}, nc=${nc}`]),
    ...(qop !== undefined || session ? [`cnonce="${cnonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
  ].join(', ');
}
