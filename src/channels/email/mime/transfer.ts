import { isUtf8 } from 'node:buffer';
import { decodeQuotedPrintable } from '../../../shared/mime/quoted-printable.ts';
import { KINDS, MIN_RUNS, runsOf } from './base64-runs.ts';
import { encodingsOf } from './encodings.ts';
import { uudecode } from './uuencode.ts';

/** Transfer encodings (RFC 2045 §6): what is declared, and what the bytes really are. */

export interface Transferred {
  readonly bytes: Buffer;
  /** What was declared is not what the bytes are: they are shown, or kept, as they came. */
  readonly asItCame: boolean;
}

/**
 * `encoding`: as declared, several ones with commas between. `text`: a decoding that makes no text of it was none. Where several are
 * declared, the bytes tell which one is meant.
 */
export function decodeTransfer(
  bytes: Buffer,
  encoding: string,
  { text }: { readonly text: boolean },
): Transferred {
  const declared = encodingsOf(encoding);
  if (declared.has('base64') && (declared.size === 1 || isBase64(bytes))) return ofBase64(bytes, text);
  if (declared.has('quoted-printable')) return { bytes: decodeQuotedPrintable(bytes), asItCame: false };
  if (declared.has('uuencode')) return ofUuencode(bytes, text);
  if (declared.has('none')) return { bytes, asItCame: false };
  return { bytes, asItCame: bytes.length > 0 };
}

/** Every line of it, with padding at the ends of lines alone: elsewhere it is quoted-printable's sign. */
function isBase64(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(PAD); at >= 0; at = bytes.indexOf(PAD, at + 1))
    if (KINDS[bytes[at + 1] ?? LF] === 1) return false;
  for (let at = 0; at < bytes.length; ) {
    const line = base64Line(bytes, at);
    if (line.size === undefined) return false;
    at = line.next;
  }
  return true;
}

function ofBase64(bytes: Buffer, text: boolean): Transferred {
  const read = text ? textOfBase64(bytes) : fileOfBase64(bytes);
  if (!read.asItCame) return read;
  const plain = withoutDress(bytes);
  const again = plain === undefined ? undefined : text ? textOfBase64(plain) : fileOfBase64(plain);
  // Of words in the wider alphabet chance makes no UTF-8.
  return again === undefined || again.asItCame || (text && !isUtf8(again.bytes)) ? read : again;
}

/** The alphabet for URLs (RFC 4648 §5), or every line behind a mark of quotation; undefined: neither. */
function withoutDress(bytes: Buffer): Buffer | undefined {
  const written = bytes.toString('latin1');
  const bare = /^\s*>/.test(written) ? written.replace(/^[>\t ]+/gm, '') : written;
  const usual = /[+/]/.test(bare) ? bare : bare.replaceAll('-', '+').replaceAll('_', '/');
  const undressed = usual === written ? undefined : Buffer.from(usual, 'latin1');
  return undressed !== undefined && isBase64(undressed) ? undressed : undefined;
}

/** Words in a file of their own are the text; a file, or words around it, stay for who looks for files in a text. */
function ofUuencode(bytes: Buffer, text: boolean): Transferred {
  const { files, rest } = uudecode(bytes);
  const [file] = files;
  if (file === undefined) return { bytes, asItCame: bytes.length > 0 };
  const isAll = files.length === 1 && rest.toString('latin1').trim() === '';
  if (isAll && (!text || !hasControls(file.content))) return { bytes: file.content, asItCame: false };
  return { bytes, asItCame: !text };
}

const LF = 10;
const PAD = 61;
const CR = 13;

interface Line {
  readonly next: number;
  /** Characters of base64; undefined: the line is no base64. */
  readonly size: number | undefined;
}

function base64Line(bytes: Buffer, start: number): Line {
  const feed = bytes.indexOf(LF, start);
  const next = feed < 0 ? bytes.length : feed + 1;
  let size = 0;
  let ended = false;
  for (let at = start; at < next; at++) {
    const kind = KINDS[bytes[at] ?? 0] ?? 0;
    if (kind === 0 || (ended && kind !== 3)) return { next, size: undefined };
    if (kind === 3 && size > 0) ended = true;
    if (kind !== 3) size += 1;
  }
  return { next, size };
}

/**
 * People's words declared as base64 are shown as words: a line with other characters inside is no base64, nor one with blanks that
 * people may have written, and neither is what becomes control characters. Lines that a list wrote below are kept.
 */
