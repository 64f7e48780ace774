import type { Request } from 'express';
import { z } from 'zod';
import { inPortuguese } from '../../contracts/field-words.ts';

/** Languages of what a request is refused for: Portuguese, or English for who asks for it by Accept-Language. */
export type Language = 'pt' | 'en';

export interface Words {
  /** Of what zod finds by itself. */
  readonly of: z.core.$ZodErrorMap;
  /** Of what a schema says in its own words, which are English in the source. */
  own(message: string): string;
  readonly invalid: string;
  /** Of names in the query or the body that this route does not know. */
  unknown(where: string, names: readonly string[]): string;
  /** Of names that stand in the query more than once. */
  twice(names: readonly string[]): string;
}

const words: Readonly<Record<Language, Words>> = {
  pt: {
    of: z.locales.ptBR().localeError,
    own: (message) => inPortuguese.get(message) ?? message,
    invalid: 'A requisição não é válida.',
    unknown: (where, names) =>
      `Esta rota não conhece ${where === 'query' ? 'o parâmetro' : 'o campo'}: ${names.join(', ')}.`,
    twice: (names) => `O parâmetro foi informado mais de uma vez: ${names.join(', ')}.`,
  },
  en: {
    of: z.locales.en().localeError,
    own: (message) => message,
    invalid: 'The request is not valid.',
    unknown: (where, names) =>
      `This route does not know the ${where === 'query' ? 'parameter' : 'field'}: ${names.join(', ')}.`,
    twice: (names) => `The parameter is named more than once: ${names.join(', ')}.`,
  },
};

export const wordsFor = (request: Pick<Request, 'acceptsLanguages'>): Words =>
  words[request.acceptsLanguages(['pt', 'en']) === 'en' ? 'en' : 'pt'];
