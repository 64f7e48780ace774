import type { Request } from 'express';
import { z } from 'zod';

/** Languages of what a request is refused for: Portuguese, or English for who asks for it by Accept-Language. */
export type Language = 'pt' | 'en';

export interface Words {
  /** Of what zod finds by itself. */
  readonly of: z.core.$ZodErrorMap;
  /** Of what a schema says in its own words, which are English in the source. */
  own(message: string): string;
  readonly invalid: string;
}

/** The schemas' own sentences. One that is missing here stays English: a fault in words, not in what is refused. */
const PORTUGUESE: Readonly<Record<string, string>> = {
  'Unknown key': 'Chave desconhecida',
  'No control characters': 'Sem caracteres de controle',
  'Not blank': 'Não pode ficar em branco',
  'Not a cursor of this list': 'Não é um cursor desta lista',
  'A number with its area, e.g. (11) 4000-4000': 'Um número com DDD, por exemplo (11) 4000-4000',
  'Small letters, digits and dashes': 'Letras minúsculas, algarismos e hífens',
  'A file in ivr-flows, e.g. principal.yaml': 'Um arquivo de ivr-flows, por exemplo principal.yaml',
  'There is no such flow': 'Este fluxo não existe',
  'E.164, e.g. +551140004000, or a service number, e.g. 08001234567':
    'E.164, por exemplo +551140004000, ou um número de serviço, por exemplo 08001234567',
  'Digits, with + where the number has it': 'Algarismos, com + onde o número o tem',
  'Digits, + at the beginning, * or #': 'Algarismos, + no começo, * ou #',
  'A literal IP address': 'Um endereço IP literal',
  'e.g. sip:10.0.0.5:5060;transport=udp': 'por exemplo sip:10.0.0.5:5060;transport=udp',
  'A trunk needs addresses, digest credentials or an outbound URI':
    'Um tronco precisa de endereços, de credenciais ou de um destino de saída',
  'Hours must be in order and must not overlap': 'Os horários ficam em ordem e não se sobrepõem',
  'An IANA time zone': 'Um fuso horário da IANA',
  'must contain {protocol}': 'precisa conter {protocol}',
  'must not contain links': 'não pode conter links',
};

const words: Readonly<Record<Language, Words>> = {
  pt: {
    of: z.locales.ptBR().localeError,
    own: (message) => PORTUGUESE[message] ?? message,
    invalid: 'A requisição não é válida.',
  },
  en: { of: z.locales.en().localeError, own: (message) => message, invalid: 'The request is not valid.' },
};

export const wordsFor = (request: Pick<Request, 'acceptsLanguages'>): Words =>
  words[request.acceptsLanguages(['pt', 'en']) === 'en' ? 'en' : 'pt'];
