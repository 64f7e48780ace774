import { loadParser } from './parser.ts';

const parser = loadParser();

/**
 * A SIP message as this edge sees it: header names in lower case, repeated headers joined by a comma
 * (RFC 3261 §7.3.1). The grammar is drachtio-srf's parser; here are only typed readings and the writing.
 */
export interface SipMessage {
  readonly method: string | undefined;
  readonly uri: string;
  readonly version: string;
  /** 0 in a request. */
  readonly status: number;
  readonly reason: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Parts of a multipart body; one part otherwise. */
  readonly payload: readonly { readonly type?: string | null; readonly content?: string }[];
}

/** What the parser makes of `e`. */
const MISTAKEN = 'contact-encoding';
/** Compact names that the parser leaves as they are (RFC 3261 §7.3.3, RFC 3515, 3892, 4028, 6665). */
const COMPACT: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  d: 'request-disposition',
  e: 'content-encoding',
  [MISTAKEN]: 'content-encoding',
  o: 'event',
  r: 'refer-to',
  u: 'allow-events',
  x: 'session-expires',
};

/** Undefined for what is not SIP. Never throws. */
export function parseSip(text: string): SipMessage | undefined {
  try {
    const m = parser.parseSipMessage(text, true);
    if (m === undefined) return undefined;
    for (const name of Object.keys(m.headers)) {
      const long = name.length === 1 || name === MISTAKEN ? COMPACT[name] : undefined;
      if (long !== undefined) {
        const value = m.headers[name] ?? '';
        m.headers[long] = m.headers[long] === undefined ? value : `${m.headers[long]},${value}`;
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a fresh record, owned here
        delete m.headers[name];
      }
    }
    return {
      method: m.method,
      uri: m.uri ?? '',
      version: m.version,
      status: m.status ?? 0,
      reason: m.reason ?? '',
      headers: m.headers,
      body: m.body ?? '',
      payload: m.payload ?? [],
    };
  } catch {
    return undefined;
  }
}

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

const NAME_ADDR = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<\s*([^>]*?)\s*>(.*)$/s;

export function parseNameAddress(value: string): NameAddress | undefined {
  const bracketed = NAME_ADDR.exec(value);
  if (bracketed) {
    const name = bracketed[1]?.replace(/\\(.)/g, '$1') ?? bracketed[2];
    return {
      name: name === '' ? undefined : name,
      uri: bracketed[3] ?? '',
      params: parseParams(bracketed[4] ?? ''),
    };
  }
  // Without brackets, parameters belong to the header (RFC 3261 §20.10).
  const bare = /^\s*([a-zA-Z][a-zA-Z0-9+.-]*:[^\s;,<>"]+)(.*)$/s.exec(value);
  if (!bare) return undefined;
  return { name: undefined, uri: bare[1] ?? '', params: parseParams(bare[2] ?? '') };
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
  readonly user: string | undefined;
  /** Without brackets when an IPv6 address. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Readonly<Record<string, string>>;
}

const URI = /^(sips?):(?:([^@]*)@)?(\[[0-9a-fA-F:.]+\]|[^:;?\s]+)(?::(\d{1,5}))?((?:;[^?]*)?)(?:\?.*)?$/i;

/** sip: and sips: only; undefined for anything else. */
export function parseUri(text: string): SipUri | undefined {
  const m = URI.exec(text);
  if (!m) return undefined;
  const port = m[4] === undefined ? undefined : Number(m[4]);
  if (port !== undefined && (port === 0 || port > 65535)) return undefined;
  return {
    scheme: (m[1] ?? '').toLowerCase(),
    user: m[2]?.split(':', 1)[0],
    host: (m[3] ?? '').replace(/^\[|\]$/g, ''),
    port,
    params: parseParams(m[5] ?? ''),
  };
}

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

const NAMES: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'www-authenticate': 'WWW-Authenticate',
  rack: 'RAck',
  rseq: 'RSeq',
  'min-se': 'Min-SE',
};
const nameCache = new Map<string, string>();

function wireName(name: string): string {
  let wire = NAMES[name] ?? nameCache.get(name);
  if (wire === undefined) {
    wire = name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
    if (nameCache.size < 500) nameCache.set(name, wire);
  }
  return wire;
}

/** Line breaks in a value would let a caller write headers of its own. */
const clean = (value: string): string => (/[\r\n]/.test(value) ? value.replace(/[\r\n]+\s*/g, ' ') : value);

/** Writes a message; Content-Length counts bytes (RFC 3261 §20.14). */
export function writeSip(
  startLine: string,
  headers: Iterable<readonly [string, string]>,
  body: string,
): string {
  let text = `${startLine}\r\n`;
  for (const [name, value] of headers) text += `${wireName(name)}: ${clean(value)}\r\n`;
  return `${text}Content-Length: ${body === '' ? 0 : Buffer.byteLength(body)}\r\n\r\n${body}`;
}
