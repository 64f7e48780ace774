import libmime from 'libmime';

/** `Content-Type: text/plain; charset="utf-8"` and its like (RFC 2045 §5.1, RFC 2231). */
export interface FieldValue {
  /** Lower case; empty: none. */
  readonly value: string;
  /** By name in lower case; as written, one character for each byte unless RFC 2231 names their charset. */
  readonly params: ReadonlyMap<string, string>;
}

/** Nobody needs more than this for a type or a file name. */
const MAX_LENGTH = 8 * 1024;

export function fieldValue(raw: string | undefined): FieldValue {
  const { value, params } = libmime.parseHeaderValue((raw ?? '').slice(0, MAX_LENGTH));
  return {
    value: value === false ? '' : withoutComments(value).toLowerCase(),
    params: new Map(Object.entries(params)),
  };
}

const withoutComments = (value: string): string => (value.split('(', 1)[0] ?? '').trim();

/** RFC 2045 §5.2: what is no type at all is text, but where it says `html` alone. */
export function contentType(raw: string | undefined, fallback = 'text/plain'): FieldValue {
  const { value, params } = fieldValue(raw);
  if (value === 'html') return { value: 'text/html', params };
  return { value: /^[\w!#$&^.+-]{1,80}\/[\w!#$&^.+-]{1,120}$/.test(value) ? value : fallback, params };
}
