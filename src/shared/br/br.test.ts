import { describe, expect, it } from 'vitest';
import { completeCnpj, completeCpf, maskDocument, parseDocument } from './documents.ts';
import { maskPhone, parsePhone } from './phone.ts';
import { nameTokens } from './text.ts';

describe('documents', () => {
  it('reads CPF and CNPJ with and without mask, letters kept', () => {
    expect(parseDocument('529.982.247-25')).toEqual({ kind: 'CPF', value: '52998224725' });
    expect(parseDocument('12.ABC.345/01DE-35')).toEqual({ kind: 'CNPJ', value: '12ABC34501DE35' });
    expect(parseDocument('12abc34501de35')).toEqual({ kind: 'CNPJ', value: '12ABC34501DE35' });
  });
  it('refuses wrong digits and repeats', () => {
    for (const bad of ['529.982.247-26', '111.111.111-11', '12ABC34501DE36', '', 'abc', '00000000000000'])
      expect(parseDocument(bad), bad).toBeUndefined();
  });
  it('completes check digits as the validator expects', () => {
    expect(completeCpf('529982247')).toBe('52998224725');
    expect(completeCnpj('12ABC34501DE')).toBe('12ABC34501DE35');
  });
  it('masks', () => {
    expect(maskDocument('52998224725')).toBe('***.982.247-**');
    expect(maskDocument('12ABC34501DE35')).toBe('**.ABC.345/****-**');
  });
});

describe('phones', () => {
  it.each([
    ['+5511987654321', '+5511987654321', 'mobile'],
    ['11 98765-4321', '+5511987654321', 'mobile'],
    ['(11) 8765-4321', '+5511987654321', 'mobile'],
    ['0 15 11 98765 4321', '+5511987654321', 'mobile'],
    ['01133334444', '+551133334444', 'fixed'],
    ['5511987654321', '+5511987654321', 'mobile'],
    ['+14155552671', '+14155552671', 'foreign'],
    ['0800 123 4567', '08001234567', 'service'],
    ['40041234', '40041234', 'service'],
    ['190', '190', 'service'],
    ['10315', '10315', 'service'],
  ])('%s', (text, value, kind) => {
    expect(parsePhone(text)).toMatchObject({ value, kind });
  });
  it('completes a local number with the area', () => {
    expect(parsePhone('98765-4321', '11')?.value).toBe('+5511987654321');
    expect(parsePhone('98765-4321')).toBeUndefined();
  });
  it('knows whom nobody can call back, and refuses letters', () => {
    expect(parsePhone('0800 123 4567')?.callable).toBe(false);
    expect(parsePhone('11 9876A-4321')).toBeUndefined();
    expect(parsePhone('anonymous')).toBeUndefined();
    expect(parsePhone('')).toBeUndefined();
  });
  it('gives the tail that survives the ninth digit', () => {
    expect(parsePhone('1187654321')?.tail).toBe('1187654321');
    expect(parsePhone('11987654321')?.tail).toBe('1187654321');
    expect(maskPhone('+5511987654321')).toBe('+5511****4321');
  });
});

it('tokens ignore accents, case and repeats', () => {
  expect(nameTokens('José da Conceição', 'JOSE')).toEqual(['jose', 'da', 'conceicao']);
});