function textOfBase64(bytes: Buffer): Transferred {
  let size = 0;
  let at = 0;
  while (at < bytes.length) {
    const line = base64Line(bytes, at);
    if (line.size === undefined) break;
    size += line.size;
    at = line.next;
  }
  const rest = bytes.subarray(at);
  const spaced = textOfSpaced(bytes, rest);
  if (spaced !== undefined) return { bytes: spaced, asItCame: false };
  const decoded = unpadded(bytes.subarray(0, at));
  const whole = rest.length === 0;
  if (decoded !== undefined && WORD.test(bytes.toString('latin1', 0, 24)) && !isUtf8(decoded))
    return { bytes, asItCame: true };
  if (
    decoded === undefined ||
    (size > 0 && size % 4 !== 0 && (!whole || size % 4 === 1)) ||
    hasControls(decoded)
  )
    return { bytes, asItCame: bytes.length > 0 };
  if (whole) return { bytes: decoded, asItCame: false };
  return size === 0
    ? { bytes, asItCame: true }
    : { bytes: Buffer.concat([decoded, Buffer.from('\n'), rest]), asItCame: true };
}

/** RFC 2045 §6.8: blanks inside of lines say nothing. undefined: it may be words, or is no text. */
function textOfSpaced(bytes: Buffer, rest: Buffer): Buffer | undefined {
  const runs = rest.length > 0 ? runsOf(bytes) : undefined;
  const decoded = runs === undefined ? undefined : unpadded(bytes);
  if (runs === undefined || decoded === undefined || hasControls(decoded)) return undefined;
  if (runs.aligned && runs.size >= MIN_RUNS) return decoded;
  return isUtf8(decoded) && !decoded.includes(0) ? decoded : undefined;
}

/** `Cancelar`, `Obrigado`: base64 by its letters alone. */
const WORD = /^(?:[A-Z]?[a-z]{1,20}|[A-Z]{1,20})\s{0,4}$/;

/** Of a file only the start is judged: one bad character in an archive must not cost the archive. */
const JUDGED = 4096;

function fileOfBase64(bytes: Buffer): Transferred {
  let odd = 0;
  for (const byte of bytes.subarray(0, JUDGED)) if (KINDS[byte] === 0) odd += 1;
  const decoded = odd * 20 > Math.min(bytes.length, JUDGED) ? undefined : unpadded(bytes);
  return decoded === undefined ? { bytes, asItCame: true } : { bytes: decoded, asItCame: false };
}

/** More pieces than this are no file that somebody joined line by line. */
const MAX_PIECES = 100_000;

/** Base64 in which padding may stand in the middle: each piece was encoded by itself. */
function unpadded(bytes: Buffer): Buffer | undefined {
  const text = bytes.toString('latin1');
  const pieces: Buffer[] = [];
  for (let at = 0; at < text.length; ) {
    const pad = text.indexOf('=', at);
    const end = pad < 0 ? text.length : pad;
    if (end > at) pieces.push(Buffer.from(text.slice(at, end), 'base64'));
    if (pieces.length > MAX_PIECES) return undefined;
    at = end + 1;
  }
  return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
}

/** Beyond blanks, line breaks and the escape of ISO-2022: text in no charset that is used in mail, but UTF-16. */
function hasControls(bytes: Buffer): boolean {
  const wide = bytes.length > 1 && (bytes[0] === 0 || bytes[1] === 0 || (bytes[0] ?? 0) >= 0xfe);
  if (wide) return false;
  for (const byte of bytes)
    if ((byte < 32 && byte !== 9 && byte !== LF && byte !== CR && byte !== 12 && byte !== 27) || byte === 127)
      return true;
  return false;
}

/** RFC 3676 §4: lines that end in a blank go on in the next one of the same quotation depth. */
export function unflow(text: string, deleteBlank: boolean): string {
  const out: string[] = [];
  let flowing: string[] | undefined;
  let depth = 0;
  const flush = (): void => {
    if (flowing !== undefined) out.push(`${'>'.repeat(depth)}${depth > 0 ? ' ' : ''}${flowing.join('')}`);
    flowing = undefined;
  };
  for (const raw of text.split(/\r?\n/)) {
    const quotes = /^>*/.exec(raw)?.[0].length ?? 0;
    const line = raw.slice(quotes).replace(/^ /, '');
    if (flowing !== undefined && (quotes !== depth || line === '-- ')) flush();
    depth = quotes;
    const soft = line.endsWith(' ') && line !== '-- ';
    flowing ??= [];
    flowing.push(soft && deleteBlank ? line.slice(0, -1) : line);
    if (!soft) flush();
  }
  flush();
  return out.join('\n');
}
