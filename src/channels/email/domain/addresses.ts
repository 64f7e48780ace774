import { withoutRootDot } from './threads.ts';

/**
 * Addresses of a header (RFC 5322 §3.4, and the obsolete forms of §4.4). An address is read as the RFC says or not at all: an answer
 * that goes to a guess goes to a stranger.
 */

export interface ReadAddress {
  /** Lower case; its local part in quotation marks where it needs them: `"a b"@cliente.test`. */
  readonly address: string;
  /** As written: encoded words are not decoded. */
  readonly name: string | undefined;
}

export interface AddressList {
  readonly people: readonly ReadAddress[];
  /** Something that was meant as an address is none. */
  readonly unread: boolean;
}

/** People in one header: more than that is no conversation. */
const MAX_ADDRESSES = 100;

interface Token {
  readonly kind: 'word' | 'quoted' | 'comment' | 'literal' | 'special';
  readonly text: string;
  /** Blanks stood before it. */
  readonly gap: boolean;
}

/** Each address once, those of groups too. */
export function readAddresses(value: string): AddressList {
  const found = new Map<string, ReadAddress>();
  let unread = false;
  let entry: Token[] = [];
  /** `Silva, Maria <maria@…>`: words before a comma that nobody quoted. */
  let words: Token[] = [];
  const finish = (): void => {
    if (entry.length === 0) return;
    const read = readEntry(entry.some(isSpecial('<')) ? [...words, ...entry] : entry);
    words = read === 'words' ? [...words, ...entry, COMMA] : [];
    if (read === 'unread') unread = true;
    else if (read !== 'words' && !found.has(read.address)) found.set(read.address, read);
    entry = [];
  };
  let angle = false;
  for (const token of tokens(value)) {
    if (found.size >= MAX_ADDRESSES) return { people: [...found.values()], unread };
    const special = token.kind === 'special' ? token.text : '';
    if (special === '<') angle = true;
    if (special === '>') angle = false;
    if (!angle && (special === ',' || special === ';')) finish();
    // The name of a group: its members follow.
    else if (!angle && special === ':') [entry, words] = [[], []];
    else entry.push(token);
    if (words.length + entry.length > MAX_TOKENS) return { people: [...found.values()], unread: true };
  }
  finish();
  return { people: [...found.values()], unread };
}

const COMMA: Token = { kind: 'word', text: ',', gap: false };
/** Of one entry: more are no name and address. */
const MAX_TOKENS = 200;

function readEntry(entry: readonly Token[]): ReadAddress | 'words' | 'unread' {
  const open = entry.findIndex(isSpecial('<'));
  const close = entry.findIndex(isSpecial('>'));
  if (open < 0 && close < 0) {
    if (!entry.some(isSpecial('@'))) return 'words';
    const address = addrSpec(entry);
    return address === undefined ? 'unread' : { address, name: named(comments(entry)) };
  }
  // `<>` names nobody, and says so.
  if (close === open + 1 && open >= 0) return 'words';
  const behind = entry.slice(close + 1).some(({ kind }) => kind !== 'comment');
  const address =
    open < 0 || close < open || behind ? undefined : addrSpec(withoutRoute(entry.slice(open + 1, close)));
  if (address === undefined) return 'unread';
  return { address, name: named(phrase(entry.slice(0, open))) ?? named(comments(entry)) };
}

const isSpecial =
  (text: string) =>
  (token: Token | undefined): boolean =>
    token?.kind === 'special' && token.text === text;

/** RFC 5322 §4.4, obs-route: `@relay,@other:ana@cliente.test`. */
function withoutRoute(inside: readonly Token[]): readonly Token[] {
  const [first] = inside.filter(({ kind }) => kind !== 'comment');
  const colon = inside.findIndex(isSpecial(':'));
  return isSpecial('@')(first) && colon > 0 ? inside.slice(colon + 1) : inside;
}

/** Words with dots between them, blanks and comments anywhere (§4.4); two words without a dot are no address. */
function addrSpec(all: readonly Token[]): string | undefined {
  const inside = all.filter(({ kind }) => kind !== 'comment');
  const at = inside.findIndex(isSpecial('@'));
  if (at < 1) return undefined;
  const local = localPart(inside.slice(0, at));
  const domain = domainPart(inside.slice(at + 1));
  if (local === undefined || domain === undefined) return undefined;
  // Letters of ASCII alone: other characters are still bytes.
  const address = withoutRootDot(`${local}@${domain}`).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return address.length <= 254 ? address : undefined;
}

/**
 * One form for one mailbox: quotation marks stay only where they are needed, with nothing escaped that need not be
 * (RFC 5321 §4.1.2). A bracket inside of them is no address that could be written to: mail programs cut it.
 */
