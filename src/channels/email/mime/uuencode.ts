import { lineAt } from './header.ts';

/** Files that stand inside of a text (POSIX uuencode): `begin 644 boleto.pdf`, lines with their length in front, `end`. */

export interface UuFile {
  readonly filename: string;
  readonly content: Buffer;
}

export interface Uudecoded {
  readonly files: readonly UuFile[];
  /** What stood around them. */
  readonly rest: Buffer;
  /** A file begins, and goes on in no form that can be read: it is left in the text. */
  readonly broken: boolean;
}

const BEGIN = /^begin(-base64)? [0-7]{3,4} (\S.{0,250})$/;
/** More than this in one text are no files that somebody sent. */
const MAX_FILES = 100;

export function uudecode(bytes: Buffer): Uudecoded {
  const files: UuFile[] = [];
  const kept: Buffer[] = [];
  let from = 0;
  let broken = false;
  for (let at = begins(bytes, 0); at !== undefined && files.length < MAX_FILES; at = begins(bytes, at)) {
    const { end, next } = lineAt(bytes, at);
    const [found, base64, filename = ''] =
      BEGIN.exec(bytes.toString('latin1', at, Math.min(end, at + 300))) ?? [];
    const read = found === undefined ? NOTHING : (base64 === undefined ? uuLines : base64Lines)(bytes, next);
    if (read.content !== undefined) {
      kept.push(bytes.subarray(from, at));
      files.push({ filename: filename.trim(), content: read.content });
      from = read.next;
    } else if (read.begun) broken = true;
    at = read.content === undefined ? next : read.next;
  }
  return { files, rest: files.length === 0 ? bytes : Buffer.concat([...kept, bytes.subarray(from)]), broken };
}

/** Where a line begins with the word; undefined: no more. */
function begins(bytes: Buffer, start: number): number | undefined {
  for (let at = bytes.indexOf('begin', start); at >= 0; at = bytes.indexOf('begin', at + 1))
    if (at === 0 || bytes[at - 1] === 10) return at;
  return undefined;
}

interface Body {
  /** undefined: it does not keep to its form, or has no end. */
  readonly content: Buffer | undefined;
  /** Whole lines stood there. */
  readonly begun: boolean;
  readonly next: number;
}

const NOTHING: Body = { content: undefined, begun: false, next: 0 };
/** Bytes of a whole line. */
const FULL = 45;

function uuLines(bytes: Buffer, start: number): Body {
  const pieces: Buffer[] = [];
  for (let at = start; at < bytes.length; ) {
    const { end, next } = lineAt(bytes, at);
    if (end - at < 9 && bytes.toString('latin1', at, end).trimEnd() === 'end')
      return { content: Buffer.concat(pieces), begun: true, next };
    const piece = uuLine(bytes, at, end);
    if (piece === undefined) break;
    pieces.push(piece);
    at = next;
  }
  return { content: undefined, begun: pieces.some(({ length }) => length >= FULL), next: start };
}

/** Blanks at the end of a line may have been cut by a relay, and some programs write a checksum there. */
function uuLine(bytes: Buffer, start: number, end: number): Buffer | undefined {
  if (end === start) return EMPTY;
  const size = value(bytes[start]);
  const groups = Math.ceil((size ?? 0) / 3);
  if (size === undefined || end - start > 1 + groups * 4 + 2) return undefined;
  const out = Buffer.alloc(groups * 3);
  for (let i = 0; i < groups; i++) {
    let bits = 0;
    for (let j = 0; j < 4; j++) {
      const at = start + 1 + i * 4 + j;
      const six = at < end ? value(bytes[at]) : 0;
      if (six === undefined) return undefined;
      bits = bits * 64 + six;
    }
    out.writeUIntBE(bits, i * 3, 3);
  }
  return out.subarray(0, size);
}

const EMPTY = Buffer.alloc(0);

/** A blank and the sign that took its place mean nothing. */
const value = (byte = 0): number | undefined => (byte >= 32 && byte <= 96 ? (byte - 32) % 64 : undefined);

function base64Lines(bytes: Buffer, start: number): Body {
  const pieces: string[] = [];
  for (let at = start; at < bytes.length; ) {
    const { end, next } = lineAt(bytes, at);
    const line = bytes.toString('latin1', at, end).trim();
    if (line === '====') return { content: Buffer.from(pieces.join(''), 'base64'), begun: true, next };
    if (!/^[A-Za-z\d+/]{1,200}={0,2}$/.test(line)) break;
    pieces.push(line);
    at = next;
  }
  return { content: undefined, begun: pieces.some(({ length }) => length >= FULL), next: start };
}
