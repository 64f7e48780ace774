import { describe, expect, it } from 'vitest';
import { DAEMON, reportFacts } from '../../../../tests/support/report-facts.ts';
import { roleOf, whatBecame } from './outcome.ts';
import { reportOf } from './report.ts';
import type { ReportFacts } from './report-facts.ts';
import { messageIds } from './threads.ts';

const OURS = 'abc123@exemplo.test';
const MARIA = 'maria@cliente.test';

const read = (given: Partial<ReportFacts>) => reportOf(reportFacts(given));
const part = (...lines: string[]) => ({ contentType: 'message/delivery-status', text: lines.join('\r\n') });
const told = (action: string, status = '5.1.1', address = MARIA) =>
  part(`Final-Recipient: rfc822; ${address}`, `Action: ${action}`, `Status: ${status}`);

describe('what a report tells of each recipient', () => {
  it.each([
    ['failed.', '5.1.1', 'bounce'],
    ['failure', '5.1.1', 'bounce'],
    ['(bad) failed', '5.1.1', 'bounce'],
    ['(a (b) c) Failed (d); e', '5.1.1', 'bounce'],
    ['failed', '4.4.7', 'bounce'],
    ['delivered', '5.1.1', 'bounce'],
    ['relayed', '5.0.0', 'bounce'],
    ['relayed', '2.0.0', 'relayed'],
    ['expanded', '2.0.0', 'relayed'],
    ['delivered', '4.2.2', 'delayed'],
    ['delayed', '2.0.0', 'delayed'],
    ['delayed', '5.4.7', 'delayed'],
    ['(failed before) delivered', '2.0.0', 'delivered'],
    ['ok', '2.0.0', 'delivered'],
    ['delivered', '(was 5.1.1) 2.0.0', 'delivered'],
  ])('Action: %s, Status: %s → %s', (action, status, kind) =>
    expect(read({ parts: [told(action, status)] })?.kind).toBe(kind),
  );
  it('without both, the answer of the server decides; without all three nothing is told', () => {
    const of = (...lines: string[]) =>
      read({ parts: [part('Final-Recipient: rfc822;a@b.test', 'Action: failure', ...lines)] })?.kind;
    expect(of('Diagnostic-Code: smtp; 550 no such user')).toBe('bounce');
    expect(of('Diagnostic-Code: x-unix; 550')).toBeUndefined();
    expect(of()).toBeUndefined();
  });
  it('the worst of them is what the report is, in whatever order they stand', () => {
    const [gone, late, there] = [told('failed'), told('delayed', '4.4.1'), told('delivered', '2.0.0')];
    const kindOf = (...parts: ReturnType<typeof told>[]) => read({ parts })?.kind;
    expect([kindOf(late, gone), kindOf(gone, late), kindOf(there, gone)]).toEqual(Array(3).fill('bounce'));
    expect([kindOf(there, late), kindOf(late, there)]).toEqual(['delayed', 'delayed']);
  });
  it('a field that stands twice counts once, as it stands first', () =>
    expect(read({ parts: [part('Action: failed', 'Status: 5.1.1', 'Action: delayed')] })?.kind).toBe(
      'bounce',
    ));
  it('the parts for addresses beyond ASCII (RFC 6533) are read as the others', () => {
    const kindOf = (contentType: string, text: string) => read({ parts: [{ contentType, text }] })?.kind;
    expect(kindOf('message/global-delivery-status', told('failed').text)).toBe('bounce');
    expect(kindOf('message/global-disposition-notification', 'Disposition: a/b; displayed')).toBe('receipt');
  });
  it('every part is read', () =>
    expect(read({ parts: [told('delivered', '2.0.0', 'chefe@emp.test'), told('failed')] })).toMatchObject({
      kind: 'bounce',
      recipients: [{ action: 'delivered' }, { address: MARIA }],
    }));
  it('an address in xtext (RFC 3461 §4) is the one that we wrote to, and one that only looks so too', () => {
    const forms = (original: string) =>
      read({
        parts: [
          part(`Original-Recipient: ${original}`, 'Final-Recipient: rfc822; a@in.test', 'Action: failed'),
        ],
      })?.recipients[0]?.forms;
    expect(forms('rfc822;Ana+2BX@c.test')).toEqual(['ana+x@c.test', 'ana+2bx@c.test', 'a@in.test']);
    expect(forms('rfc822;ana+25@c.test')).toContain('ana+25@c.test');
    expect(forms('rfc822;ana+0A@c.test')).toEqual(['ana+0a@c.test', 'a@in.test']);
  });
});

describe('a mail that a relay gave another id', () => {
  const headers = (indent = '') => ({
    contentType: 'text/rfc822-headers',
    text: [
      'Message-ID: <new@ses.test>',
      'In-Reply-To: <hers@c.test>',
      'References: <a@c.test>',
      ' <hers@c.test>',
    ]
      .map((line) => indent + line)
      .join('\r\n'),
  });
  it.each(['', '    ', '> '])('is not the one that it answers; headers behind %j', (indent) => {
    const found = read({ parts: [told('failed'), headers(indent)] });
    expect(found?.about).toEqual(['new@ses.test']);
    expect(found?.within).toEqual(['hers@c.test', 'a@c.test']);
    expect(found?.answers).toEqual(['hers@c.test']);
  });
  it('is in the conversation that the report itself answers, where its writer is believed and no other', () => {
    const within = (from: string) =>
      read({ from, subject: 'failure notice', references: messageIds('<a@c.test> <hers@c.test>') })?.within;
    expect(within(DAEMON)).toEqual(['a@c.test', 'hers@c.test']);
    expect(within(MARIA)).toEqual([]);
  });
});

