import { describe, expect, it } from 'vitest';
import { decodeTransfer, unflow } from './transfer.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

const LONG = 'não recebi o boleto. '.repeat(9);
const JOINED = Buffer.from(LONG).toString('base64').replace(/.{76}/g, '$& ');
const PHRASE = 'Bom dia preciso da segunda via do boleto que venceu ontem e ainda nao chegou no meu endereco';

describe('transfer encodings', () => {
  const text = (given: string, encoding = 'base64') => {
    const { bytes: read, asItCame } = decodeTransfer(bytes(given), encoding, { text: true });
    return [read.toString(), asItCame];
  };
  it.each([
    ['a whole text', 'T2zDoSBtdW5kbw==\r\n', 'Olá mundo', false],
    ['without padding', 'T2zDoSBtdW5kbw', 'Olá mundo', false],
    ['padded in the middle', 'T2zDoSA=\r\nbXVuZG8=', 'Olá mundo', false],
    ['words', 'Oi, tudo bem?', 'Oi, tudo bem?', true],
    ['words of its alphabet', 'Bom dia', 'Bom dia', true],
    ['one word of its alphabet', 'Cancelar', 'Cancelar', true],
    ['one more word', 'Obrigado', 'Obrigado', true],
    ['a footer below', 'T2zDoSBtdW5kbw==\r\n______\r\nLista: a b', 'Olá mundo\n______\r\nLista: a b', true],
    ['nothing', '', '', false],
    ['blanks between groups', 'T2zD oSBt dW5k bw==\r\n', 'Olá mundo', false],
    ['blanks and tabs anywhere', 'T2zDo SBt\tdW5kb w==\r\n', 'Olá mundo', false],
    ['blanks, without padding', 'T2zD oSBt dW5k\r\nbyE', 'Olá mundo!', false],
    ['lines that a relay joined', JOINED, LONG, false],
    ['blanks that made words text', 'and mail', 'and mail', true],
    ['words in groups of four that become text', 'Usar algo fixo', 'Usar algo fixo', true],
    ['words and numbers', 'V1 A', 'V1 A', true],
    ['many words of its alphabet', PHRASE, PHRASE, true],
    ['a sum', 'preciso de a = b', 'preciso de a = b', true],
    ['blanks, and what becomes no text', 'AAEC AwQF BgcI', 'AAEC AwQF BgcI', true],
    ['blanks, and another character', 'T2zD oSBt! dW5k bw==', 'T2zD oSBt! dW5k bw==', true],
  ])('base64: %s', (_what, given, read, asItCame) => {
    expect(text(given)).toEqual([read, asItCame]);
  });
  it('blanks in base64 of another charset than UTF-8 need whole groups', () => {
    const latin = bytes('Não recebi o boleto de março').toString('base64');
    const spaced = (every: RegExp) =>
      decodeTransfer(bytes(latin.replace(every, '$& ')), 'base64', { text: true }).bytes.toString('latin1');
    expect(spaced(/.{4}/g)).toBe('Não recebi o boleto de março');
    expect(spaced(/.{5}/g)).toMatch(/^TuNvI/);
  });
  it('a file that is no base64 is kept as it came; one bad character costs nothing', () => {
    const file = (given: string) => decodeTransfer(bytes(given), 'base64', { text: false });
    expect(file('%PDF-1.4 (a) <b>')).toMatchObject({ asItCame: true, bytes: bytes('%PDF-1.4 (a) <b>') });
    const long = Buffer.from('x'.repeat(600)).toString('base64');
    expect(file(`${long.slice(0, 400)}!\r\n${long.slice(400)}`).bytes.toString()).toBe('x'.repeat(600));
  });
  it.each([
    ['Ol=C3=A1 =\r\nmundo', 'Olá mundo'],
    ['a=  \r\nb=\nc=', 'abc'],
    ['50=% de =XY', '50=% de =XY'],
    ['=c3=a1', 'á'],
  ])('quoted-printable: %j', (given, read) => {
    expect(text(given, 'Quoted-Printable')).toEqual([read, false]);
  });
  it('lines that flow are one; quotations keep their depth, a signature its own line', () => {
    expect(unflow('um \ndois \ntrês\n> a \n> b\n>> c\n-- \nMaria', false)).toBe(
      'um dois três\n> a b\n>> c\n-- \nMaria',
    );
    expect(unflow('um \ndois', true)).toBe('umdois');
  });
});
