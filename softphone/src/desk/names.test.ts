import { describe, expect, it } from 'vitest';
import { interactionOf } from '../../../tests/e2e/desk-world.ts';
import { pt } from '../i18n/pt/index.ts';
import { aboutOf, nameOf, subjectOf } from './names.ts';

const queues = [{ key: 'suporte', name: 'Suporte' }];

describe('who a contact is with', () => {
  it('is the number as people write it, or that it is withheld', () => {
    const from = (address: string) =>
      nameOf(pt, interactionOf({ id: 'v1', customer: null, contact: { address } }));
    expect(from('+5511987654321')).toBe('(11) 98765-4321');
    expect(from('anonymous')).toBe('Número não identificado');
  });
});

describe('what a contact is about', () => {
  it.each([
    ['suporte', 'Sem internet', 'Suporte · Sem internet'],
    ['suporte', '', 'Suporte'],
    ['suporte', '  ', 'Suporte'],
    ['suporte', undefined, 'Suporte'],
    [null, 'Sem internet', 'Sem internet'],
    [null, '', ''],
  ])('of queue %j and subject %j is %j: no mark beside nothing', (queue, subject, said) => {
    expect(aboutOf(queues, { queue, ...(subject === undefined ? {} : { subject }) })).toBe(said);
  });

  it('is no empty subject', () => {
    expect(subjectOf({ subject: ' ' })).toBeUndefined();
    expect(subjectOf({ subject: 'Fatura' })).toBe('Fatura');
  });
});
