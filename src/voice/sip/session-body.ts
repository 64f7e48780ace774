/** A request or response with a body, of either engine. */
export interface WithBody {
  readonly body: string;
  get(name: string): string | undefined;
}

/**
 * What a body says of the session: a description, nothing (no body, or a multipart without one, as ISUP alone), or
 * something that nobody here can read (415, RFC 3261 §8.2.3).
 */
export type SessionBody =
  | { readonly kind: 'sdp'; readonly sdp: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' };

/** Bodies in bodies (RFC 5621 §3.1.1) end here. */
const MAX_DEPTH = 4;
const MAX_PARTS = 32;

const NONE: SessionBody = { kind: 'none' };
const mediaType = (contentType: string): string => contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** The one reader of bodies: INVITE, re-INVITE, UPDATE, ACK, and responses to ours. */
export function readSession(message: WithBody): SessionBody {
  const encoding = message.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (message.body !== '' && encoding !== '' && encoding !== 'identity') return { kind: 'unreadable' };
  return readPart(message.get('content-type') ?? '', message.body, 0);
}

/** The description, or an empty text. */
export function sdpOf(message: WithBody): string {
  const found = readSession(message);
  return found.kind === 'sdp' ? found.sdp : '';
}

function readPart(contentType: string, body: string, depth: number): SessionBody {
  if (body.trim() === '') return NONE;
  const type = mediaType(contentType);
  if (type === 'application/sdp') return { kind: 'sdp', sdp: body };
  // Some engines hand on the body alone.
  if (type === '')
    return body.startsWith('v=0') ? { kind: 'sdp', sdp: body } : readParts(body, undefined, depth);
  if (type.startsWith('multipart/')) return readParts(body, boundaryOf(contentType), depth);
  return { kind: 'unreadable' };
}

function boundaryOf(contentType: string): string | undefined {
  const found = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  return found?.[1] ?? found?.[2];
}

/** Parts of a multipart body (RFC 2046 §5.1); what comes before the first and after the last is nothing. */
function readParts(body: string, named: string | undefined, depth: number): SessionBody {
  const boundary = named ?? /^(?:\r?\n)*--([^\r\n]{1,200})\r?\n/.exec(body)?.[1]?.trimEnd();
  if (boundary === undefined || depth >= MAX_DEPTH) return { kind: 'unreadable' };
  const [, ...parts] = `\r\n${body}`.split(`\n--${boundary}`, MAX_PARTS + 1);
  for (const part of parts) {
    if (part.startsWith('--')) break;
    const found = readMimePart(part, depth);
    if (found.kind === 'sdp') return found;
  }
  return NONE;
}

function readMimePart(part: string, depth: number): SessionBody {
  const lines = /^[ \t]*\r?\n/.exec(part)?.[0].length ?? 0;
  const text = part.slice(lines);
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null) return NONE;
  const headers = text.slice(0, end.index).replace(/\r?\n[ \t]+/g, ' ');
  const contentType = /^(?:content-type|c)[ \t]*:(.*)$/im.exec(headers)?.[1] ?? 'text/plain';
  // The line break before the boundary belongs to the boundary; what was split off left its CR.
  return readPart(contentType, `${text.slice(end.index + end[0].length).replace(/\r?$/, '')}\r\n`, depth + 1);
}
