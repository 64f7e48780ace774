import { describe, expect, it } from 'vitest';
import { completeCnpj, completeCpf, maskDocument, parseDocument } from './documents.ts';
import { maskPhone, parsePhone, phoneBeginnings, readTyped } from './phone.ts';
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
    ['01511987654321', '+5511987654321', 'mobile'],
    ['0151133334444', '+551133334444', 'fixed'],
    ['0 21 55 11 98765 4321', '+5511987654321', 'mobile'],
    ['021551133334444', '+551133334444', 'fixed'],
    ['21 55 11 98765-4321', '+5511987654321', 'mobile'],
    ['0055 11 98765-4321', '+5511987654321', 'mobile'],
    ['00 21 55 11 98765-4321', '+5511987654321', 'mobile'],
    ['+55 (011) 98765-4321', '+5511987654321', 'mobile'],
    ['55 0 15 11 98765-4321', '+5511987654321', 'mobile'],
    // Area 55 is Santa Maria: country, carrier and area told apart by length.
    ['55 99123-4567', '+5555991234567', 'mobile'],
    ['5555991234567', '+5555991234567', 'mobile'],
    ['0 21 55 99123-4567', '+5555991234567', 'mobile'],
    ['0 21 55 55 99123-4567', '+5555991234567', 'mobile'],
    ['00 15 1 415 555 2671', '+14155552671', 'foreign'],
    ['00351 21 123 4567', '+351211234567', 'foreign'],
    ['+55 800 123 4567', '08001234567', 'service'],
    ['8001234567', '08001234567', 'service'],
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
    expect(parsePhone('Fone: (0xx11) 3333-4444')?.value).toBe('+551133334444');
    expect(parsePhone('anonymous')).toBeUndefined();
    expect(parsePhone('')).toBeUndefined();
  });
  it('gives the tail that survives the ninth digit', () => {
    expect(parsePhone('1187654321')?.tail).toBe('1187654321');
    expect(parsePhone('11987654321')?.tail).toBe('1187654321');
    expect(maskPhone('+5511987654321')).toBe('+5511****4321');
  });
});

describe('phones that a person types', () => {
  it.each([
    ['(11) 98765-4321', '+5511987654321'],
    ['0 15 11 98765-4321', '+5511987654321'],
    ['(11) 4000-4000', '+551140004000'],
    ['55 11 3333-4444', '+551133334444'],
    ['0800 123 4567', '08001234567'],
    ['+1 415 555 2671', '+14155552671'],
    // As phones and messengers copy them, and in brackets.
    ['\u202a+34 912 345 678\u202c', '+34912345678'],
    ['\uff0b34 912 345 678', '+34912345678'],
    ['(+39) 02 3661 8300', '+390236618300'],
    ['\u202a(11) 98765\u20114321\u202c', '+5511987654321'],
    ['\uff11\uff11 98765\u20134321', '+5511987654321'],
    ['11 98765\u22124321', '+5511987654321'],
    // The place of a carrier, links, and what stands before numbers in letterheads.
    ['(0xx11) 3333-4444', '+551133334444'],
    ['0xx11 98765-4321', '+5511987654321'],
    ['(0 XX 11) 98765-4321', '+5511987654321'],
    ['0**11 3333-4444', '+551133334444'],
    ['+55 (0xx11) 3333-4444', '+551133334444'],
    ['tel:+5511987654321', '+5511987654321'],
    ['tel:+55%2011%203333-4444', '+551133334444'],
    ['Tel: (11) 98765-4321', '+5511987654321'],
    ['Tel.: (0xx11) 3333-4444', '+551133334444'],
    ['Fone: (11) 3333-4444', '+551133334444'],
    ['TELEFONE 11 3333-4444', '+551133334444'],
    ['WhatsApp: +55 11 98765-4321', '+5511987654321'],
  ])('%s is %s', (text, value) => {
    expect(readTyped(text)).toMatchObject({ value });
  });
  it.each([
    ['two numbers', '11 9876-4321/2'],
    ['a plus in the middle', '11 +98765-4321'],
    ['two of them', '++5511987654321'],
    ['a digit that is none', '11 9876\u00b2-54321'],
    ['digits of another script', '\u0661\u0661 98765-4321'],
    ['an extension', '11 3333-4444 #12'],
    ['what no country has given out', '+11 98765-4321'],
    ['a label alone', 'Tel:'],
    ['two labels', 'Tel: Fone: (11) 3333-4444'],
    ['a number of a link with its extension', 'tel:+551133334444;ext=12'],
    ['a word that goes on', 'telhado 11 3333-4444'],
    ['no area behind the place of a carrier', '0xx 3333-4444x'],
  ])('%s makes no number', (_what, text) => {
    expect(readTyped(text)).toBeUndefined();
  });
  it.each([
    '(11) 98765-432',
    '(11) 8765-4321',
    '+55 11 98765-432',
    '0 11 98765-432',
    '0 15 11 98765-432',
    '5511 9876-5432',
    '00 55 11 98765-432',
  ])('%s lacks a digit and is never made into another number', (text) => {
    expect(readTyped(text)).toBe('digitMissing');
  });
  // The last has a digit too many, and would be read as country, area 99 and a fixed number that cannot be.
  it.each(['98765-4321', '(11) 98765-43210', '(11) 33334-4445', 'ramal 12', '', '55 99123-45670'])(
    '%s is none',
    (text) => {
      expect(readTyped(text)).toBeUndefined();
    },
  );
});

it('tokens ignore accents, case and repeats', () => {
  expect(nameTokens('José da Conceição', 'JOSE')).toEqual(['jose', 'da', 'conceicao']);
});

describe('beginnings of phones', () => {
  it.each([
    ['11987', ['+5511987', '+55119987']],
    ['(11) 98', []],
    ['+55 11 9', ['+55119']],
    ['11 8765', ['+55118765', '+551198765']],
    ['011 3333', ['+55113333', '0113333']],
    ['5511987', ['+555511987', '+5511987']],
    ['0800 12', ['+5580012', '080012']],
    ['rua 12345', []],
    ['\u202a+55 11 9\u202c', ['+55119']],
    ['\uff11\uff11987', ['+5511987', '+55119987']],
  ])('%s', (typed, expected) => {
    expect(phoneBeginnings(typed)).toEqual(expected);
  });
});
