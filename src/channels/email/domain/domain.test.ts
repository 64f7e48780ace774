import { describe, expect, it } from 'vitest';
import { originOf } from './automatic.ts';
import { attachedName } from './endings.ts';
import {
  canonicalAddress,
  messageIds,
  replySubject,
  subjectKey,
  tokenInAddress,
  tokenInSubject,
} from './threads.ts';
import {
  acknowledgementSubject,
  boundedText,
  DEFAULT_ACKNOWLEDGEMENT,
  fillText,
  localDate,
  safeFilename,
  safeText,
} from './words.ts';

const P = '2026110000000012';

describe('threads', () => {
  it.each([
    [`Re: Sem sinal [#${P}]`, P],
    [`ENC: protocolo nº ${P}`, P],
    [`Protocolo: ${P}`, P],
    [`#${P}9`, undefined],
    ['#2026130000000012', undefined],
    [`nota fiscal ${P}`, undefined],
  ])('token in %j', (subject, token) => expect(tokenInSubject(subject)).toBe(token));
  it('token in a plus address', () => {
    expect(tokenInAddress(`suporte+p${P}@exemplo.test`)).toBe(P);
    expect(tokenInAddress('suporte+maria@exemplo.test')).toBeUndefined();
    expect(canonicalAddress('"a+b c"@Q.test')).toBe('"a+b c"@q.test');
    expect(canonicalAddress(`Suporte+p${P}@Exemplo.TEST.`)).toBe('suporte@exemplo.test');
    expect(canonicalAddress('"a+b c"@Q.test.')).toBe('"a+b c"@q.test');
  });
  it('one subject behind many marks', () => {
    for (const s of [
      'Sem Sinal',
      'RE: Re: sem  sinal',
      `Res: [Cliente] ENC: Sem sinal [#${P}]`,
      'Fwd: sem sínal',
    ])
      expect(subjectKey(s)).toBe('sem sinal');
    expect(subjectKey('Re:')).toBe('');
  });
  it('answers with one Re: and one token, never with a new header line', () => {
    expect(replySubject(`RE: Re: Oi [#${P}]`, P)).toBe(`Re: Oi [#${P}]`);
    expect(replySubject('a\r\nBcc: x@y.test', P)).not.toMatch(/[\r\n]/);
  });
  it('reads ids', () => expect(messageIds('<a@b> <c@d>', ['<a@b>'], undefined)).toEqual(['a@b', 'c@d']));
});

describe('who wrote', () => {
  const origin = (
    headers: Record<string, string>,
    envelopeFrom = 'maria@cliente.test',
    from = 'maria@cliente.test',
  ) => originOf({ header: (n) => headers[n], envelopeFrom, from, ours: new Set(['suporte@exemplo.test']) });
  it.each([
    [{}, 'human'],
    [{ 'auto-submitted': 'no' }, 'human'],
    [{ 'auto-submitted': 'auto-replied (vacation)' }, 'autoReply'],
    [{ 'auto-submitted': 'Auto-Generated; x=y' }, 'autoReply'],
    [{ precedence: 'Bulk' }, 'bulk'],
    [{ precedence: 'junk' }, 'bulk'],
    [{ 'list-id': '<news.example.test>' }, 'list'],
    [{ 'x-autoreply': 'yes' }, 'autoReply'],
    [{ 'content-type': 'multipart/report; report-type=delivery-status' }, 'autoReply'],
  ])('%j → %s', (headers, expected) => expect(origin(headers)).toBe(expected));
  it('an empty return path is a machine, our own address is ourselves', () => {
    expect(origin({}, '')).toBe('autoReply');
    expect(origin({}, 'x@y.test', 'suporte@exemplo.test')).toBe('self');
  });
});

describe('words', () => {
  it('an acknowledgement has protocol and date, no links', () => {
    const text = fillText(
      `${DEFAULT_ACKNOWLEDGEMENT} https://x.test/a www.y.test`,
      P,
      localDate(new Date('2026-11-22T21:05:00Z'), 'America/Sao_Paulo'),
    );
    expect(text).toContain(P);
    expect(text).toContain('22/11/2026 às 18:05');
    expect(text).not.toMatch(/http|www/);
    expect(acknowledgementSubject(P)).toContain(`[#${P}]`);
  });
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\x\\fatura.pdf', 'fatura.pdf'],
    ['.htaccess', 'htaccess'],
    ['fatura\u202Efdp.exe', 'faturafdp.exe'],
    ['', 'anexo'],
    ['a'.repeat(300) + '.pdf', 'a'.repeat(116) + '.pdf'],
  ])('file name %j → %j', (name, safe) => expect(safeFilename(name, 'anexo')).toBe(safe));
  it.each([
    ['application/pdf', 'anexo-1.pdf'],
    ['IMAGE/JPEG', 'anexo-1.jpg'],
    ['text/markdown', 'anexo-1.md'],
    ['text/x-log', 'anexo-1.txt'],
    ['application/octet-stream', 'anexo-1'],
    ['application/x-msdownload', 'anexo-1'],
  ])('a file of %s without a name is %s', (contentType, name) => {
    expect(attachedName({ filename: undefined, contentType }, 0)).toBe(name);
    expect(attachedName({ filename: 'a', contentType }, 0)).toBe('a');
  });
  it('text without control or direction characters, bounded', () => {
    expect(safeText('a\0b\u202Ec\ud800')).toBe('abc\ufffd');
    expect(boundedText('x'.repeat(300_000))).toEqual({ text: 'x'.repeat(200_000), cut: true });
  });
});
