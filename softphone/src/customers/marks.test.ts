import { describe, expect, it } from 'vitest';
import { markMatch, markWords, type Piece } from './marks.ts';

/** «so» shows what is marked. */
const shown = (pieces: readonly Piece[]): string =>
  pieces.map(({ text, hit }) => (hit ? `«${text}»` : text)).join('');

describe('what was searched is marked in what was found', () => {
  it.each([
    ['Maria Souza', 'maria souza', '«Maria» «Souza»'],
    ['João Conceição', 'joao conc', '«João» «Conc»eição'],
    ['Joa\u0303o Lima', 'joão', '«Joa\u0303o» Lima'],
    ['Ana Paula', 'a', 'Ana Paula'],
    ['Souza & Filhos Ltda', 'SOU fil', '«Sou»za & «Fil»hos Ltda'],
    ['Marisa', 'isa', 'Marisa'],
    ['Rua das Flores, 120', 'flores 12', 'Rua das «Flores», «12»0'],
    ['Ana Anabela', 'ana anab', '«Ana» «Anab»ela'],
    ['', 'x', ''],
  ])('%s by %s', (text, search, expected) => {
    expect(shown(markWords(text, search))).toBe(expected);
  });

  it('a key by its beginning, a masked number whole', () => {
    expect(shown(markMatch({ field: 'email', text: 'joao.silva@x.test' }, 'João.S'))).toBe(
      '«joao.s»ilva@x.test',
    );
    expect(shown(markMatch({ field: 'key', text: 'login77' }, 'login7'))).toBe('«login7»7');
    expect(shown(markMatch({ field: 'phone', text: '+5511****4321' }, '11987654321'))).toBe(
      '«+5511****4321»',
    );
    expect(shown(markMatch({ field: 'document', text: '***.982.247-**' }, '52998224725'))).toBe(
      '«***.982.247-**»',
    );
    expect(shown(markMatch({ field: 'address', text: 'Rua Rosário, 3' }, 'maria rosario'))).toBe(
      'Rua «Rosário», 3',
    );
  });
});
