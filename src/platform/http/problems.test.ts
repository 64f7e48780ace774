import { describe, expect, it } from 'vitest';
import { assertNamedOnce, type RequestError } from './problems.ts';
import { type Language, wordsFor } from './words.ts';

function refusal(query: Record<string, unknown>, language: Language): RequestError | undefined {
  try {
    assertNamedOnce(query, wordsFor({ acceptsLanguages: () => language } as never));
    return undefined;
  } catch (error) {
    return error as RequestError;
  }
}

describe('a parameter that is named twice', () => {
  it.each([
    ['pt', 'O parâmetro foi informado mais de uma vez: limit.', 'Informado mais de uma vez'],
    ['en', 'The parameter is named more than once: limit.', 'Named more than once'],
  ] as const)('is said so, known to the route or not (%s)', (language, detail, message) => {
    const twice = refusal({ limit: ['1', '2'], cursor: 'x' }, language);
    expect([twice?.status, twice?.code]).toEqual([400, 'request.invalid']);
    expect([twice?.message, twice?.errors]).toEqual([detail, [{ path: 'query.limit', message }]]);
  });

  it('is repeated by a plain name only, and one that stands once is none', () => {
    expect(refusal({ '<b>': ['1', '2'] }, 'en')?.message).toMatch(/: \?\.$/);
    expect(refusal({ limit: '1' }, 'en')).toBeUndefined();
  });
});
