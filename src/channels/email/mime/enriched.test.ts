import { describe, expect, it } from 'vitest';
import { enrichedText } from './enriched.ts';

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
