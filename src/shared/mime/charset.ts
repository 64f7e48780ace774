import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/**
 * Bytes as text. A label is believed when it fits: UTF-8 that was called Latin-1 is UTF-8, and what is no UTF-8 is windows-1252, byte
 * by byte, so that one bad byte does not spoil the rest.
 */

export interface Decoded {
  readonly text: string;
  /** What the bytes were read as. */
  readonly charset: string;
}

/** Labels that say nothing, or are written on everything. */
const SAYS_NOTHING =
  /^(?:|utf-?8|unicode-1-1-utf-8|us-ascii|ascii|ansi_x3\.4-1968|iso-ir-6|unknown-?8bit|x-unknown|unknown|default|binary|8bit|7bit|none|null)$/;
/** Of one byte a character: no sentence written in them is UTF-8 by chance, but many programs write them on everything. */
const NARROW = /^(?:windows-|iso-8859-|koi8-|macintosh$|x-mac-|ibm866$)/;

/** `inside`: what the text says of itself (HTML's meta); asked only when the bytes are no UTF-8. */
export function decodeText(bytes: Buffer, label?: string, inside?: () => string | undefined): Decoded {
  const mark = byteOrder(bytes);
  if (mark !== undefined) return mark;
  const named = encodingOf(label);
  if (named === undefined || NARROW.test(named)) {
    if (bytes.includes(ESCAPE) && bytes.includes('\u001b$')) return decodeAs(bytes, 'iso-2022-jp');
    if (isUtf8(bytes)) return { text: bytes.toString('utf8'), charset: 'utf-8' };
    return decodeAs(bytes, named ?? encodingOf(inside?.()) ?? 'utf-8');
  }
  // Text without a zero byte is not of two bytes a character.
  if (named.startsWith('utf-16') && !bytes.includes(0)) return decodeText(bytes);
  return decodeAs(bytes, named === 'utf-16le' && bigEndian(bytes) ? 'utf-16be' : named);
}

const ESCAPE = 27;

function byteOrder(bytes: Buffer): Decoded | undefined {
  const start = bytes.toString('latin1', 0, 3);
  if (start === '\u00ef\u00bb\u00bf') return decodeText(bytes.subarray(3));
  if (start.startsWith('\u00ff\u00fe')) return decodeAs(bytes.subarray(2), 'utf-16le');
  return start.startsWith('\u00fe\u00ff') ? decodeAs(bytes.subarray(2), 'utf-16be') : undefined;
}

const bigEndian = (bytes: Buffer): boolean => bytes[0] === 0 && bytes[1] !== 0;

/** The encoding that a label means; undefined: it means nothing, or nothing that is known. */
function encodingOf(label: string | undefined): string | undefined {
  const name = (label ?? '')
    .trim()
    .toLowerCase()
    .replace(/^["']|["']$/g, '');
  if (SAYS_NOTHING.test(name) || name.length > 40) return undefined;
  try {
    const { encoding } = new TextDecoder(name);
    return encoding === 'utf-8' ? undefined : encoding;
  } catch {
    return iconv.encodingExists(name) ? name : undefined;
  }
}

function decodeAs(bytes: Buffer, charset: string): Decoded {
  if (charset === 'utf-8') return { text: mended(bytes), charset: isUtf8(bytes) ? charset : 'windows-1252' };
  if (charset === 'windows-1252') return { text: latin(bytes), charset };
  try {
    return { text: new TextDecoder(charset).decode(bytes), charset };
  } catch {
    return { text: iconv.decode(bytes, charset), charset };
  }
}

/** Of 0x80 to 0x9f; those that windows-1252 leaves open are nothing (WHATWG makes controls of them). */
const UPPER =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

const latin = (bytes: Buffer): string =>
  bytes.toString('latin1').replace(/[\u0080-\u009f]/g, (char) => UPPER[char.charCodeAt(0) - 0x80] ?? char);

/** UTF-8 where it is UTF-8, windows-1252 where it is not. */
function mended(bytes: Buffer): string {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const size = sequenceAt(bytes, at);
    if (size > 0) {
      at += size;
      continue;
    }
    pieces.push(bytes.toString('utf8', from, at), latin(bytes.subarray(at, at + 1)));
    at += 1;
    from = at;
  }
  pieces.push(bytes.toString('utf8', from));
  return pieces.join('');
}

/** Length of the UTF-8 sequence that begins here; 0: none does. */
function sequenceAt(bytes: Buffer, at: number): number {
  const byte = bytes[at] ?? 0;
  if (byte < 0x80) return 1;
  const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
  return byte >= 0xc2 && byte <= 0xf4 && isUtf8(bytes.subarray(at, at + size)) && at + size <= bytes.length
    ? size
    : 0;
}

/** Only where a browser would look for it: in the first kilobytes. */
export function metaCharset(html: Buffer): string | undefined {
  const start = html.toString('latin1', 0, 4096);
  return /<meta[^>]{0,300}?charset\s{0,20}=\s{0,20}["']?([\w:.-]{1,40})/i.exec(start)?.[1];
}
