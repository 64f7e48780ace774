import type { Digit } from '../ports.ts';

/** A key in an INFO request: application/dtmf-relay ("Signal=5\nDuration=160") or application/dtmf ("5"). */
export function parseInfoDigit(
  contentType: string | undefined,
  body: string,
): { readonly digit: Digit; readonly durationMs: number } | undefined {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase();
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
