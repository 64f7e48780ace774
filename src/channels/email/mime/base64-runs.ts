/** Base64 with blanks inside of its lines (RFC 2045 §6.8), told from words that people wrote. */

const PAD = 61;

/** 1: of the alphabet. 2: padding. 3: blank or line break. 0: anything else. */
export const KINDS = ((): Uint8Array => {
  const kinds = new Uint8Array(256);
  for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
    kinds[char.charCodeAt(0)] = 1;
  kinds[PAD] = 2;
  for (const byte of [9, 10, 13, 32]) kinds[byte] = 3;
  return kinds;
})();

export interface Runs {
  /** Characters of base64, with their padding. */
  readonly size: number;
  /** Blanks stand between whole groups of four alone. */
  readonly aligned: boolean;
}

/** Characters: in so few, words may fall into groups of four, or become text, by chance. */
export const MIN_RUNS = 24;
/** Characters: of more, no words become text. */
const MAX_WORDS = 48;
/** Bytes: more blanks than that for so few characters stand in no base64. */
const MAX_SHORT = 1000;

/** undefined: no base64, or words by their look. */
export function runsOf(bytes: Buffer): Runs | undefined {
  const counted = countRuns(bytes);
  if (counted === undefined) return undefined;
  const { size, padding, aligned } = counted;
  const isWhole = padding === 0 ? size % 4 !== 1 : padding < 3 && size % 4 === 0;
  if (!isWhole || (size < MAX_WORDS && looksLikeWords(bytes))) return undefined;
  return aligned || padding > 0 || size >= MIN_RUNS ? { size, aligned } : undefined;
}

/** undefined: something else stands in it, or padding anywhere but at the end. */
function countRuns(bytes: Buffer): (Runs & { readonly padding: number }) | undefined {
  let size = 0;
  let padding = 0;
  let aligned = true;
  let inside = false;
  for (const byte of bytes) {
    const kind = KINDS[byte] ?? 0;
    if (kind === 0 || (kind === 1 && padding > 0)) return undefined;
    if (kind === 3) {
      if (inside && size % 4 !== 0) aligned = false;
    } else size += 1;
    if (kind === 2) padding += 1;
    inside = kind !== 3;
  }
  return { size, padding, aligned };
}

const looksLikeWords = (bytes: Buffer): boolean =>
  bytes.length > MAX_SHORT ||
  bytes
    .toString('latin1')
    .trim()
    .split(/\s+/)
    .every((word) => WORDLIKE.test(word));

const WORDLIKE = /^(?:[A-Z]?[a-z]+|[A-Z]+|\d+)$/;
