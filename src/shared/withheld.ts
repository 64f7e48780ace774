import { unescaped } from './percent.ts';

/** How a caller without a number is kept. */
export const WITHHELD = 'anonymous';

/** What is not shown: letters alone, no accents. None is made of others, so that the pattern reads a text in one way only. */
const THINGS = [
  ...['numero', 'number', 'id', 'name', 'nome', 'caller', 'clid', 'bina', 'phone', 'telefone'],
  ...[
    'call',
    'chamada',
    'chamador',
    'ligacao',
    'identidade',
    'identificacao',
    'usuario',
    'user',
    'assinante',
  ],
];
/** That it is not: in English, and in Portuguese of both genders. */
const HIDDEN = [
  ...['anonymous', 'private', 'restricted', 'withheld', 'blocked', 'confidential', 'unknown', 'unavailable'],
  ...['hidden', 'suppressed', 'undisclosed', 'unidentified', 'indisponivel', 'confidencial', 'outofarea'],
  ...['anonim', 'privad', 'restrit', 'bloquead', 'ocult', 'desconhecid', 'sigilos', 'secret', 'suprimid'].map(
    (stem) => `${stem}[oa]`,
  ),
];
const NOT_THERE = [
  ...['available', 'identified', 'provided', 'disclosed', 'disponivel', 'confidencial'],
  ...['identificad', 'informad', 'divulgad', 'fornecid', 'exibid', 'revelad', 'cadastrad'].map(
    (stem) => `${stem}[oa]`,
  ),
];
/** What programs put where they know nothing; `s` and `asterisk` are those of the exchange of that name. */
const FILLERS = ['null', 'nil', 'none', 'nan', 'undefined', 's', 'asterisk', 'freeswitch'];

const oneOf = (words: readonly string[]): string => `(?:${words.join('|')})`;
const THING = oneOf(THINGS);
const ABSENT = oneOf([
  ...HIDDEN,
  `(?:not|nao)${oneOf(NOT_THERE)}`,
  `(?:no|not|sem|without)(?:de)?${THING}(?:de)?`,
]);
/** What networks, telephones and gateways write where the number was (RFC 3323 §4.1.1.3), also with a count behind it. */
const NOBODY = new RegExp(`^(?:${oneOf(FILLERS)}|(?:${THING}(?:de)?){0,3}${ABSENT}${THING}{0,3}\\d{0,4})$`);
/** Numbers that are none: zeros alone, one digit nine times or more, less than nothing. */
const NO_NUMBER = /^(?:\+|-\d+|\+?(?:55)?0+|\+?(?:55)?(\d)\1{8,})$/;

const bare = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\p{M}\s._"'()-]+/gu, '')
    .toLowerCase();

/** The user part of who calls, or a display name, that names nobody. */
export const isWithheld = (text: string): boolean => {
  const read = unescaped(text.slice(0, 300)).trim();
  const plain = bare(read);
  return plain === '' || NOBODY.test(plain) || NO_NUMBER.test(plain) || NO_NUMBER.test(read);
};
