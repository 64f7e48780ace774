/** A block of header fields (RFC 5322 §2.2), read line by line; what a stranger writes into it costs no more than its length. */

export interface Field {
  /** Lower case. */
  readonly name: string;
  /** Unfolded; one character for each byte. */
  readonly value: string;
}

export interface Header {
  readonly fields: readonly Field[];
  /** The first field of this name. */
  readonly get: (name: string) => string | undefined;
  readonly all: (name: string) => readonly string[];
  /** Some fields, or parts of them, were beyond the limits. */
  readonly cut: boolean;
}

/** Beyond these a header is no longer about the mail. */
const MAX_FIELDS = 1000;
const MAX_VALUE = 64 * 1024;
const MAX_BYTES = 1024 * 1024;

/** What the reading asks for: kept even behind thousands of others. */
const ALWAYS = new Set([
  'from',
  'reply-to',
  'to',
  'cc',
  'subject',
  'message-id',
  'in-reply-to',
  'references',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
]);

const LF = 10;
const CR = 13;
const COLON = 58;
const DASH = 45;
const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9;

/** Where the line that begins here ends, its line break not included, and where the next one begins. */
export function lineAt(bytes: Buffer, start: number): { readonly end: number; readonly next: number } {
  const feed = bytes.indexOf(LF, start);
  if (feed < 0) return { end: bytes.length, next: bytes.length };
  return { end: feed > start && bytes[feed - 1] === CR ? feed - 1 : feed, next: feed + 1 };
}

/** more: the block goes on. end: this was its blank line. body: this line is no field, the body begins with it. */
export type HeaderStep = 'more' | 'end' | 'body';

export interface HeaderReader {
  line(start: number, end: number): HeaderStep;
  result(): Header;
  /** Of the whole mail: the first line that is no field; undefined: there is none. */
  readonly junkAt: number | undefined;
}

/** `strict`: a line that is no field ends the block (a part whose blank line is missing); otherwise it is passed over. */
export function createHeaderReader(bytes: Buffer, { strict }: { readonly strict: boolean }): HeaderReader {
  const fields: { name: string; pieces: string[]; size: number }[] = [];
  let current: (typeof fields)[number] | undefined;
  let kept = 0;
  let cut = false;
  let junkAt: number | undefined;
  let lines = 0;

  const add = (from: number, to: number, separator = ''): void => {
    if (current === undefined) return;
    const room = Math.min(MAX_VALUE - current.size, MAX_BYTES - kept, to - from);
    if (room < to - from) cut = true;
    if (room <= 0) return;
    current.pieces.push(separator, bytes.toString('latin1', from, from + room));
    current.size += room + 1;
    kept += room + 1;
  };
  const open = (start: number, colon: number, end: number): void => {
    const name = bytes.toString('latin1', start, colon).trimEnd().toLowerCase();
    const room = fields.length < MAX_FIELDS || (ALWAYS.has(name) && fields.length < 2 * MAX_FIELDS);
    current = room ? { name, pieces: [], size: 0 } : undefined;
    if (current === undefined) cut = true;
    else fields.push(current);
    add(colon + 1, end);
  };
  return {
    get junkAt() {
      return junkAt;
    },
    line(start, end) {
      lines += 1;
      if (start === end) return 'end';
      if (isBlank(bytes[start]) && lines > 1) {
        add(skipBlank(bytes, start, end), end, ' ');
        return 'more';
      }
      const colon = fieldColon(bytes, start, end);
      if (colon !== undefined) {
        open(start, colon, end);
        return 'more';
      }
      current = undefined;
      // `From …` is how a mailbox file separates its mails.
      if (lines === 1 && !strict && bytes.toString('latin1', start, start + 5) === 'From ') return 'more';
      junkAt ??= start;
      const delimiter = bytes[start] === DASH && bytes[start + 1] === DASH;
      return strict || fields.length === 0 || delimiter ? 'body' : 'more';
    },
    result: () =>
      headerOf(
        fields.map(({ name, pieces }) => ({ name, value: pieces.join('').trim() })),
        cut,
      ),
  };
}

function headerOf(fields: readonly Field[], cut: boolean): Header {
  const byName = new Map<string, string[]>();
  for (const { name, value } of fields) {
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [value]);
    else known.push(value);
  }
  return { fields, cut, get: (name) => byName.get(name)?.[0], all: (name) => byName.get(name) ?? [] };
}

function skipBlank(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(bytes[at])) at += 1;
  return at;
}

const MAX_NAME = 200;

/** Of `Name:` and the obsolete `Name :` (RFC 5322 §4.5); undefined: this line is no field. */
function fieldColon(bytes: Buffer, start: number, end: number): number | undefined {
  let at = start;
  const last = Math.min(end, start + MAX_NAME);
  while (at < last && bytes[at] !== COLON && isName(bytes[at])) at += 1;
  if (at === start) return undefined;
  at = skipBlank(bytes, at, last);
  return at < last && bytes[at] === COLON ? at : undefined;
}

const isName = (byte: number | undefined): boolean => byte !== undefined && byte > 32 && byte < 127;

/** The header of a mail, and where its body begins. */
export function readHeader(bytes: Buffer): { readonly header: Header; readonly body: number } {
  const reader = createHeaderReader(bytes, { strict: false });
  for (let at = 0; at < bytes.length; ) {
    const { end, next } = lineAt(bytes, at);
    const step = reader.line(at, end);
    if (step !== 'more') return { header: reader.result(), body: step === 'end' ? next : at };
    at = next;
  }
  // No blank line at all: what was no field was meant as the body.
  return { header: reader.result(), body: reader.junkAt ?? bytes.length };
}
