import { describe, expect, it } from 'vitest';
import { WITHHELD } from '../shared/withheld.ts';
import { displayName, nameOf, numberOf } from './admission.ts';

const CALLED = '+551133334444';

describe('who calls, as it is kept', () => {
  it.each([
    ['a local number has the area of the number that it called', '987650001', '+5511987650001'],
    ['a service number stays', '190', '190'],
    ['what is no number stays as it came', 'alice', 'alice'],
    ['without marks that hide in it', 'ali\u202ece\u200b', 'alice'],
    ['control characters hide nobody behind a number', '+55119\u0000\r\nX', 'anonymous'],
    ['nor does one alone', '\u0007', 'anonymous'],
  ])('%s', (_what, text, kept) => {
    expect(numberOf(text, CALLED)).toBe(kept);
  });

  it('a display name is one line of at most 120 characters, or none', () => {
    expect(displayName('Maria\r\n\u0000 da  Silva ')).toBe('Maria da Silva');
    expect(displayName('x'.repeat(30_000))).toHaveLength(120);
    expect(displayName(`${'x'.repeat(119)}😀`)).toBe('x'.repeat(119));
    expect(displayName(' \u0000\r\n')).toBeUndefined();
    expect(displayName(undefined)).toBeUndefined();
  });

  it('a display name is turned around by no mark of direction, and is read where it is an encoded word', () => {
    expect(displayName('Maria \u202eazuoS\u202c \u2067x\u2069\u200b')).toBe('Maria azuoS x');
    expect(displayName('=?UTF-8?Q?Jo=C3=A3o_Souza?=')).toBe('João Souza');
    expect(displayName('=?utf-8?B?TWFyaWEg4oCuUw==?=')).toBe('Maria S');
    expect(displayName('João =? x')).toBe('João =? x');
    expect(displayName('Иван =?UTF-8?Q?Jos=C3=A9?=')).toBe('Иван José');
    for (const blank of ['\u202e\u200b', '\u3164', '\u2800', '\ufe0f\u200d'])
      expect(displayName(blank)).toBeUndefined();
  });

  it.each(['Anonymous', 'anonymous', 'RESTRICTED', 'Unavailable', ' unknown ', 'Privado', '0000'])(
    'a display name that names nobody is none: %s',
    (text) => {
      expect(displayName(text)).toBeUndefined();
    },
  );

  it.each([
    ...['+5511987654321', '(11) 98765-4321', '11987654321', '3333-4444', '2000', '+44 20 7946 0958'],
    ...['Tel: (11) 3333-4444', '0xx11 3333-4444', '\uff11\uff11 98765\u20134321', '190'],
  ])('a display name that is a number is none, whoever has it: %s', (text) => {
    expect(nameOf('+5511987654321', text)).toBeUndefined();
    expect(nameOf('+551133334444', text)).toBeUndefined();
  });

  it.each(['99', '3M', 'Loja 1000', 'Sala 11 3333-4444', 'Maria 11987654321'])('%s is a name', (text) => {
    expect(displayName(text)).toBe(text);
  });

  it('of who hides the number is shown to nobody', () => {
    expect(nameOf('+5511987654321', 'Maria')).toBe('Maria');
    expect(nameOf(WITHHELD, 'Maria')).toBeUndefined();
  });
});
