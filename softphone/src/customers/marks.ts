import { fold } from '../../../src/shared/br/text.ts';
import type { Matched } from './customers.ts';

/** A part of a text, and whether the search asked for it. */
export interface Piece {
  text: string;
  hit: boolean;
}

const WORD = /[\p{L}\p{N}]+/gu;
const wordsOf = (text: string): string[] => fold(text).match(WORD) ?? [];

function joined(pieces: readonly Piece[]): Piece[] {
  return pieces.filter(({ text }) => text !== '');
}

/** The letters that, folded, make the first `length` letters of a word: an accent may be a letter of its own. */
function beginning(word: string, length: number): number {
  let [at, folded] = [0, 0];
  for (const letter of word) {
    if (folded >= length && fold(letter) !== '') break;
    at += letter.length;
    folded += fold(letter).length;
  }
  return at;
}

/** A text with the beginnings of its words marked that the search asked for; accents and capitals do not matter. */
export function markWords(text: string, search: string): Piece[] {
  const asked = wordsOf(search).filter((word) => word.length > 1);
  const pieces: Piece[] = [];
  let done = 0;
  for (const found of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    const [word] = found;
    const folded = fold(word);
    const hits = asked.filter((one) => folded.startsWith(one)).map((one) => one.length);
    if (hits.length === 0) continue;
    const end = found.index + beginning(word, Math.max(...hits));
    pieces.push({ text: text.slice(done, found.index), hit: false });
    pieces.push({ text: text.slice(found.index, end), hit: true });
    done = end;
  }
  return joined([...pieces, { text: text.slice(done), hit: false }]);
}

/** What was found, marked. A masked number shows no part of what was asked for: it is marked whole. */
export function markMatch({ field, text }: Matched, search: string): Piece[] {
  if (field === 'document' || field === 'phone') return [{ text, hit: true }];
  const asked = search.trim();
  if (['email', 'key', 'code'].includes(field) && fold(text).startsWith(fold(asked)))
    return joined([
      { text: text.slice(0, asked.length), hit: true },
      { text: text.slice(asked.length), hit: false },
    ]);
  return markWords(text, search);
}