function localPart(inside: readonly Token[]): string | undefined {
  const text = dotted(inside);
  if (text === undefined) return undefined;
  if (!inside.some(({ kind }) => kind === 'quoted')) return BARE.test(text) ? text : undefined;
  if (text.length > MAX_LOCAL || !QUOTABLE.test(text)) return undefined;
  return DOT_ATOM.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const MAX_LOCAL = 64;
const BARE = /^[^@\0- \x7f]+$/;
const QUOTABLE = /^[^<>\0-\x1f\x7f]+$/;
const DOT_ATOM = /^[^.@<>()[\]\\,;:"\0- \x7f]+(?:\.[^.@<>()[\]\\,;:"\0- \x7f]+)*$/;

/** Labels, or one literal (RFC 5321 §4.1.3); nothing in a domain is quoted. */
function domainPart(inside: readonly Token[]): string | undefined {
  const [first] = inside;
  if (inside.length === 1 && first?.kind === 'literal')
    return LITERAL.test(first.text) ? first.text : undefined;
  const text = inside.every(({ kind }) => kind === 'word') ? dotted(inside) : undefined;
  return text !== undefined && BARE.test(text) && !text.startsWith('.') ? text : undefined;
}

const LITERAL = /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|ipv6:[\da-f:.]{2,45})\]$/i;

function dotted(inside: readonly Token[]): string | undefined {
  let text = '';
  for (const [i, token] of inside.entries()) {
    if (token.kind !== 'word' && token.kind !== 'quoted') return undefined;
    const before = inside[i - 1];
    if (before !== undefined && !endsInDot(before) && !(token.kind === 'word' && token.text.startsWith('.')))
      return undefined;
    text += token.text;
  }
  return text === '' ? undefined : text;
}

/** A dot inside of quotation marks joins nothing. */
const endsInDot = ({ kind, text }: Token): boolean => kind === 'word' && text.endsWith('.');

const phrase = (entry: readonly Token[]): string =>
  entry
    .filter(({ kind }) => kind !== 'comment')
    .map(({ text, gap }) => (gap ? ` ${text}` : text))
    .join('');

const comments = (entry: readonly Token[]): string =>
  entry
    .filter(({ kind }) => kind === 'comment')
    .map(({ text }) => text)
    .join(' ');

const named = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());

/** A word of RFC 2047 is one word, whatever characters its program left in it. */
const ENCODED = /=\?[^?\s]{1,60}\?[bq]\?[^?\s]*\?=/iy;

/** Every character is looked at once. */
function* tokens(value: string): Generator<Token> {
  let gap = false;
  for (let at = 0; at < value.length; ) {
    if (BLANK.has(value[at] ?? '')) {
      gap = true;
      at += 1;
      continue;
    }
    const { end, kind, text } = tokenAt(value, at);
    yield { kind, text, gap };
    gap = false;
    at = end;
  }
}

function tokenAt(value: string, at: number): Omit<Token, 'gap'> & { readonly end: number } {
  const char = value[at] ?? '';
  if (char === '(') return { kind: 'comment', ...comment(value, at) };
  if (char === '"') return { kind: 'quoted', ...quoted(value, at + 1, '"') };
  if (char === '[') {
    const { text, end } = quoted(value, at + 1, ']');
    return { kind: 'literal', text: `[${text}]`, end };
  }
  if (SPECIALS.includes(char)) return { kind: 'special', text: char, end: at + 1 };
  ENCODED.lastIndex = at;
  const end = char === '=' && ENCODED.test(value) ? ENCODED.lastIndex : wordEnd(value, at);
  return { kind: 'word', text: value.slice(at, end), end };
}

const BLANK = new Set([' ', '\t', '\r', '\n']);
const SPECIALS = '<>@,;:)]';
const NO_WORD = new Set(`${SPECIALS}("[ \t\r\n`);

function wordEnd(value: string, start: number): number {
  let at = start;
  while (at < value.length && !NO_WORD.has(value[at] ?? '')) at += 1;
  return Math.max(at, start + 1);
}

function quoted(
  value: string,
  start: number,
  close: string,
): { readonly text: string; readonly end: number } {
  const out: string[] = [];
  let at = start;
  while (at < value.length && value[at] !== close) {
    if (value[at] === '\\') at += 1;
    out.push(value[at] ?? '');
    at += 1;
  }
  return { text: out.join(''), end: at + 1 };
}

/** Comments nest (RFC 5322 §3.2.2). */
function comment(value: string, start: number): { readonly text: string; readonly end: number } {
  const out: string[] = [];
  let depth = 0;
  let at = start;
  for (; at < value.length; at++) {
    const char = value[at] ?? '';
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (depth === 0) break;
    if (char === '\\') at += 1;
    out.push(value[at] ?? '');
  }
  return { text: out.slice(1).join(''), end: at + 1 };
}
