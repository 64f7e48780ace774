import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../../../src/contracts/interaction.ts';
import { splitLinks } from './links.ts';
import { foldQuotes } from './quotes.ts';
import { readAddresses, replyAllOf } from './recipients.ts';

const own = 'Continua sem sinal.';
const quote = '> Já verificamos.\n> Equipe';

describe('what a mail repeats is folded away', () => {
  it.each([
    [
      'Gmail',
      `${own}\n\nEm qui., 26 de nov. de 2026 às 14:00, Suporte <suporte@exemplo.test> escreveu:\n\n${quote}`,
    ],
    [
      'Gmail, broken over two lines',
      `${own}\n\nEm qui., 26 de nov. de 2026 às 14:00, Suporte <\nsuporte@exemplo.test> escreveu:\n${quote}`,
    ],
    ['English', `${own}\n\nOn Thu, Nov 26, 2026 at 2:00 PM Suporte <s@e.test> wrote:\n${quote}`],
    ['Spanish', `${own}\n\nEl jue, 26 nov 2026 a las 14:00, Suporte (<s@e.test>) escribió:\n${quote}`],
    ['ours', `${own}\n\nEm 26/11/2026 às 14:00, Suporte <s@e.test> escreveu:\n${quote}`],
    [
      'Outlook',
      `${own}\n\n________________________________\nDe: Suporte <s@e.test>\nEnviado: quinta-feira, 26 de novembro de 2026 14:00\nPara: Maria <m@c.test>\nAssunto: Re: Sem sinal\n\nJá verificamos.`,
    ],
    [
      'Outlook without the line',
      `${own}\n\nDe: Suporte\nEnviada em: quinta-feira\nPara: Maria\nAssunto: x\n\nJá verificamos.`,
    ],
    [
      'Outlook, English',
      `${own}\n\nFrom: Support <s@e.test>\nSent: Thursday\nTo: Maria\nSubject: x\n\nWe checked.`,
    ],
    ['old Outlook', `${own}\n\n-----Mensagem original-----\nDe: Suporte\n\nJá verificamos.`],
  ])('%s', (_name, text) => {
    const { words, quoted } = foldQuotes(text);
    expect(words).toBe(own);
    expect(quoted).toMatch(/verificamos|checked/);
  });
  it.each([
    ['answers between the lines', '> Qual o plano?\nFibra 500\n> Qual o endereço?\nRua A'],
    ['nothing of its own', `Em 26/11/2026, Ana escreveu:\n${quote}`],
    ['a line that looks like a header', 'De: segunda a sexta, sem internet.\nPara: quando marcam a visita?'],
    ['one marked line', 'Vi isto:\n> 10 Mega\ne não entendi'],
    [
      'a forward',
      `---------- Mensagem encaminhada ---------\nDe: Ana\nData: hoje\nAssunto: x\nPara: Maria\n\ntexto`,
    ],
  ])('shows all of %s', (_name, text) => expect(foldQuotes(text)).toEqual({ words: text, quoted: '' }));
  it('loses nothing: what is shown and what is folded is all there was', () => {
    const text = `${own}\n\nEm 1/1/2026, A escreveu:\n${'> linha\n'.repeat(1000)}`;
    const { words, quoted } = foldQuotes(text);
    expect(`${words}\n\n${quoted}`).toBe(text.trim());
  });
  it.each([
    ['commas', 'On , '.repeat(40_000)],
    ['marks that never end in a quotation', `${'> a\n'.repeat(5000)}b\n---Original Message---`],
    ['heads of headers', 'De: x\n'.repeat(30_000)],
    ['introductions', 'Em , '.repeat(40_000)],
    ['one long line', '>'.repeat(200_000)],
  ])('%s of a stranger are looked at once', (_name, text) => {
    const { words, quoted } = foldQuotes(text);
    expect(words.length + quoted.length).toBeGreaterThan(0);
  });
});

describe('links', () => {
  const hrefs = (text: string) => splitLinks(text).flatMap(({ href }) => href ?? []);
  it('are web and mail addresses, shown in full, without the sentence’s full stop', () => {
    expect(splitLinks('Veja https://x.test/a?b=1. Obrigada')).toEqual([
      { text: 'Veja ' },
      { text: 'https://x.test/a?b=1', href: 'https://x.test/a?b=1' },
      { text: '. Obrigada' },
    ]);
    expect(hrefs('(http://x.test/a_(b)) e mailto:ana@x.test, sim')).toEqual([
      'http://x.test/a_(b)',
      'mailto:ana@x.test',
    ]);
  });
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'https://banco.test@ladrao.test/',
    'https://',
    'vbscript:x',
    'blob:https://x.test/1',
  ])('%s is text', (text) =>
    expect(
      splitLinks(text).every(({ href }) => !/^(?:javascript|data|file|vbscript|blob):|@/.test(href ?? '')),
    ).toBe(true),
  );
  it('a host of look-alike letters shows its real name', () =>
    expect(splitLinks('https://bаnco.test/')[0]).toMatchObject({
      realHost: expect.stringContaining('xn--') as string,
    }));
  it('takes text apart without losing a letter', () => {
    const text = 'a https://x.test/) b mailto: c http://[ d';
    expect(
      splitLinks(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});

describe('recipients', () => {
  it('are those of the customer’s last mail of this contact', () => {
    const mail = (id: string, replyCc?: string[], interactionId = 'i1'): TimelineEntry => ({
      id,
      at: '2026-11-26T17:00:00.000Z',
      kind: 'message',
      actor: { kind: 'customer' },
      data: {},
      message: {
        id,
        interactionId,
        direction: 'inbound',
        author: { kind: 'customer' },
        from: 'a@b.test',
        to: [],
        ...(replyCc === undefined ? {} : { replyCc }),
        text: '',
        attachments: [],
        status: 'received',
        at: '2026-11-26T17:00:00.000Z',
      },
    });
    expect(replyAllOf('i1', [mail('1', ['x@y.test']), mail('2', ['z@y.test'], 'other')])).toEqual([
      'x@y.test',
    ]);
    expect(replyAllOf('i1', [mail('1', ['x@y.test']), mail('2')])).toEqual([]);
    expect(replyAllOf('i1', undefined)).toEqual([]);
  });
  it('are read as people paste them', () =>
    expect(readAddresses('Ana <Ana@X.test>; b@x.test,\nnada, b@x.test')).toEqual({
      good: ['ana@x.test', 'b@x.test'],
      bad: ['nada'],
    }));
  it('are all read, however many are pasted', () => {
    const many = Array.from({ length: 300 }, (_none, index) => `pessoa${index}@cliente.test`);
    expect(readAddresses(many.join(', ')).good).toEqual(many);
  });
});
