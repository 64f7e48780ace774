import { describe, expect, it } from 'vitest';
import { dictionaryOf } from '../i18n/index.ts';
import { choiceRefusalOf, KEY, numberRefusalOf, refusalOf } from './refusal.ts';

const t = dictionaryOf('pt-BR');

describe('why a field is refused before the server is asked', () => {
  it('is that it is empty, too short or too long, or not written so', () => {
    const key = { required: true, minLength: 2, maxLength: 5, shape: { pattern: KEY, words: 'assim não' } };
    expect(refusalOf(t, '', key)).toBe('Preencha este campo.');
    expect(refusalOf(t, 'a', key)).toBe('Pelo menos 2 caracteres.');
    expect(refusalOf(t, 'abcdef', key)).toBe('No máximo 5 caracteres; aqui há 6.');
    expect(refusalOf(t, '-ab', key)).toBe('assim não');
    for (const value of ['ab', 'a-b1', 'abcde']) expect(refusalOf(t, value, key)).toBeNull();
  });

  it('is no length and no spelling where the field may be empty and is', () => {
    expect(refusalOf(t, '', { minLength: 10, shape: { pattern: KEY, words: 'assim não' } })).toBeNull();
  });

  it('is what only the form knows, once the field itself is filled', () => {
    expect(refusalOf(t, '', { required: true, wrong: 'diferentes' })).toBe('Preencha este campo.');
    expect(refusalOf(t, 'abc', { required: true, wrong: 'diferentes' })).toBe('diferentes');
  });

  it('is a choice that was not made', () => {
    expect(choiceRefusalOf(t, false, true)).toBe('Escolha uma opção.');
    expect(choiceRefusalOf(t, true, true)).toBeNull();
    expect(choiceRefusalOf(t, false, undefined)).toBeNull();
  });

  it('is no number, a part of one where only whole ones go, or one out of range', () => {
    const calls = { min: 1, max: 1200 };
    expect(numberRefusalOf(t, '-', calls)).toBe('Um número, por exemplo 10.');
    expect(numberRefusalOf(t, '1.5', calls)).toBe('Um número inteiro, sem vírgula.');
    for (const value of ['0', '-3', '1201', '99999999999999999999'])
      expect(numberRefusalOf(t, value, calls)).toBe('De 1 a 1.200.');
    for (const value of ['1', '1200']) expect(numberRefusalOf(t, value, calls)).toBeNull();
    expect(numberRefusalOf(t, '1.5', { ...calls, parts: true })).toBeNull();
    expect(numberRefusalOf(dictionaryOf('en'), '0', calls)).toBe('From 1 to 1,200.');
  });

  it('is said in the language of the page', () => {
    expect(refusalOf(dictionaryOf('en'), '', { required: true })).toBe('Fill in this field.');
  });
});
