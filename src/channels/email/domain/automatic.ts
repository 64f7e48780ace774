/** What kind of writer sent a mail. Only `human` is acknowledged and queued as a new contact. */
export type Origin = 'human' | 'self' | 'bounce' | 'autoReply' | 'bulk';

export interface OriginFacts {
  /** Header names in lower case. */
  readonly header: (name: string) => string | undefined;
  /** MAIL FROM of the envelope; empty for bounces (RFC 5321 §4.5.5). */
  readonly envelopeFrom: string;
  readonly from: string;
  /** Canonical addresses that are ours. */
  readonly ours: ReadonlySet<string>;
}

/** RFC 3834 (automatic responses), RFC 3464 (delivery reports), RFC 2919 (List-Id), and what products add to them. */
export function originOf({ header, envelopeFrom, from, ours }: OriginFacts): Origin {
  if (ours.has(from)) return 'self';
  const type = header('content-type') ?? '';
  if (
    /multipart\/report/i.test(type) ||
    envelopeFrom.trim() === '' ||
    /^(mailer-daemon|postmaster)@/i.test(from)
  )
    return 'bounce';
  const submitted = (header('auto-submitted') ?? 'no').split(';', 1)[0]?.trim().toLowerCase() ?? 'no';
  if (submitted !== 'no' && submitted !== '') return 'autoReply';
  if (AUTO_HEADERS.some((name) => header(name) !== undefined)) return 'autoReply';
  return byPrecedence(header);
}

const AUTO_HEADERS = ['x-autoreply', 'x-autorespond', 'x-autoresponder'];

function byPrecedence(header: OriginFacts['header']): Origin {
  const precedence = header('precedence')?.trim().toLowerCase() ?? '';
  if (precedence === 'auto_reply') return 'autoReply';
  if (header('list-id') !== undefined || ['bulk', 'junk', 'list'].includes(precedence)) return 'bulk';
  return 'human';
}
