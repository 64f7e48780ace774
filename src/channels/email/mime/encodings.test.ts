import { describe, expect, it } from 'vitest';
import { contentOf } from './content.ts';
import { readStructure } from './structure.ts';
import { uudecode } from './uuencode.ts';

/** Each line by itself, as uuencode has them. */
function uuencoded(content: Buffer, name: string): string {
  const lines: string[] = [];
  const sign = (six: number) => String.fromCharCode(six === 0 ? 96 : six + 32);
  for (let at = 0; at < content.length; at += 45) {
    const piece = content.subarray(at, at + 45);
    let line = sign(piece.length);
    for (let i = 0; i < piece.length; i += 3) {
      const bits = (piece[i]! << 16) | ((piece[i + 1] ?? 0) << 8) | (piece[i + 2] ?? 0);
      for (const shift of [18, 12, 6, 0]) line += sign((bits >> shift) & 63);
    }
    lines.push(line);
  }
  return [`begin 644 ${name}`, ...lines, '`', 'end', ''].join('\r\n');
}

const WORDS = 'Não recebi o boleto de março, e a internet caiu.';
const BASE64 = Buffer.from(WORDS).toString('base64');
const PDF = Buffer.from('%PDF-1.4\0\x01'.repeat(20), 'latin1');
const UU = uuencoded(PDF, 'boleto.pdf');

function read(head: string, body: string, type = 'text/plain; charset=utf-8') {
  const bytes = Buffer.from(`Content-Type: ${type}\r\n${head}\r\n${body}`, 'utf8');
  const { words, files, notices } = contentOf(bytes, readStructure(bytes));
  return { text: words.map(({ text }) => text.trim()).join('|'), files, notices };
}
const cte = (...names: string[]) => names.map((name) => `Content-Transfer-Encoding: ${name}\r\n`).join('');

describe('transfer encodings as programs name them', () => {
  it.each([
    ['base64.'],
    ['BASE-64'],
    ['x-base64'],
    ['"base64"'],
    ['base64url'],
    ['base64, base64'],
    ['base 64'],
  ])('%s is base64', (name) => expect(read(cte(name), BASE64)).toMatchObject({ text: WORDS, notices: [] }));
  it.each([['quoted-printable.'], ['Quoted_Printable'], ['x-quoted-printable']])(
    '%s is quoted-printable',
    (name) => expect(read(cte(name), 'N=C3=A3o =\r\nveio').text).toBe('Não veio'),
  );
  it.each([['utf-8'], ['8-bit'], ['none'], ['7 bits'], ['iso-8859-1']])('%s encodes nothing', (name) =>
    expect(read(cte(name), WORDS)).toMatchObject({ text: WORDS, notices: [] }),
  );
  it('of two lines the bytes tell which one is meant', () => {
    for (const names of [
      ['7bit', 'base64'],
      ['base64', '7bit'],
      ['quoted-printable', 'base64'],
    ]) {
      expect(read(cte(...names), BASE64)).toMatchObject({ text: WORDS, notices: [] });
    }
    expect(read(cte('base64', 'quoted-printable'), 'N=C3=A3o').text).toBe('Não');
    expect(read(cte('base64', '7bit'), 'Oi, tudo bem?')).toMatchObject({
      text: 'Oi, tudo bem?',
      notices: [],
    });
    const file = read(cte('7bit', 'base64'), PDF.toString('base64'), 'application/pdf; name=a.pdf');
    expect(file.files[0]?.content).toEqual(PDF);
  });
  it('what is named in no way that we know is shown as it came, and told', () =>
    expect(read(cte('x-yenc'), 'abc')).toMatchObject({ text: 'abc', notices: ['notBase64'] }));
  it.each(['x-yenc', 'x-uuencode'])('nothing in %s is nothing that could not be read', (name) =>
    expect(read(cte(name), '')).toMatchObject({ text: '', notices: [] }),
  );
});

describe('base64 in another dress', () => {
  const wide = 'Está aí? Não? Ótimo: até já. ÿÿÿ ÷÷÷';
  it('the alphabet for URLs', () => {
    const url = Buffer.from(wide).toString('base64url');
    expect(url).toMatch(/[-_]/);
    expect(read(cte('base64'), url)).toMatchObject({ text: wide, notices: [] });
    const file = read(cte('base64'), '__79_f8=', 'application/pdf; name=a.pdf');
    expect(file.files[0]?.content).toEqual(Buffer.from('__79_f8', 'base64url'));
    // Signs of both alphabets are of neither.
    const both = read(cte('base64'), '__79/f8=', 'application/pdf; name=a.pdf');
    expect(both).toMatchObject({ files: [{ content: Buffer.from('__79/f8=') }], notices: ['notBase64'] });
  });
  it('every line behind a mark of quotation', () => {
    const quoted = BASE64.replace(/.{20}/g, '$&\r\n').replace(/^/gm, '> ');
    expect(read(cte('base64'), quoted)).toMatchObject({ text: WORDS, notices: [] });
  });
  it.each(['segunda_via', 'bom-dia-', '> Oi, tudo bem?', '> Obrigado'])('%s is words', (text) =>
    expect(read(cte('base64'), text)).toMatchObject({ text, notices: ['notBase64'] }),
  );
});

