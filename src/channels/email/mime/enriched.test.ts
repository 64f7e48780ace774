import { describe, expect, it } from 'vitest';
import { enrichedText, richText } from './enriched.ts';

describe('text/enriched as plain text', () => {
  it.each([
    ['<bold>Olá</bold> <Italic>mundo</Italic>', 'Olá mundo'],
    ['<color><param>red</param>Não</color> funciona', 'Não funciona'],
    ['1 << 2 e <<b>', '1 < 2 e <b>'],
    ['uma\nlinha\r\n\r\noutra\n\n\nmais', 'uma linha\noutra\n\nmais'],
    ['<nofill>a\nb</nofill>\nc', 'a\nb c'],
    ['sem nada', 'sem nada'],
  ])('%j is %j', (given, text) => expect(enrichedText(given)).toBe(text));
  it.each(['a < b\n<bold>c</bold>', '<maria@cliente.test> escreveu\noi', 'a <', '<x><param>tudo isto'])(
    'what keeps not to its form stays as it came: %j',
    (given) => expect(enrichedText(given)).toBe(given),
  );
  it('costs no more than its length', () => {
    for (const piece of ['<', '<<', '<a', '<param>', '<a>', '\n'])
      expect(typeof enrichedText(piece.repeat(500_000))).toBe('string');
  });
});

describe('text/richtext as plain text', () => {
  it.each([
    ['<bold>Olá</bold>\n<italic>mundo</italic>', 'Olá mundo'],
    ['um<nl>dois <NL> três<np>', 'um\ndois\ntrês\n'],
    ['1 <lt> 2', '1 < 2'],
    ['a<comment>b<nl>c</comment>d', 'ad'],
    ['a<comment>b<comment>c</comment>d</comment>e', 'ae'],
    ['a</comment>b<comment>c</comment>d', 'abd'],
    ['a<COMMENT>b</Comment>c', 'ac'],
    ['<paragraph>a</paragraph>b', '\na\nb'],
  ])('%j is %j', (given, text) => expect(richText(given)).toBe(text));
  it.each(['a < b', '<maria@cliente.test> escreveu <nl>', '<comment>tudo isto'])(
    'stays as it came: %j',
    (given) => expect(richText(given)).toBe(given),
  );
  it('costs no more than its length', () => {
    for (const piece of ['<', '<a', '<comment>', '<a>', '\n', ' '])
      expect(typeof richText(piece.repeat(500_000))).toBe('string');
  });
});
