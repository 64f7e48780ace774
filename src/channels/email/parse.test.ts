import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseMail } from './parse.ts';

const fixture = (name: string) =>
  parseMail(fileURLToPath(new URL(`./fixtures/${name}.eml`, import.meta.url)));
const written = (mail: string) => {
  const file = join(dir, 'written.eml');
  writeFileSync(file, mail.replaceAll('\n', '\r\n'), 'latin1');
  return parseMail(file);
};
const HEAD = 'From: Maria Silva <maria@cliente.test>\nTo: suporte@exemplo.test\nSubject: oi\n';
const MIXED = `${HEAD}Content-Type: multipart/mixed; boundary=x1\n\n`;
const PDF =
  '--x1\nContent-Type: application/pdf; name="c.pdf"\nContent-Disposition: attachment\n' +
  'Content-Transfer-Encoding: base64\n\nJVBERi0=\n';
const told = ({ text, attachments, notices }: Awaited<ReturnType<typeof parseMail>>) => ({
  text,
  files: attachments.map(({ filename, content }) => `${filename}: ${content.toString('latin1')}`),
  notices,
});
const dir = mkdtempSync(join(tmpdir(), 'mail-parse-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('mails as they come', () => {
  it('reads a charset that does not exist', async () => {
    const mail = await fixture('garbage-charset');
    expect(mail.from?.address).toBe('jose@cliente.test');
    expect(mail.text).toContain('Minha conex');
    expect(mail.text).not.toContain('\0');
  });
  it('keeps what can be read of broken MIME', async () => {
    const mail = await fixture('broken-mime');
    expect(mail.from?.address).toBe('maria@cliente.test');
    expect(mail.subject).toBe('MIME quebrado');
  });
  it('turns HTML into words: no tag, script or style comes through', async () => {
    const { text } = await fixture('html-only');
    expect(text).toContain('Olá mundo');
    expect(text).not.toMatch(/[<>]|alert|color/);
  });
  it('a name that is another address is none, however it was encoded, in Reply-To as well', async () => {
    const encoded = `=?utf-8?b?${Buffer.from('ana@x.test').toString('base64')}?=`;
    const mail = await written(
      `From: ${encoded} <a@c.test>, "b@c.test" <b@c.test>\nReply-To: "Rui x@y.test" <r@c.test>\nCc: "x@y.test" <d@c.test>\n\noi`,
    );
    expect(mail.from).toEqual({ address: 'a@c.test', name: undefined });
    expect(mail.authors).toEqual([{ address: 'b@c.test', name: 'b@c.test' }]);
    expect(mail.replyTo).toEqual([{ address: 'r@c.test', name: 'Rui' }]);
    expect(mail.misnamed).toEqual(['a@c.test', 'r@c.test']);
  });
  it('keeps winmail.dat as a file', async () => {
    const { attachments, text, notices } = await fixture('winmail');
    expect(text.trim()).toBe('');
    expect(attachments.map((a) => a.filename)).toEqual(['winmail.dat']);
    expect(notices).toEqual(['tnef']);
  });
  it('broken structure loses neither words nor files, and what no part explains is told', async () => {
    const inner = '--x1\nContent-Type: multipart/alternative; boundary=in\n\n--in\n\nSegue\n';
    expect(told(await written(`${MIXED}${inner}${PDF}--x1--\n`))).toEqual({
      text: 'Segue',
      files: ['c.pdf: %PDF-'],
      notices: [],
    });
    const wrong = await written(`${MIXED}--x\nContent-Type: text/plain\n\noi boundary errado\n--x--`);
    expect(wrong.text).toContain('oi boundary errado');
    expect(wrong.notices).toEqual(['unexplained']);
    const behind = `${MIXED}This is a multi-part message in MIME format.\n--x1\n\num\n--x1--\nrodapé da lista\n`;
    expect(told(await written(behind))).toEqual({
      text: 'um\n\nrodapé da lista',
      files: [],
      notices: ['unexplained'],
    });
  });
  it('a text with a name is a file, unless it is all that the mail says', async () => {
    const named =
      '--x1\nContent-Type: text/html; name="boleto.html"\nContent-Disposition: inline\n\n<h1>1</h1>\n';
    expect(told(await written(`${MIXED}--x1\n\nTexto\n${named}--x1--\n`))).toEqual({
      text: 'Texto',
      files: ['boleto.html: <h1>1</h1>'],
      notices: [],
    });
    expect(told(await written(`${HEAD}Content-Type: text/plain; name=corpo.txt\n\nTexto`))).toMatchObject({
      text: 'Texto',
      files: [],
    });
  });
  it('text of a form that nobody knows is words where it is the body, and a file elsewhere', async () => {
    const md = (more = '') => `Content-Type: text/markdown; charset=utf-8${more}\n\n# Oi\n`;
    expect(told(await written(`${HEAD}${md()}`))).toEqual({ text: '# Oi', files: [], notices: [] });
    expect((await written(`${HEAD}Content-Type: text/enriched\n\n<bold>Oi</bold>\n`)).text).toBe('Oi');
    expect(told(await written(`${MIXED}--x1\n${md()}${PDF}--x1--\n`))).toMatchObject({
      text: '# Oi',
      files: ['c.pdf: %PDF-'],
    });
    const behind = await written(`${MIXED}--x1\n\nTexto\n--x1\n${md()}--x1--\n`);
    expect(told(behind)).toMatchObject({ text: 'Texto', files: ['undefined: # Oi'] });
    const file = await written(`${HEAD}Content-Disposition: attachment\n${md()}`);
    expect(told(file)).toMatchObject({ text: '', files: ['undefined: # Oi\r\n'] });
    const card = await written(`${HEAD}Content-Type: text/vcard\n\nBEGIN:VCARD\n`);
    expect(told(card)).toMatchObject({ text: '', files: ['undefined: BEGIN:VCARD\r\n'] });
    const other = (html: string) =>
      written(`${HEAD}Content-Type: multipart/alternative; boundary=in\n\n${html}--in\n${md()}--in--\n`);
    expect(told(await other('--in\nContent-Type: text/html\n\n<p>Oi</p>\n'))).toEqual({
      text: 'Oi',
      files: [],
      notices: [],
    });
    expect((await other('--in\n\nOlá\n')).otherText).toBe('# Oi');
    expect((await other('')).text).toBe('# Oi');
  });
  it('HTML for programs is read where nothing else says the same, as other HTML is', async () => {
    const amp =
      'Content-Type: text/x-amp-html\n\n<html amp4email><head><script async src="x"></script><style amp4email-boilerplate>' +
      'body{visibility:hidden}</style></head><body><p>Vence <b>hoje</b></p></body></html>\n';
    const only = { text: 'Vence hoje', files: [], notices: [] };
    const renderings = (...parts: readonly string[]) =>
      written(
        `${HEAD}Content-Type: multipart/alternative; boundary=in\n\n${parts.map((one) => `--in\n${one}`).join('')}--in--\n`,
      );
    expect(told(await written(`${HEAD}${amp}`))).toEqual(only);
    expect(told(await renderings(amp))).toEqual(only);
    expect(told(await renderings('Content-Type: text/plain\n\n \n', amp))).toEqual(only);
    expect(told(await renderings(amp.replace('x-amp-html', 'watch-html')))).toEqual(only);
    expect(told(await written(`${MIXED}--x1\n${amp}${PDF}--x1--\n`))).toMatchObject({
      text: 'Vence hoje',
      files: ['c.pdf: %PDF-'],
    });
    // Beside words for people it is neither shown nor another rendering of them.
    for (const words of ['Content-Type: text/plain\n\nOi\n', 'Content-Type: text/html\n\n<p>Oi</p>\n'])
      for (const mail of [await renderings(words, amp), await renderings(amp, words)])
        expect([told(mail), mail.otherText]).toEqual([{ text: 'Oi', files: [], notices: [] }, '']);
  });
  it('an attached mail is a file by its subject', async () => {
    const attached = (head: string) => `--x1\nContent-Type: message/rfc822\n\n${head}\n\ndentro\n`;
    const subject = 'Subject: =?utf-8?Q?Pedido_12/2026_a=C3=A7=C3=A3o?=';
    const mail = await written(
      `${MIXED}--x1\n\nTexto\n${attached(subject)}${attached('X: y')}${attached('X: y').replace('rfc822', 'rfc822; name="Pedido"')}--x1--\n`,
    );
    expect(mail.text).toBe('Texto');
    expect(mail.attachments.map(({ filename }) => filename)).toEqual([
      'Pedido 12-2026 ação.eml',
      'mensagem.eml',
      'Pedido.eml',
    ]);
  });
  it('of several renderings the plain one is shown, and no file of the others is lost', async () => {
    const html =
      '--in\nContent-Type: multipart/related; boundary=rel\n\n--rel\nContent-Type: text/html\n\n<p>em <b>texto</b></p>\n' +
      '--rel\nContent-Type: image/png; name=a.png\n\nx\n--rel--\n';
    const head = `${HEAD}Content-Type: multipart/alternative; boundary=in\n\n`;
    expect(told(await written(`${head}--in\n\nem texto\n${html}--in--\n`))).toEqual({
      text: 'em texto',
      files: ['a.png: x'],
      notices: [],
    });
    expect(told(await written(`${head}--in\n\n \n${html}--in--\n`)).text).toBe('em texto');
    const invitation = '--in\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n';
    expect(told(await written(`${head}--in\n\nReunião\n${invitation}--in--\n`)).files).toEqual([
      'convite.ics: BEGIN:VCALENDAR',
    ]);
  });
  it('renderings that say different things are both kept, and it is told', async () => {
    const of = (...parts: string[]) =>
      written(
        `${HEAD}Content-Type: multipart/alternative; boundary=in\n\n${parts.map((part) => `--in\n${part}\n`).join('')}--in--\n`,
      );
    const plain = (words: string) => `Content-Type: text/plain\n\n${words}`;
    const html = (code: string) => `Content-Type: text/html\n\n${code}`;
    const said = async (...parts: string[]) => {
      const { text, otherText, notices } = await of(...parts);
      return [text, otherText, notices];
    };
    expect(await said(plain('Quero cancelar'), html('<p>Quero a segunda via</p>'))).toEqual([
      'Quero cancelar',
      'Quero a segunda via',
      ['renderingsDiffer'],
    ]);
    expect(await said(plain('oi'), html('<p>Oi!</p>'))).toEqual(['oi', '', []]);
    // RFC 2046 §5.1.4: the last one is closest to what was meant.
    expect(await said(plain('velho'), plain('novo'), html('novo'))).toEqual([
      'novo',
      'velho',
      ['renderingsDiffer'],
    ]);
    expect((await said(html('a'), html('b'))).slice(0, 2)).toEqual(['b', 'a']);
    expect((await said(plain('a'), html('b'), html('b'), html('c')))[1]).toBe('b\n\nc');
    // Apple Mail: a footer of the list behind the HTML is no rendering of its own.
    const mixed = `Content-Type: multipart/mixed; boundary=m\n\n--m\n${html('oi')}\n--m\n${plain('rodapé')}\n--m--\n`;
    expect((await said(plain('oi'), mixed))[0]).toBe('oi');
  });
  it('a picture that stands in the HTML is kept where the plain words are shown', async () => {
    const mail = await written(
      `${HEAD}Content-Type: multipart/alternative; boundary=in\n\n--in\n\noi\n--in\nContent-Type: text/html\n\noi<img src="data:image/png;base64,eA==">\n--in--\n`,
    );
    expect(told(mail)).toEqual({ text: 'oi', files: ['imagem-1.png: x'], notices: [] });
  });
  it('the subject is in what the body is in', async () => {
    const mail = `From: a@b.test\nSubject: \xf0\xd2\nContent-Type: text/plain; charset=koi8-r\n\n\xf0\xd2\xc9`;
    expect(await written(mail)).toMatchObject({ subject: 'Пр', text: 'При' });
    expect(await written('From: a@b.test\nSubject: solu\xe7\xe3o\n\nN\xe3o')).toMatchObject({
      subject: 'solução',
      text: 'Não',
    });
  });
  it('says when it does not say who wrote', async () => {
    const from = async (line: string) => {
      const { from: read, fromUnclear } = await written(`${line}\nSubject: x\n\noi`);
      return [read?.address, fromUnclear];
    };
    expect(await from('From: Ana <ana . souza@cliente.test>')).toEqual(['ana.souza@cliente.test', false]);
    expect(await from('From: ana souza@cliente.test')).toEqual([undefined, true]);
    expect(await from('From: <a@b.test>, <c d@e.test>')).toEqual(['a@b.test', true]);
    expect(await from('From: <>')).toEqual([undefined, false]);
    expect(await from('X: y')).toEqual([undefined, false]);
    expect(await from('From: Jo\xc3\xa3o <jo\xc3\x83o@cliente.test>')).toEqual(['joão@cliente.test', false]);
  });
  it('keeps all authors, and tells of From lines that no standard allows', async () => {
    const of = async (lines: string) => {
      const { from, authors, severalFrom } = await written(`${lines}\nSubject: x\n\noi`);
      return [from?.address, authors.map(({ address }) => address), severalFrom];
    };
    expect(await of('From: Ana <a@x.test>, b@x.test\nSender: b@x.test')).toEqual([
      'a@x.test',
      ['b@x.test'],
      false,
    ]);
    expect(await of('From: a@x.test\nFrom: b@x.test')).toEqual(['a@x.test', ['b@x.test'], true]);
    expect(await of('From: a@x.test\nFrom: A@x.test')).toEqual(['a@x.test', [], false]);
  });
  it('finds what a delivery report quotes', async () => {
    const mail = await fixture('bounce');
    expect(mail.attachments.map((a) => a.content.toString()).join()).toContain('<ORIGINAL>');
  });
  it('never throws, whatever the bytes', async () => {
    const file = join(dir, 'x.eml');
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 600 }),
        fc.constantFrom('', 'Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n', 'From: <\r\n\r\n'),
        async (bytes, head) => {
          writeFileSync(file, Buffer.concat([Buffer.from(head), bytes]));
          const mail = await parseMail(file);
          expect(typeof mail.text).toBe('string');
        },
      ),
      { numRuns: 60 },
    );
  });
});