describe('what a daemon answers to a mail of ours', () => {
  const answering = (given: Partial<ReportFacts>) =>
    read({ references: messageIds(`<${OURS}>`), ...given })?.kind;
  it.each([
    ['Falha ao enviar mensagem'],
    ['Your message could not be delivered'],
    ['Falha no envio da mensagem'],
    ['Entrega falhou'],
    ['Erro no envio de e-mail'],
    ['Endereço de e-mail não encontrado'],
    ['Caixa postal cheia'],
    ['Mailbox full'],
    ['Mensagem bloqueada'],
    ['Mensagem rejeitada: Re: Atraso na instalação'],
    ['Re: Atraso na instalação'],
    ['Re: Entregue: modem'],
    ['Devolução de e-mail'],
    ['Nondeliverable mail'],
    ['User unknown'],
    ['Unzustellbar: Pedido'],
    ['Non remis : Pedido'],
    ['Недоставленное сообщение'],
    ['无法送达'],
    ['In words that nobody foresaw'],
    [''],
  ])('%j is a failure', (subject) => {
    expect(answering({ subject })).toBe('bounce');
    expect(read({ subject, references: messageIds(`<${OURS}>`) })?.about).toEqual([OURS]);
  });
  it.each([
    ['Entrega atrasada: Pedido', 'delayed'],
    ['Delivery Status Notification (Delay)', 'delayed'],
    ['Ainda não foi entregue: Pedido', 'delayed'],
    ['Verzögerte Zustellung', 'delayed'],
    ['Entregue: Pedido', 'delivered'],
    ['Successful Mail Delivery Report', 'delivered'],
    ['Relayed: Pedido', 'relayed'],
    ['Mail System (relayed)', 'relayed'],
    ['Lida: Pedido', 'receipt'],
    ['Resposta automática: Pedido', undefined],
    ['[EXTERNAL] Entregue: Pedido', 'delivered'],
    ['*** SPAM *** Lida: Pedido', 'receipt'],
    ['[Externo] Resposta automática: Pedido', undefined],
  ])('%j is none: %s', (subject, kind) => expect(answering({ subject })).toBe(kind));
  it('a warning that says so in its text is a delay; a server that gave up is none', () => {
    const text = 'This is a warning message only. You do not need to resend your message.';
    expect(answering({ subject: 'Mail system', text })).toBe('delayed');
    const qmail = "(#4.4.1)\nI'm not going to try again; this message has been in the queue too long.";
    expect(answering({ subject: 'Mail system', text: qmail })).toBe('bounce');
  });
  it('what names no mail, and what a person behind postmaster or another address writes, is none', () => {
    expect(read({ subject: 'Bem-vindo', text: 'Escreva a <maria@cliente.test>' })).toBeUndefined();
    expect(answering({ subject: 'Pedido', from: 'postmaster@x.test' })).toBeUndefined();
    expect(answering({ subject: 'Pedido', from: MARIA })).toBeUndefined();
  });
});

describe('what became of a mail for the one whom we answer', () => {
  const sent = { to: MARIA, cc: ['ana+x@c.test'] };
  const became = (...parts: ReturnType<typeof told>[]) => whatBecame(sent, read({ parts })!);
  it('a copy that failed fails nothing, under any form of its address', () => {
    expect(became(told('failed', '5.1.1', 'ana+x@c.test'))).toBeUndefined();
    expect(became(told('failed', '5.1.1', 'ana@c.test'))).toBeUndefined();
    const xtext = part(
      'Original-Recipient: rfc822;ana+2Bx@c.test',
      'Final-Recipient: rfc822; ana+x@c.test',
      'Action: failed',
    );
    expect(became(xtext)).toBeUndefined();
  });
  it('the main one fails, and so does one that it may have been forwarded to', () => {
    expect(became(told('failed'))).toBe('failed');
    expect(became(told('failed', '5.1.1', 'outra@d.test'))).toBe('failed');
    expect(became(told('failed', '5.1.1', 'ana@c.test'), told('failed'))).toBe('failed');
    expect(whatBecame(sent, read({ subject: 'failure notice' })!)).toBe('failed');
  });
  it('the main one that arrived while a copy failed, or waits, is delivered', () => {
    const arrived = told('delivered', '2.0.0');
    expect(became(arrived, told('failed', '5.1.1', 'ana+x@c.test'))).toBe('delivered');
    expect(became(arrived, told('delayed', '4.1.1', 'ana+x@c.test'))).toBe('delivered');
    expect(became(told('delivered', '2.0.0', 'ana+x@c.test'))).toBeUndefined();
    expect(became(told('delivered', '2.0.0', 'outra@d.test'))).toBeUndefined();
  });
  it('an exact address goes before one that only has the same mailbox', () => {
    const both = { to: 'ana@c.test', cc: ['ana+x@c.test'] };
    expect(roleOf(both, ['ana+x@c.test'])).toBe('cc');
    expect(roleOf(both, ['ana+y@c.test'])).toBe('to');
    expect(roleOf(both, ['', 'eve@c.test'])).toBeUndefined();
  });
});
