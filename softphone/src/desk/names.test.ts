import { describe, expect, it } from 'vitest';
import { aboutOf, subjectOf } from './names.ts';

const queues = [{ key: 'suporte', name: 'Suporte' }];

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
