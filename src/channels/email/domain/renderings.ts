import { programLine } from './program-lines.ts';

/** A rendering of a mail (multipart/alternative, RFC 2046 §5.1.4) as text. */
export interface Rendering {
  readonly text: string;
  /** What the reader of HTML wrote for pictures (`[print.png]`) and behind links (`(https://…)`). */
  readonly added: readonly string[];
}

/**
 * Whether two renderings of one mail say the same to a person: the same words, numbers, signs of sums and questions, commas and emoji,
 * in one order. Spaces, line breaks, case, other marks, links, pictures, the marks of lists and quotations, and a few whole lines of
 * programs at either end are no difference. In doubt there is one. Each character is looked at a fixed number of times.
 */
export function sayTheSame(one: Rendering, other: Rendering): boolean {
  const added = new Set([...one.added, ...other.added].map(asWritten));
  const [a, b] = [readingOf(one.text, added), readingOf(other.text, added)];
  if (a.addresses !== '' && b.addresses !== '' && a.addresses !== b.addresses) return false;
  return a.words === b.words || a.asList === b.asList;
}

/** Of what is far longer, the start is compared: nobody is shown more. */
const MAX_LENGTH = 200_000;

interface Reading {
  /** With the numbers of lists. */
  readonly words: string;
  /** With one mark for the items of lists, numbered or not. */
  readonly asList: string;
  /** Those that stand behind names, as in a link. */
  readonly addresses: string;
}

interface Line {
  readonly words: readonly string[];
  /** What stood before the words: the number of an item, or a mark. */
  readonly item: number | 'mark' | undefined;
  readonly program: 'end' | 'either' | undefined;
}

function readingOf(text: string, added: ReadonlySet<string>): Reading {
  const addresses: string[] = [];
  const lines = asWritten(text.slice(0, MAX_LENGTH))
    .replace(TWICE, '$1')
    .replace(ADDRESS, (_all, address: string) => {
      addresses.push(address);
      return LINKED;
    })
    .replace(BRACKETS, (found) => (added.has(found) || PICTURE.test(found) ? LINKED : found))
    .replace(LINK, LINKED)
    .split('\n')
    .map(lineOf)
    .filter(({ words }) => words.length > 0);
  const own = withoutPrograms(lines);
  return {
    words: own
      .flatMap(({ item, words }) => (typeof item === 'number' ? [String(item), ...words] : words))
      .join(' '),
    asList: listed(own).join(' '),
    addresses: addresses.join(' '),
  };
}

/** One way of writing what looks alike. Accents and small digits stay: `e` is not `é`, and `10²` is not `102`. */
const asWritten = (text: string): string =>
  text
    .replace(/[^\u00b2\u00b3\u00b9\u2070-\u209f]+/g, (some) => some.normalize('NFKC'))
    .replace(/[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\ufffc]/g, '')
    .toLowerCase();

/** In the place of a link or picture, until its line is read. */
const LINKED = ' \ufffc ';
/** Outlook writes a link with its own words so. */
const TWICE = /([^\s<>()@]{1,80}@[^\s<>()@]{1,255})<mailto:\1>/g;
const ADDRESS = /[<(](?:mailto:)?([^\s<>()@]{1,80}@[^\s<>()@]{1,255})[>)]/g;
const BRACKETS = /\[[^[\]\n]{1,300}\]|\([^()\n]{1,2000}\)/g;
const LINK = /<tel:[^\s<>]{1,40}>|[<(]?\b(?:https?:\/\/|www\.)[^\s<>()[\]]*[^\s<>()[\].,;:!?][>)]?/g;
/** As mail programs write them into plain text. */
const PICTURE =
  /^\[(?:(?:inline )?image|imagem|imagen|cid): ?[^\]]*\]$|^\[[^\]]{1,120}\.(?:png|jpe?g|gif|bmp|webp|svg|heic|tiff?)\]$/;

const TOKEN = new RegExp(
  [
    // One word a character where a language writes no spaces.
    '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Khmer}\\p{sc=Lao}]',
    // 1.000,50 and 18:05 are one number.
    '[\\p{L}\\p{M}\\p{N}]+(?:(?<=\\p{N})[.,:/-](?=\\p{N})[\\p{L}\\p{M}\\p{N}]+)*',
    // A minus, and no dash.
    '(?<![\\p{L}\\p{N}])[-\\u2212\\u2013](?=(?:r?\\p{Sc}[ \\t]?)?\\p{N})',
    '[<>](?=[ \\t]*\\p{N})',
    '[+±×÷≠≤≥%‰?,;]|\\p{Sc}',
    // Emoji, and signs like them.
    '\\p{RI}|[^\\ufffc\\P{So}]|\\p{Extended_Pictographic}',
  ].join('|'),
  'gu',
);
const ITEM = /^(?:[-*\u2022\u2013\u2014\u00b7\u25a0-\u25ff]|(\d{1,3})[.)])[ \t]+/;

function lineOf(given: string): Line {
  const line = given.replace(/^[ \t>]+/, '');
  const item = ITEM.exec(line);
  const rest = item === null ? line : line.slice(item[0].length);
  const words = (rest.match(TOKEN) ?? []).map((word) => (/^[\u2212\u2013]$/.test(word) ? '-' : word));
  const number = item?.[1];
  if (words.length === 0)
    return { words: number === undefined ? [] : [number], item: undefined, program: undefined };
  return {
    words,
    item: number === undefined ? (item === null ? undefined : 'mark') : Number(number),
    program: programLine(words.join(' '), line.includes('\ufffc')),
  };
}

/** Marks for what belongs to a list: two items or more, counted from one. Any other number before a line is said. */
function listed(lines: readonly Line[]): string[] {
  const numbers = lines.map(({ item }) => item).filter((item) => typeof item === 'number');
  const said: string[] = [];
  let met = 0;
  let counted = 0;
  for (const { item, words } of lines) {
    if (typeof item === 'number') {
      met += 1;
      const isCounted = item === counted + 1 && (counted > 0 || numbers[met] === 2);
      counted = isCounted ? item : 0;
      said.push(isCounted ? '\u2022' : String(item));
    } else if (item === 'mark') said.push('\u2022');
    said.push(...words);
  }
  return said;
}

/** Nothing of the writer's stands behind such a line, or before one that may stand at the top. */
function withoutPrograms(lines: readonly Line[]): readonly Line[] {
  const last = lines.findLastIndex(({ program }) => program === undefined);
  const first = lines.findIndex(({ program }) => program !== 'either');
  return lines.slice(Math.max(0, first), last + 1);
}
