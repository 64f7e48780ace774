/** How a caller without a number is kept. */
export const WITHHELD = 'anonymous';

/** What networks and telephones write where the number was: RFC 3323 §4.1.1.3, and the words of gateways. */
const WORDS =
  /^(?:anonymous|anonimo|anônimo|restricted|unavailable|unknown|private|withheld|blocked|oculto|privado|desconhecido|indispon[ií]vel|no[ _-]?number|null|none)$/i;

/** The user part of who calls, or a display name, that names nobody. Numbers of zeros alone are fillers of gateways. */
export const isWithheld = (text: string): boolean => {
  const plain = text.trim();
  return plain === '' || WORDS.test(plain) || /^\+?0+$/.test(plain);
};
