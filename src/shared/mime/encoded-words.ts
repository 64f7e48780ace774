import { decodeText } from './charset.ts';
import { decodeQuotedPrintable } from './quoted-printable.ts';

/** `=?utf-8?Q?Ol=C3=A1?=` (RFC 2047, with the language tag of RFC 2231 §5). A longer word than a line is read as well. */
const WORD = /=\?([^?*\s]{1,40})(?:\*[\w-]{0,20})?\?([bq])\?([^?]*)\?=/gi;

/**
 * A header's value as text: encoded words in their charset, other bytes in the mail's. `value` has one character for each byte.
 * Neighbouring words of one charset are one: many programs cut a character in two.
 */
export function headerText(value: string, charset?: string): string {
  const out: string[] = [];
  let held: { readonly charset: string; readonly bytes: Buffer[] } | undefined;
  let at = 0;
  const release = (): void => {
    if (held !== undefined) out.push(decodeText(Buffer.concat(held.bytes), held.charset).text);
    held = undefined;
  };
  for (const match of value.matchAll(WORD)) {
    const [whole, named = '', kind = '', payload = ''] = match;
    const between = value.slice(at, match.index);
    if (held === undefined || between.trim() !== '') {
      release();
      out.push(rawText(between, charset));
    } else if (held.charset !== named.toLowerCase()) release();
    held ??= { charset: named.toLowerCase(), bytes: [] };
    held.bytes.push(kind.toLowerCase() === 'b' ? fromBase64(payload) : fromQ(payload));
    at = match.index + whole.length;
  }
  release();
  out.push(rawText(value.slice(at), charset));
  return out.join('');
}

/** Bytes that were sent without any encoding: UTF-8, else what the body is in. */
function rawText(value: string, charset: string | undefined): string {
  const bytes = Buffer.from(value, 'latin1');
  return decodeText(bytes, undefined, () => charset).text;
}

const fromBase64 = (payload: string): Buffer =>
  Buffer.concat(payload.split(/=+/).map((piece) => Buffer.from(piece, 'base64')));

const fromQ = (payload: string): Buffer =>
  decodeQuotedPrintable(Buffer.from(payload.replaceAll('_', ' '), 'latin1'));
