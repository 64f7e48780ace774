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
    'sigiloso',
    'naoinformado',
    'numero%20nao%20informado',
    'ID%20Indispon%C3%ADvel',
    'sem_id',
    'Sem identificação de chamada',
    'Identidade oculta',
    'Private Number',
    'Anonymous-1',
    '+',
    '-1',
    's',
    'asterisk',
    '999999999',
    '+55 99999-9999-9',
    '11111111111',
  ])('is %j', (text) => {
    expect(isWithheld(text)).toBe(true);
  });
  it.each([
    ...[
      '+5511987654321',
      '190',
      '08001234567',
      'alice',
      'unknown@cliente.test',
      'Ana Unknown',
      '1',
      '99999999',
    ],
    ...[
      '11999999999',
      '+5511999999999',
      'Ida',
      'Nome',
      'Caller',
      'Sandra',
      'Asterisk Solutions',
      '%E9',
      'Nona',
    ],
  ])('is not %j', (text) => {
    expect(isWithheld(text)).toBe(false);
  });
});
