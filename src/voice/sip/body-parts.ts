/** A request or response with a body, of either engine. */
export interface WithBody {
  readonly body: string;
  get(name: string): string | undefined;
}

/** A body that holds no others. */
export interface BodyPart {
  /** Small letters, without parameters; empty where none is told. */
  readonly type: string;
  readonly body: string;
}

/** Bodies in bodies (RFC 5621 §3.1.1) end here. */
const MAX_DEPTH = 4;
const MAX_PARTS = 32;

const mediaType = (contentType: string): string => contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** Whether its bytes are what they stand for: nobody here decompresses (415, RFC 3261 §21.4.13). */
export const isEncoded = (message: WithBody): boolean =>
  !['', 'identity'].includes(message.get('content-encoding')?.trim().toLowerCase() ?? '');

/**
 * The bodies of a message in their order: its own, or those that a multipart holds, at any depth (RFC 2046 §5.1); empty ones are none.
 * Undefined: a multipart whose parts cannot be told apart. Each level of depth reads the bytes once.
 */
export function bodyParts(message: WithBody): readonly BodyPart[] | undefined {
  return readPart(message.get('content-type') ?? '', message.body, 0);
}

function readPart(contentType: string, body: string, depth: number): readonly BodyPart[] | undefined {
  if (body.trim() === '') return [];
  const type = mediaType(contentType);
  if (type.startsWith('multipart/')) return readParts(body, boundaryOf(contentType), depth);
  // Some engines hand on the body alone.
  return (type === '' ? readParts(body, undefined, depth) : undefined) ?? [{ type, body }];
}

function boundaryOf(contentType: string): string | undefined {
  const found = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  return found?.[1] ?? found?.[2];
}

/** What comes before the first part and after the last is nothing. */
function readParts(body: string, named: string | undefined, depth: number): readonly BodyPart[] | undefined {
  const boundary = named ?? /^(?:\r?\n)*--([^\r\n]{1,200})\r?\n/.exec(body)?.[1]?.trimEnd();
  if (boundary === undefined || depth >= MAX_DEPTH) return undefined;
  const [, ...parts] = `\r\n${body}`.split(`\n--${boundary}`, MAX_PARTS + 1);
  const end = parts.findIndex((part) => part.startsWith('--'));
  return parts.slice(0, end === -1 ? undefined : end).flatMap((part) => readMimePart(part, depth) ?? []);
}

function readMimePart(part: string, depth: number): readonly BodyPart[] | undefined {
  const lines = /^[ \t]*\r?\n/.exec(part)?.[0].length ?? 0;
  const text = part.slice(lines);
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null) return undefined;
  const headers = text.slice(0, end.index).replace(/\r?\n[ \t]+/g, ' ');
  const contentType = /^(?:content-type|c)[ \t]*:(.*)$/im.exec(headers)?.[1] ?? 'text/plain';
  // The line break before the boundary belongs to the boundary; what was split off left its CR.
  return readPart(contentType, `${text.slice(end.index + end[0].length).replace(/\r?$/, '')}\r\n`, depth + 1);
}
