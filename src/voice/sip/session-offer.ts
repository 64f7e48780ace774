/** Negotiation of session timers (RFC 4028) by headers; the server behind the edge keeps the clock. */
export const SESSION_EXPIRES = 1800;
export const MIN_SE = 90;

const seconds = (value: string | undefined): number | undefined => {
  const m = /^\s*(\d{1,9})/.exec(value ?? '');
  return m ? Number(m[1]) : undefined;
};

export type SessionAnswer =
  /** 422 with our Min-SE. */
  | { readonly kind: 'tooSmall' }
  | { readonly kind: 'agreed'; readonly headers: Readonly<Record<string, string>> };

interface Readable {
  get(name: string): string | undefined;
}

/** What a UAS answers to an INVITE, re-INVITE or UPDATE (§9). */
export function answerSession(request: Readable): SessionAnswer {
  const wanted = request.get('session-expires');
  const interval = seconds(wanted);
  // §9: a caller that asks for no timer may get one that only we keep; so a line that died in silence ends one day.
  if (interval === undefined)
    return { kind: 'agreed', headers: { 'Session-Expires': `${SESSION_EXPIRES};refresher=uas` } };
  if (interval < MIN_SE) return { kind: 'tooSmall' };
  const peerCan = /\btimer\b/i.test(request.get('supported') ?? '');
  const asked = /;\s*refresher\s*=\s*(uac|uas)/i.exec(wanted ?? '')?.[1]?.toLowerCase();
  // Without the peer's support only we can refresh (§9, table 2).
  const refresher = peerCan ? (asked ?? 'uac') : 'uas';
  return {
    kind: 'agreed',
    headers: {
      'Session-Expires': `${interval};refresher=${refresher}`,
      ...(refresher === 'uac' && { Require: 'timer' }),
    },
  };
}

/** Headers of our own INVITEs (§7.1); `minimum` after a 422. */
export function offerSession(minimum = SESSION_EXPIRES): Record<string, string> {
  return {
    'Session-Expires': String(Math.max(SESSION_EXPIRES, minimum)),
    'Min-SE': String(Math.max(MIN_SE, minimum === SESSION_EXPIRES ? MIN_SE : minimum)),
    Supported: 'timer',
  };
}

export const minSeOf = (response: Readable): number | undefined => seconds(response.get('min-se'));
