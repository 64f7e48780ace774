import type { Digit } from '../ports.ts';
import { type BodyPart, bodyParts, isEncoded, type WithBody } from './body-parts.ts';

/** The bodies of INFO that are read. */
const KEY_BODIES: readonly string[] = ['application/dtmf-relay', 'application/dtmf'];
/** As an Accept header names them; a gateway that speaks ISUP wraps them (RFC 5621 §3.1). */
const ACCEPT = [...KEY_BODIES, 'multipart/mixed'].join(', ');

export interface Pressed {
  readonly digit: Digit;
  readonly durationMs: number;
}

/**
 * How an INFO is answered, and the key that it brings: 200 for a key and for one without a body (RFC 6086 §4.2.3), 469 for a package, of
 * which we know none (§4.2.2), 400 for what should be a key and names none (RFC 3261 §21.4.1), 415 for any other body (§21.4.13), and for
 * one whose type is not told: it must be (§20.15), and what looks like a key may be anything. A key that one INFO tells twice is one key.
 */
export function readInfo(request: WithBody): {
  readonly status: 200 | 400 | 415 | 469;
  readonly headers: Record<string, string>;
  readonly pressed?: Pressed;
} {
  if (request.get('info-package') !== undefined) return { status: 469, headers: { 'Recv-Info': '' } };
  if (request.body.trim() === '') return { status: 200, headers: {} };
  if (isEncoded(request)) return { status: 415, headers: { 'Accept-Encoding': 'identity' } };
  const keys = (bodyParts(request) ?? []).filter(({ type }) => KEY_BODIES.includes(type));
  if (keys.length === 0) return { status: 415, headers: { Accept: ACCEPT } };
  const [pressed] = keys.flatMap((part) => keyOf(part) ?? []);
  return pressed === undefined ? { status: 400, headers: {} } : { status: 200, headers: {}, pressed };
}

/** application/dtmf-relay ("Signal=5\nDuration=160") or application/dtmf ("5"). */
function keyOf({ type, body }: BodyPart): Pressed | undefined {
  const fields = fieldsOf(body);
  const bare = type === 'application/dtmf' ? body.trim() : '';
  const duration = Number(/^\d{1,5}/.exec(fields.get('duration') ?? '')?.[0] ?? 250);
  return key(fields.get('signal') ?? fields.get('d') ?? bare, duration);
}

/** "name=value" by lines or, as some gateways write it, by semicolons; values may be quoted. Names in small letters. */
function fieldsOf(body: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const part of body.split(/[\r\n;]/)) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(0, at)).trim().toLowerCase();
    if (name !== '' && !fields.has(name)) fields.set(name, unquoted(part.slice(at + 1).trim()));
  }
  return fields;
}

const unquoted = (value: string): string => /^"(.*)"$/.exec(value)?.[1]?.trim() ?? value;

const isDigit = (text: string): text is Digit => /^[0-9*#A-D]$/.test(text);

function key(text: string, durationMs: number): Pressed | undefined {
  // Event codes of RFC 4733 where gateways write numbers.
  const named: Readonly<Record<string, string>> = {
    ...{ '10': '*', '11': '#', star: '*', hash: '#', pound: '#' },
    ...{ '12': 'A', '13': 'B', '14': 'C', '15': 'D' },
  };
  const digit = (named[text.toLowerCase()] ?? text).toUpperCase();
  return isDigit(digit) ? { digit, durationMs } : undefined;
}
