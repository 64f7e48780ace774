/** How a caller without a number is kept. */
export const WITHHELD = 'anonymous';

/** What networks and telephones write where the number was (RFC 3323 §4.1.1.3, and gateways' own words): letters alone, no accents. */
const WORDS = new Set([
  ...[
    'anonymous',
    'anonymouscaller',
    'anonimo',
    'restricted',
    'restrito',
    'private',
    'privatenumber',
    'privado',
  ],
  ...[
    'numeroprivado',
    'numerorestrito',
    'chamadaprivada',
    'withheld',
    'withheldnumber',
    'blocked',
    'bloqueado',
  ],
  ...['numerobloqueado', 'oculto', 'numerooculto', 'confidential', 'confidencial', 'numeroconfidencial'],
  ...['unknown', 'unknowncaller', 'unknownnumber', 'desconhecido', 'numerodesconhecido', 'unavailable'],
  ...['notavailable', 'indisponivel', 'naodisponivel', 'naoidentificado', 'numeronaoidentificado'],
  ...['semidentificacao', 'semnumero', 'nonumber', 'noname', 'nocallerid', 'null', 'none', 'undefined'],
]);

const bare = (text: string): string =>
  text
    .slice(0, 100)
    .replace(/%20/g, ' ')
    .normalize('NFD')
    .replace(/[\p{M}\s._"'()-]+/gu, '')
    .toLowerCase();

/** The user part of who calls, or a display name, that names nobody. Numbers of zeros alone are fillers of gateways. */
export const isWithheld = (text: string): boolean => {
  const plain = bare(text);
  return plain === '' || WORDS.has(plain) || /^\+?(?:55)?0+$/.test(plain);
};
