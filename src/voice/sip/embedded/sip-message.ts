/**
 * A SIP message as this edge sees it: header names in lower case, repeated headers joined by a comma (RFC 3261 §7.3.1).
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
}

/** Short header names (RFC 3261 §7.3.3 and §20, RFC 3515, 3841, 3892, 4028, 6665). */
const COMPACT: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
};

const HEADERS_END = '\r\n\r\n';

/** Undefined for what is not SIP. Never throws; the cost grows with the length and with nothing else. */
export function parseSip(text: string): SipMessage | undefined {
  const end = text.indexOf(HEADERS_END);
  // A line that begins with a blank goes on with the one before (§7.3.1).
  const lines = (end === -1 ? text : text.slice(0, end)).split(/\r\n(?![ \t])/);
  const start = readStartLine(lines[0] ?? '');
  const headers = start === undefined ? undefined : readHeaders(lines);
  if (start === undefined || headers === undefined) return undefined;
  return {
    ...start,
    headers,
    body: end === -1 ? '' : cutBody(text.slice(end + 4), headers['content-length']),
  };
}

type StartLine = Pick<SipMessage, 'method' | 'uri' | 'version' | 'status' | 'reason'>;

function readStartLine(line: string): StartLine | undefined {
  const response = /^SIP\/(\d+\.\d+)\s+(\d+)(?=\s|$)/.exec(line);
  if (response) {
    const reason = line.slice(response[0].length).trim();
    if (/[\r\n]/.test(reason)) return undefined;
    return { method: undefined, uri: '', version: response[1] ?? '', status: Number(response[2]), reason };
  }
  const request = /^([\w\-.!%*+`'~]+)\s(\S+)\sSIP\s*\/\s*(\d+\.\d+)/.exec(line);
  if (!request) return undefined;
  return { method: request[1], uri: request[2] ?? '', version: request[3] ?? '', status: 0, reason: '' };
}

/** A line without a name makes the whole message unreadable. */
function readHeaders([, ...lines]: readonly string[]): Record<string, string> | undefined {
  // No prototype: a header may have any name.
  const headers = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const colon = line.indexOf(':');
    const written = line.slice(0, Math.max(0, colon)).trimEnd();
    if (colon === -1 || /\s/.test(written)) return undefined;
    const plain = written.toLowerCase();
    const name = plain.length === 1 ? (COMPACT[plain] ?? plain) : plain;
    const value = line.slice(colon + 1).trimStart();
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return headers;
}

/** Without a length the rest is the body, which only a datagram may have (§18.3). */
function cutBody(rest: string, contentLength: string | undefined): string {
  if (contentLength === undefined) return rest;
  const length = Number(contentLength);
  const bytes = Buffer.from(rest);
  return length >= bytes.length ? rest : bytes.toString('utf8', 0, length > 0 ? length : 0);
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
