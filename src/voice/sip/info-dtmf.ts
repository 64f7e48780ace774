/** A key in an INFO request: application/dtmf-relay ("Signal=5\nDuration=160") or application/dtmf ("5"). */
export function parseInfoDigit(
  contentType: string | undefined,
  body: string,
): { readonly digit: string; readonly durationMs: number } | undefined {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/dtmf') return key(body.trim(), 250);
  if (type !== 'application/dtmf-relay') return undefined;
  const signal = /^\s*Signal\s*=\s*(\S+)/im.exec(body)?.[1] ?? '';
  const duration = Number(/^\s*Duration\s*=\s*(\d{1,5})/im.exec(body)?.[1] ?? 250);
  return key(signal, duration);
}

function key(text: string, durationMs: number): { digit: string; durationMs: number } | undefined {
  const named: Readonly<Record<string, string>> = { '10': '*', '11': '#' };
  const digit = (named[text] ?? text).toUpperCase();
  return /^[0-9*#A-D]$/.test(digit) ? { digit, durationMs } : undefined;
}
