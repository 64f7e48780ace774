/** Why a field was refused, where zod has no words of its own: in both languages, by a name that the compiler knows. */

interface Words {
  readonly en: string;
  readonly pt: string;
}

const words = {
  unknownParameter: { en: 'Unknown parameter', pt: 'Parâmetro desconhecido' },
  unknownField: { en: 'Unknown field', pt: 'Campo desconhecido' },
  malformedJson: { en: 'Malformed JSON', pt: 'JSON malformado' },
  chooseOne: { en: 'Choose one', pt: 'Escolha uma opção' },
  noControls: { en: 'No control characters', pt: 'Sem caracteres de controle' },
  notBlank: { en: 'Not blank', pt: 'Não pode ficar em branco' },
  nameless: {
    en: 'A name has a letter or a digit',
    pt: 'Um nome tem ao menos uma letra ou um algarismo',
  },
  namedTwice: { en: 'Named more than once', pt: 'Informado mais de uma vez' },
  cursor: { en: 'Not a cursor of this list', pt: 'Não é um cursor desta lista' },
  mailAddress: { en: 'No mail address', pt: 'Não é um endereço de e-mail' },
  username: {
    en: 'Letters, digits, dot, dash and underscore',
    pt: 'Letras sem acento, algarismos, ponto, hífen e sublinhado',
  },
  skillOnce: { en: 'Each skill once.', pt: 'Cada habilidade uma vez.' },
  key: { en: 'Small letters, digits and dashes', pt: 'Letras minúsculas sem acento, algarismos e hífens' },
  state: { en: 'Two letters, e.g. SP', pt: 'Duas letras, por exemplo SP' },
  timeZone: { en: 'An IANA time zone', pt: 'Um fuso horário da IANA' },
  prefix: {
    en: 'The beginning of an international number, e.g. +55',
    pt: 'O começo de um número internacional, por exemplo +55',
  },
  phone: {
    en: 'A number with its area, e.g. (11) 4000-4000',
    pt: 'Um número com DDD, por exemplo (11) 4000-4000',
  },
  digitMissing: {
    en: 'A digit is missing: a mobile number has nine after its area, e.g. (11) 98765-4321',
    pt: 'Falta um dígito: celular tem nove depois do DDD, por exemplo (11) 98765-4321',
  },
  flowFile: {
    en: 'A file in ivr-flows, e.g. principal.yaml',
    pt: 'Um arquivo de ivr-flows, por exemplo principal.yaml',
  },
  noFlow: { en: 'There is no such flow', pt: 'Este fluxo não existe' },
  time: {
    en: 'Times are written like 08:00-12:00, 13:00-18:00',
    pt: 'Os horários são escritos como 08:00-12:00, 13:00-18:00',
  },
  hours: {
    en: 'Hours must be in order and must not overlap',
    pt: 'Os horários ficam em ordem e não se sobrepõem',
  },
  sipUri: { en: 'e.g. sip:10.0.0.5:5060;transport=udp', pt: 'por exemplo sip:10.0.0.5:5060;transport=udp' },
  ip: { en: 'A literal IP address', pt: 'Um endereço IP literal' },
  dialedBeginning: {
    en: 'Digits, with + where the number has it',
    pt: 'Algarismos, com + onde o número o tem',
  },
  written: { en: 'Digits, + at the beginning, * or #', pt: 'Algarismos, + no começo, * ou #' },
  trunkUnknown: {
    en: 'A trunk needs addresses, digest credentials or an outbound URI',
    pt: 'Um tronco precisa de endereços, de credenciais ou de um destino de saída',
  },
  digits: { en: 'Digits 0-9, * or #', pt: 'Algarismos, * ou #' },
  needsProtocol: { en: 'must contain {protocol}', pt: 'precisa conter {protocol}' },
  noLinks: { en: 'must not contain links', pt: 'não pode conter links' },
} as const satisfies Readonly<Record<string, Words>>;

/** The English sentence, which a schema holds: it stands in zod's issue and is put into the person's language on the way out. */
export const fault = (name: keyof typeof words): string => words[name].en;

/** Portuguese sentences by the English ones. */
export const inPortuguese: ReadonlyMap<string, string> = new Map(
  Object.values(words).map(({ en, pt }) => [en, pt]),
);