describe('files from before MIME', () => {
  const file = { filename: 'boleto.pdf', content: PDF };
  it('stand in a text and are attachments of it; the words around stay', () =>
    expect(read('', `Segue:\r\n${UU}Obrigado\r\n${uuencoded(PDF, 'b.pdf')}`)).toMatchObject({
      text: 'Segue:\r\nObrigado',
      files: [file, { filename: 'b.pdf', content: PDF }],
      notices: [],
    }));
  it.each(['x-uuencode', 'uuencode', 'x-uue'])('in the encoding %s they are the part', (name) => {
    const words = uuencoded(Buffer.from(WORDS), 'texto.txt');
    expect(read(cte(name), words)).toMatchObject({ text: WORDS, files: [], notices: [] });
    expect(read(cte(name), UU)).toMatchObject({ text: '', files: [file], notices: [] });
    expect(read(cte(name), `Segue\r\n${UU}`)).toMatchObject({ text: 'Segue', files: [file], notices: [] });
    expect(read(cte(name), WORDS)).toMatchObject({ text: WORDS, notices: ['notBase64'] });
    const pdf = read(cte(name), UU, 'application/pdf; name=a.pdf');
    expect(pdf).toMatchObject({ files: [{ filename: 'a.pdf', content: PDF }], notices: [] });
    const two = read(cte(name), UU + UU, 'application/pdf; name=a.pdf');
    expect(two.files[0]?.content.toString()).toBe(UU + UU);
    expect(two.notices).toEqual(['notBase64']);
  });
  it('without their blanks, with a checksum, or in base64 they are read too', () => {
    const content = (given: string) =>
      uudecode(Buffer.from(`begin 644 a\n${given}`)).files[0]?.content.toString();
    expect(content('#86)C\n \nend\n')).toBe('abc');
    expect(content('#86)CX\n\nend')).toBe('abc');
    expect(content('$86(  \n`\nend')).toBe(content('$86(\n`\nend'));
    expect(content('$86)C9\n`\nend')).toBe('abcd');
    expect(content('#86)C\n`\nend \t')).toBe('abc');
    expect(uudecode(Buffer.from('begin 644 a.pdf  \n`\nend')).files[0]?.filename).toBe('a.pdf');
    expect(uudecode(Buffer.from('begin-base64 644 a\nYWJj\n====\nfim'))).toEqual({
      files: [{ filename: 'a', content: Buffer.from('abc') }],
      rest: Buffer.from('fim'),
      broken: false,
    });
  });
  it('have names like any file’s: encoded words are read', () =>
    expect(read('', uuencoded(PDF, '=?utf-8?Q?Mar=C3=A7o.pdf?=')).files).toMatchObject([
      { filename: 'Março.pdf', content: PDF },
    ]));
  it('are no more than a hundred in one text, and none in HTML', () => {
    const many = uudecode(Buffer.from('begin 644 a\n`\nend\n'.repeat(101)));
    expect([many.files.length, many.rest.toString()]).toEqual([100, 'begin 644 a\n`\nend\n']);
    expect(read('', `<pre>\r\n${UU}</pre>`, 'text/html').files).toEqual([]);
  });
  it('that have no end stay in the text, and are told', () => {
    const cutOff = UU.slice(0, UU.indexOf('`\r\nend'));
    expect(read('', cutOff)).toMatchObject({ text: cutOff.trim(), files: [], notices: ['notBase64'] });
  });
  it.each([
    'begin 644 vezes e nada\r\nQuero cancelar',
    'begin 644 x',
    'o begin 644 x\r\nend',
    'begin 644 x\r\n\r\noi',
  ])('words that only begin so are words: %j', (text) =>
    expect(read('', text)).toMatchObject({ text, files: [], notices: [] }),
  );
  it('cost no more than their length', () => {
    for (const piece of [
      'begin 644 a\n',
      'begin',
      `begin 644 a\nM${'!'.repeat(60)}\n`,
      'begin-base64 644 a\nYWJj\n',
    ])
      expect(uudecode(Buffer.from(piece.repeat(100_000))).files).toEqual([]);
  });
});

describe('types that are not what they are called', () => {
  it.each(['html', 'HTML; charset=utf-8', 'text/x-html', 'application/html', 'text/htm'])(
    '%s is HTML',
    (type) => {
      const bytes = Buffer.from(`Content-Type: ${type}\r\n\r\n<b>oi</b>`);
      expect(contentOf(bytes, readStructure(bytes)).words).toMatchObject([{ kind: 'html' }]);
    },
  );
  it('richtext is read without its commands; Outlook’s own is a file', () => {
    expect(read('', '<bold>Oi</bold><nl>tudo\r\nbem', 'text/richtext').text).toBe('Oi\ntudo bem');
    const rtf = read('', '{\\rtf1 x}', 'text/richtext; name=a.rtf');
    expect(rtf).toMatchObject({ text: '', files: [{ filename: 'a.rtf' }] });
    expect(read('', '{\\rtf1 x}', 'text/richtext').files).toHaveLength(1);
  });
});
