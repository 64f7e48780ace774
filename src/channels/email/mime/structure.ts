import { createHeaderReader, lineAt, type Header, type HeaderReader } from './header.ts';
import { contentType, type FieldValue } from './values.ts';

/** Bytes of a mail that stand in no part: before the first delimiter, behind the last, or in a multipart that has none. */
export interface Stray {
  readonly kind: 'stray';
  readonly where: 'preamble' | 'epilogue';
  readonly from: number;
  readonly to: number;
}

export interface Part {
  readonly kind: 'part';
  readonly header: Header;
  readonly type: FieldValue;
  /** First byte of its header. */
  readonly start: number;
  /** Its body. */
  readonly from: number;
  readonly to: number;
  /** Of a multipart: what it consists of, in order; every byte but the delimiters is in one of them. */
  readonly content: readonly (Part | Stray)[];
  /** A multipart that lies too deep: its inside was not looked at. */
  readonly tooDeep: boolean;
}

export interface Structure {
  readonly root: Part;
  /** What was no longer divided because there were too many parts. */
  readonly rest: { readonly from: number; readonly to: number } | undefined;
}

/** Deeper and wider than anything a mail program writes. */
const MAX_DEPTH = 30;
const MAX_PARTS = 1000;
/** RFC 2046 §5.1.1 allows 70. */
const MAX_BOUNDARY = 200;
const DASH = 45;

interface Draft {
  readonly kind: 'part';
  readonly start: number;
  header: Header;
  type: FieldValue;
  from: number;
  to: number;
  content: (Draft | Stray)[];
  tooDeep: boolean;
}

interface Open {
  readonly part: Draft;
  readonly boundary: string;
  closed: boolean;
}

/** What the line at hand belongs to. */
type Region =
  | {
      readonly kind: 'header';
      readonly part: Draft;
      readonly reader: HeaderReader;
      readonly fallback: string;
    }
  | { readonly kind: 'leaf'; readonly part: Draft }
  | { readonly kind: 'stray'; readonly part: Draft; readonly where: Stray['where']; readonly from: number };

/**
 * Divides a mail into its parts (RFC 2046 §5.1) in one pass over its lines. A delimiter of an outer multipart ends all inner ones; a
 * part behind a closing delimiter counts; a part without a blank line has a body all the same. Nothing is lost: what no part
 * explains is told as stray.
 */
export function readStructure(bytes: Buffer): Structure {
  const root = draft(0);
  const open: Open[] = [];
  const now: { region: Region; parts: number } = {
    region: {
      kind: 'header',
      part: root,
      reader: createHeaderReader(bytes, { strict: false }),
      fallback: 'text/plain',
    },
    parts: 0,
  };
  // Looked up for every line that begins like a delimiter.
  let delimiters: Delimiters = delimitersOf(open);

  const endHeader = (from: number): void => {
    if (now.region.kind !== 'header') return;
    const { part, reader, fallback } = now.region;
    part.header = reader.result();
    part.type = contentType(part.header.get('content-type'), fallback);
    part.from = from;
    part.to = bytes.length;
    const boundary = boundaryOf(part.type);
    part.tooDeep = boundary !== undefined && open.length >= MAX_DEPTH;
    if (boundary !== undefined && !part.tooDeep) {
      open.push({ part, boundary, closed: false });
      delimiters = delimitersOf(open);
      now.region = { kind: 'stray', part, where: 'preamble', from };
    } else now.region = { kind: 'leaf', part };
  };
  /** The line break before a delimiter is the delimiter's (RFC 2046 §5.1.1). */
  const endRegion = (at: number): void => {
    endHeader(at);
    const { region } = now;
    const from = region.kind === 'stray' ? region.from : region.part.from;
    const to = Math.max(from, at < bytes.length ? beforeBreak(bytes, at) : at);
    if (region.kind === 'leaf') region.part.to = to;
    else if (region.kind === 'stray' && to > from)
      region.part.content.push({ kind: 'stray', where: region.where, from, to });
  };
  /** false: there are too many parts, and this delimiter begins none. */
  const delimiter = (owner: Open, closing: boolean, start: number, next: number): boolean => {
    endRegion(start);
    for (const { part } of open.splice(open.indexOf(owner) + 1))
      part.to = Math.max(part.from, beforeBreak(bytes, start));
    owner.closed = closing;
    delimiters = delimitersOf(open);
    if (closing) now.region = { kind: 'stray', part: owner.part, where: 'epilogue', from: next };
    if (closing) return true;
    if (now.parts >= MAX_PARTS) return false;
    now.parts += 1;
    const part = draft(next);
    owner.part.content.push(part);
    const fallback = owner.part.type.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    now.region = { kind: 'header', part, reader: createHeaderReader(bytes, { strict: true }), fallback };
    return true;
  };

  for (let at = 0; at < bytes.length; ) {
    const { end, next } = lineAt(bytes, at);
    const found = delimiterAt(bytes, at, end, delimiters);
    if (found !== undefined) {
      if (!delimiter(found.of, found.closing, at, next))
        return { root, rest: { from: at, to: bytes.length } };
    } else if (now.region.kind === 'header') {
      const step = now.region.reader.line(at, end);
      if (step !== 'more') endHeader(step === 'end' ? next : at);
      // The line that is no field may be the first delimiter of this very multipart.
      if (step === 'body') continue;
    }
    at = next;
  }
  if (now.region.kind === 'header' && now.region.part === root)
    endHeader(now.region.reader.junkAt ?? bytes.length);
  endRegion(bytes.length);
  return { root, rest: undefined };
}

const draft = (start: number): Draft => ({
  kind: 'part',
  start,
  header: { fields: [], get: () => undefined, all: () => [], cut: false },
  type: contentType(undefined),
  from: start,
  to: start,
  content: [],
  tooDeep: false,
});

function boundaryOf({ value, params }: FieldValue): string | undefined {
  const boundary = params.get('boundary')?.trimEnd() ?? '';
  return value.startsWith('multipart/') && boundary !== '' && boundary.length <= MAX_BOUNDARY
    ? boundary
    : undefined;
}

function beforeBreak(bytes: Buffer, at: number): number {
  if (at === 0 || bytes[at - 1] !== 10) return at;
  return at > 1 && bytes[at - 2] === 13 ? at - 2 : at - 1;
}

/** By the words behind the two dashes: whose delimiter a line is. */
type Delimiters = ReadonlyMap<string, { readonly of: Open; readonly closing: boolean }>;

/** The innermost open multipart is meant, or the innermost one if all of this name are closed. */
function delimitersOf(open: readonly Open[]): Delimiters {
  const closed = open.filter((one) => one.closed);
  const going = open.filter((one) => !one.closed);
  // What is set later wins: a delimiter that begins a part before one that ends a multipart.
  return new Map<string, { readonly of: Open; readonly closing: boolean }>([
    ...going.map((of) => [`${of.boundary}--`, { of, closing: true }] as const),
    ...[...closed, ...going].map((of) => [of.boundary, { of, closing: false }] as const),
  ]);
}

/** `--boundary` and nothing more but blanks. */
function delimiterAt(bytes: Buffer, start: number, end: number, delimiters: Delimiters) {
  if (delimiters.size === 0 || bytes[start] !== DASH || bytes[start + 1] !== DASH) return undefined;
  if (end - start > 2 * MAX_BOUNDARY) return undefined;
  return delimiters.get(bytes.toString('latin1', start + 2, end).trimEnd());
}
