import { unescaped } from '../../../shared/percent.ts';

/**
 * Readings of header fields. They see what strangers send before anybody has proved who he is: each looks at a character a
 * bounded number of times, so that a message of 64 kB costs a millisecond, whatever it holds.
 */

/** Elements of a comma list; commas in quotes and angle brackets do not count. */
export function splitList(value: string | undefined): string[] {
  if (value === undefined) return [];
  const parts: string[] = [];
  let quoted = false;
  let angle = false;
  let start = 0;
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (quoted) {
      if (c === 92) i++;
      else if (c === 34) quoted = false;
    } else if (c === 34) quoted = true;
    else if (c === 60) angle = true;
    else if (c === 62) angle = false;
    else if (c === 44 && !angle) {
      parts.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(value.slice(start).trim());
  return parts.filter((part) => part !== '');
}

export interface NameAddress {
  readonly name: string | undefined;
  readonly uri: string;
  /** Header parameters, names in lower case; flags have an empty value. */
  readonly params: Readonly<Record<string, string>>;
}

export function parseNameAddress(value: string): NameAddress | undefined {
  return bracketed(value) ?? bare(value);
}

/** `name <uri>;params`. Read by hand: where blanks may stand in three places, a pattern tries each of them for each. */
function bracketed(value: string): NameAddress | undefined {
  const text = value.trimStart();
  const quoted = text.startsWith('"') ? /^"((?:[^"\\]|\\.)*)"/.exec(text) : undefined;
  if (quoted === null) return undefined;
  const rest = quoted === undefined ? text : text.slice(quoted[0].length);
  const open = rest.indexOf('<');
  const close = rest.indexOf('>', open);
  const before = rest.slice(0, Math.max(0, open)).trim();
  if (open === -1 || close === -1 || (quoted === undefined ? before.includes('"') : before !== ''))
    return undefined;
  const name = quoted?.[1]?.replace(/\\(.)/g, '$1') ?? before;
  return {
    name: name === '' ? undefined : name,
    uri: rest.slice(open + 1, close).trim(),
    params: parseParams(rest.slice(close + 1)),
  };
}

/** Without brackets, parameters belong to the header (RFC 3261 §20.10). */
function bare(value: string): NameAddress | undefined {
  const uri = /^\s*([a-zA-Z][a-zA-Z0-9+.-]*:[^\s;,<>"]+)/.exec(value);
  if (!uri) return undefined;
  return { name: undefined, uri: uri[1] ?? '', params: parseParams(value.slice(uri[0].length)) };
}

export function parseParams(text: string): Record<string, string> {
  const params: Record<string, string> = {};
  const pattern = /;\s*([^\s=;,]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;,]*))?/g;
  for (let m = pattern.exec(text); m; m = pattern.exec(text)) {
    params[(m[1] ?? '').toLowerCase()] = m[2] ?? '';
  }
  return params;
}

/** Tag of a From or To value. */
export function tagOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const close = value.lastIndexOf('>');
  const m = /;\s*tag\s*=\s*([^\s;,]+)/i.exec(close === -1 ? value : value.slice(close));
  return m?.[1];
}

export interface SipUri {
  readonly scheme: string;
  /** As its owner knows it: parameters cut, escapes decoded. */
  readonly user: string | undefined;
  /** Without brackets when an IPv6 address. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Readonly<Record<string, string>>;
}

const URI = /^(sips?):(?:([^@]*)@)?(\[[0-9a-fA-F:.]+\]|[^:;?\s]+)(?::(\d{1,5}))?((?:;[^?]*)?)(?:\?.*)?$/i;

/**
 * A user part without its parameters (a telephone subscriber's: cpc, npdi, rn … RFC 3966 §3, RFC 4694) and with its escapes
 * decoded (RFC 3261 §19.1.4). A number that is complete only with its `phone-context` gets that before it.
 */
function plainUser(raw: string): string {
  const [escaped = '', ...params] = raw.split(';');
  const user = unescaped(escaped);
  const context = params.find((param) => /^phone-context=/i.test(param))?.slice('phone-context='.length);
  return context !== undefined && /^\+\d+$/.test(context) && /^[\d().-]+$/.test(user) ? context + user : user;
}

/** The user part of a sip:, sips: or tel: URI, plain; undefined when it has none. */
export function userOf(uri: string): string | undefined {
  const number = /^tel:(.*)$/is.exec(uri.trim())?.[1];
  return number === undefined ? parseUri(uri)?.user : plainUser(number);
}

/** sip: and sips: only; undefined for anything else. */
export function parseUri(text: string): SipUri | undefined {
  const m = URI.exec(text);
  if (!m) return undefined;
  const port = m[4] === undefined ? undefined : Number(m[4]);
  if (port !== undefined && (port === 0 || port > 65535)) return undefined;
  return {
    scheme: (m[1] ?? '').toLowerCase(),
    user: m[2] === undefined ? undefined : plainUser(m[2].split(':', 1)[0] ?? ''),
    host: (m[3] ?? '').replace(/^\[|\]$/g, ''),
    port,
    params: parseParams(m[5] ?? ''),
  };
}

export const wantsTls = ({ scheme, params }: SipUri): boolean =>
  scheme === 'sips' || params['transport']?.toLowerCase() === 'tls';

export interface Via {
  readonly protocol: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Readonly<Record<string, string>>;
}

const VIA = /^\s*SIP\s*\/\s*2\.0\s*\/\s*(\w+)\s+(\[[^\]]+\]|[^\s:;]+)(?:\s*:\s*(\d{1,5}))?\s*((?:;.*)?)$/is;

export function parseVia(value: string): Via | undefined {
  const m = VIA.exec(value);
  if (!m) return undefined;
  return {
    protocol: (m[1] ?? '').toUpperCase(),
    host: (m[2] ?? '').toLowerCase(),
    port: m[3] === undefined ? undefined : Number(m[3]),
    params: parseParams(m[4] ?? ''),
  };
}

export interface CSeq {
  readonly seq: number;
  readonly method: string;
}

export function parseCSeq(value: string | undefined): CSeq | undefined {
  const m = /^\s*(\d{1,10})\s+(\S+)\s*$/.exec(value ?? '');
  if (!m) return undefined;
  const seq = Number(m[1]);
  // RFC 3261 §8.1.1.5: less than 2^31.
  return seq >= 2 ** 31 ? undefined : { seq, method: m[2] ?? '' };
}
