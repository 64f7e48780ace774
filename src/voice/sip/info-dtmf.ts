import type { Digit } from '../ports.ts';

/** The bodies of INFO that are read, as an Accept header names them. */
export const INFO_BODIES = 'application/dtmf-relay, application/dtmf';

const mediaType = (contentType: string | undefined): string =>
  (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/**
 * How an INFO is answered: 200 for a key and for one without a body (RFC 6086 §4.2.3), 469 for a package, of which we know none (§4.2.2),
 * 415 for any other body (RFC 3261 §21.4.13).
 */
export function infoVerdict(request: { readonly body: string; get(name: string): string | undefined }): {
  readonly status: 200 | 415 | 469;
  readonly headers: Record<string, string>;
} {
  if (request.get('info-package') !== undefined) return { status: 469, headers: { 'Recv-Info': '' } };
  const encoding = request.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const type = mediaType(request.get('content-type'));
  if (request.body.trim() === '') return { status: 200, headers: {} };
  if (encoding !== 'identity') return { status: 415, headers: { 'Accept-Encoding': 'identity' } };
  if (type === '' || INFO_BODIES.split(', ').includes(type)) return { status: 200, headers: {} };
  return { status: 415, headers: { Accept: INFO_BODIES } };
}

/** A key in an INFO request: application/dtmf-relay ("Signal=5\nDuration=160") or application/dtmf ("5"). */
export function parseInfoDigit(
  contentType: string | undefined,
  body: string,
): { readonly digit: Digit; readonly durationMs: number } | undefined {
  const type = mediaType(contentType);
  if (type === 'application/dtmf') return key(body.trim(), 250);
  if (type !== 'application/dtmf-relay') return undefined;
  const signal = /^[ \t]*Signal[ \t]*=[ \t]*(\S+)/im.exec(body)?.[1] ?? '';
  const duration = Number(/^[ \t]*Duration[ \t]*=[ \t]*(\d{1,5})/im.exec(body)?.[1] ?? 250);
  return key(signal, duration);
}

const isDigit = (text: string): text is Digit => /^[0-9*#A-D]$/.test(text);

function key(text: string, durationMs: number): { digit: Digit; durationMs: number } | undefined {
  // Event codes of RFC 4733 where gateways write numbers.
  const named: Readonly<Record<string, string>> = {
    ...{ '10': '*', '11': '#', star: '*', hash: '#', pound: '#' },
    ...{ '12': 'A', '13': 'B', '14': 'C', '15': 'D' },
  };
  const digit = (named[text.toLowerCase()] ?? text).toUpperCase();
  return isDigit(digit) ? { digit, durationMs } : undefined;
}
