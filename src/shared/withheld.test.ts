import { describe, expect, it } from 'vitest';
import { isWithheld } from './withheld.ts';

describe('a caller who names nobody', () => {
  it.each([
    '',
    'anonymous',
    'Anonymous',
    'restricted',
    'unavailable',
    'unknown',
    'private',
    '0',
    '+000',
    '0000000000',
    '+5500000000000',
    'restrito',
    'Número privado',
    'numero-privado',
    'unknown%20caller',
    'Não identificado',
    'sem_identificacao',
    'NOT AVAILABLE',
    '(bloqueado)',
    'Sem número.',
  ])('is %j', (text) => {
    expect(isWithheld(text)).toBe(true);
  });
  it.each(['+5511987654321', '190', '08001234567', 'alice', 'unknown@cliente.test', 'Ana Unknown'])(
    'is not %j',
    (text) => {
      expect(isWithheld(text)).toBe(false);
    },
  );
});
