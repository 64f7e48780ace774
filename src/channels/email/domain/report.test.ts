import { describe, expect, it } from 'vitest';
import { DAEMON, reportFacts as facts } from '../../../../tests/support/report-facts.ts';
import { reportOf } from './report.ts';
import { messageIds } from './threads.ts';

const OURS = 'abc123@exemplo.test';

const report = (type: string) => ({ 'content-type': `multipart/report; report-type=${type}; boundary="b"` });
const quoted = {
  contentType: 'text/rfc822-headers',
  text: `From: suporte@exemplo.test\r\nMessage-ID: <${OURS}>\r\n`,
};
const delivery = (...recipients: string[]) => ({
  contentType: 'message/delivery-status',
  text: ['Reporting-MTA: dns; mx.test', ...recipients].join('\r\n\r\n'),
});
const recipient = (action: string, status = '5.1.1', address = 'maria@cliente.test') =>
  `Final-Recipient: rfc822; ${address}\r\nAction: ${action}\r\nStatus: ${status}`;

describe('structured reports (RFC 3464)', () => {
  it.each([
    ['failed', '5.1.1', 'bounce'],
    ['Failed', '5.0.0', 'bounce'],
    ['delayed', '4.4.7', 'delayed'],
    ['delivered', '2.0.0', 'delivered'],
    ['relayed', '2.0.0', 'relayed'],
    ['expanded', '2.0.0', 'relayed'],
  ])('Action: %s is %s → %s', (action, status, kind) => {
    const found = reportOf(
      facts({ headers: report('delivery-status'), parts: [delivery(recipient(action, status)), quoted] }),
    );
    expect(found).toMatchObject({ kind, recipients: [{ address: 'maria@cliente.test', status }] });
    expect(found?.about[0]).toBe(OURS);
  });
  it('a subject that speaks of failure does not make a delay fail', () =>
    expect(
      reportOf(
        facts({
          subject: 'Undelivered Mail',
          headers: report('delivery-status'),
          parts: [delivery(recipient('delayed', '4.4.1'))],
        }),
      )?.kind,
    ).toBe('delayed'));
  it('one of several that failed makes it a bounce, and tells which', () =>
    expect(
      reportOf(
        facts({
          parts: [delivery(recipient('delivered', '2.0.0'), recipient('failed', '5.1.1', 'chefe@emp.test'))],
        }),
      ),
    ).toMatchObject({
      kind: 'bounce',
      recipients: [{ action: 'delivered' }, { action: 'failed', address: 'chefe@emp.test' }],
    }));
  it('without an Action the status class decides', () => {
    const of = (status: string) =>
      reportOf(facts({ parts: [delivery(`Final-Recipient: rfc822;a@b.test\r\nStatus: ${status}`)] }))?.kind;
    expect([of('5.2.2'), of('4.2.2'), of('2.1.5')]).toEqual(['bounce', 'delayed', 'delivered']);
  });
  it('Exchange: Original-Recipient first, folded diagnostic', () => {
    const text =
      'Original-Recipient: rfc822;Maria@Cliente.test\r\nFinal-Recipient: rfc822;m123@intern.test\r\nAction: failed\r\nStatus: 5.1.10\r\nDiagnostic-Code: smtp;550 5.1.10\r\n RESOLVER.ADR.RecipientNotFound; Recipient not found';
    expect(reportOf(facts({ parts: [delivery(text)] }))?.recipients).toEqual([
      {
        address: 'maria@cliente.test',
        forms: ['maria@cliente.test', 'm123@intern.test'],
        action: 'failed',
        status: '5.1.10',
        diagnostic: '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found',
      },
    ]);
  });
  it('a report from an ordinary return path is a report all the same', () =>
    expect(
      reportOf(
        facts({
          envelopeFrom: 'bounce@x.test',
          from: 'a@x.test',
          headers: report('delivery-status'),
          parts: [delivery(recipient('failed'))],
        }),
      )?.kind,
    ).toBe('bounce'));
  it('one that a person attaches to a mail of their own is none', () =>
    expect(
      reportOf(
        facts({
          envelopeFrom: 'ana@x.test',
          from: 'ana@x.test',
          headers: { 'content-type': 'multipart/mixed; boundary=b' },
          parts: [delivery(recipient('failed'))],
        }),
      ),
    ).toBeUndefined());
});

describe('receipts and complaints', () => {
  it('a read receipt is a receipt, with what the reader did', () =>
    expect(
      reportOf(
        facts({
          envelopeFrom: 'maria@cliente.test',
          from: 'maria@cliente.test',
          headers: report('disposition-notification'),
          parts: [
            {
              contentType: 'message/disposition-notification',
              text: `Original-Message-ID: <${OURS}>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n`,
            },
          ],
        }),
      ),
    ).toMatchObject({
      kind: 'receipt',
      recipients: [],
      about: [OURS],
      within: [],
      disposition: 'displayed',
    }));
  it('an abuse report is a complaint (RFC 5965)', () =>
    expect(reportOf(facts({ headers: report('feedback-report'), parts: [quoted] }))).toMatchObject({
      kind: 'complaint',
      about: [OURS],
    }));
});

describe('reports in words only', () => {
  const qmail = `Hi. This is the qmail-send program at mx.test.\nI'm afraid I wasn't able to deliver your message.\n\n<maria@cliente.test>:\nno mailbox here\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <${OURS}>\n`;
  it.each([
    ['qmail', { text: qmail, subject: 'failure notice' }, 'bounce'],
    ['qmail without a subject', { text: qmail }, 'bounce'],
    ['Exim', { headers: { 'x-failed-recipients': 'maria@cliente.test' } }, 'bounce'],
    [
      'Exim, by a relay that writes a return path of its own',
      { headers: { 'x-failed-recipients': 'maria@cliente.test' }, envelopeFrom: 'x@y.test' },
      'bounce',
    ],
    [
      'Exchange, with a return path and its code',
      {
        subject: 'Undeliverable: Pedido',
        from: 'postmaster@x.test',
        envelopeFrom: 'postmaster@x.test',
        text: 'Remote Server returned 550 5.1.10 RecipientNotFound',
      },
      'bounce',
    ],
    ['Exim, delayed', { subject: 'Warning: message 1abc delayed 24 hours' }, 'delayed'],
    ['Gmail, delayed', { subject: 'Delivery Status Notification (Delay)' }, 'delayed'],
    ['Gmail', { subject: 'Delivery Status Notification (Failure)' }, 'bounce'],
    [
      'Exchange in Portuguese',
      { subject: 'Não é possível entregar: Re: Pedido', from: 'postmaster@x.test' },
      'bounce',
    ],
    ['Exchange in Portuguese, older', { subject: 'Não entregue: Re: Pedido' }, 'bounce'],
    ['Exchange in Spanish', { subject: 'No se puede entregar: Re: Pedido' }, 'bounce'],
    ['Exchange, delayed', { subject: 'Entrega atrasada: Re: Pedido' }, 'delayed'],
    ['Outlook receipt', { subject: 'Lida: Re: Pedido' }, 'receipt'],
    ['code in words only', { text: 'Mail para maria: 550 5.1.1 unbekannt', subject: 'Fehler' }, 'bounce'],
  ])('%s', (_name, given, kind) => expect(reportOf(facts(given))?.kind).toBe(kind));
  it.each([
    [
      'an out-of-office from an empty return path',
      { subject: 'Resposta automática: Re: Pedido', from: 'maria@cliente.test' },
    ],
    [
      'a person who writes about failed deliveries',
      { subject: 'Falha na entrega do boleto', envelopeFrom: 'a@b.test', from: 'a@b.test' },
    ],
    [
      'a person who writes by postmaster',
      { subject: 'Falha na entrega do boleto', envelopeFrom: 'postmaster@x.test', from: 'postmaster@x.test' },
    ],
    [
      'a postmaster who asks about a code',
      {
        subject: 'Erro',
        text: 'Vocês respondem 550 5.7.1',
        envelopeFrom: 'a@x.test',
        from: 'postmaster@x.test',
      },
    ],
    [
      'a person whose program writes headers of machines',
      {
        subject: 'Preciso da segunda via',
        headers: { 'x-failed-recipients': 'a@b.test' },
        envelopeFrom: 'a@b.test',
        from: 'a@b.test',
      },
    ],
    [
      'a machine with an ordinary address that quotes a code',
      { subject: 'Seu chamado', from: 'sistema@loja.test', text: 'A tela mostra: error 550 - tente de novo' },
    ],
    [
      'a person who writes about failed deliveries, with a header of Exim and without any code',
      {
        subject: 'Falha na entrega do boleto',
        headers: { 'x-failed-recipients': 'a@b.test', 'auto-submitted': 'auto-replied' },
        envelopeFrom: 'a@b.test',
        from: 'a@b.test',
      },
    ],
    [
      'a person who sends the report of another server on',
      {
        subject: 'Undeliverable: Pedido',
        text: 'Remote Server returned 550 5.1.10 RecipientNotFound',
        headers: { 'auto-submitted': 'auto-replied' },
        envelopeFrom: 'a@b.test',
        from: 'a@b.test',
      },
    ],
    [
      'a daemon’s word in which only the address of a host looks like a code',
      { subject: 'Aviso', text: 'Entregue por mx [192.5.1.1] e mx [5.1.1.7].' },
    ],
    ['a postmaster who says nothing of failure', { subject: 'Bem-vindo', text: 'Sua conta foi criada.' }],
  ])('%s is no report', (_name, given) => expect(reportOf(facts(given))).toBeUndefined());
  it('finds the id of our mail in the quoted text', () =>
    expect(reportOf(facts({ text: qmail, references: messageIds('<old@exemplo.test>') }))?.about[0]).toBe(
      OURS,
    ));
  it('an absence that answers words about failure is none', () => {
    const absence = { subject: 'Resposta automática: Re: Falha na entrega', from: 'maria@cliente.test' };
    expect(reportOf(facts(absence))).toBeUndefined();
    expect(reportOf(facts({ ...absence, subject: 'Automatic reply: Re: delayed order' }))).toBeUndefined();
    // A daemon is never absent.
    const answer = { ...absence, subject: 'Resposta automática: mensagem não entregue' };
    expect(reportOf(facts(answer))).toBeUndefined();
    expect(reportOf(facts({ ...answer, from: DAEMON }))?.kind).toBe('bounce');
  });
});

describe('reports that name our mail as an answer does, and quote nothing', () => {
  const references = messageIds(`<first@exemplo.test> <${OURS}>`);
  const exim = { 'x-failed-recipients': 'maria@cliente.test', 'auto-submitted': 'auto-replied' };
  const FAILURE = 'Mail delivery failed';
  const status = { contentType: 'message/delivery-status', text: recipient('failed') };
  const MARIA = 'maria@cliente.test';
  it.each([
    ['Exim, from a daemon', { headers: exim }],
    ['Exim, by In-Reply-To', { headers: { ...exim, 'in-reply-to': `<${OURS}>` } }],
    ['a daemon in words', { subject: FAILURE }],
    ['a postmaster with an empty return path', { subject: FAILURE, from: 'postmaster@x.test' }],
    ['an empty return path and whom it failed to reach', { headers: exim, from: 'system@x.test' }],
    [
      'a declared report',
      { headers: report('delivery-status'), parts: [status], envelopeFrom: 'b@x.test', from: 'a@x.test' },
    ],
  ])('%s is about it', (_name, given) =>
    expect(reportOf(facts({ references, ...given }))).toMatchObject({ kind: 'bounce', about: [OURS] }),
  );
  it.each([
    [
      'a postmaster who attaches the report of another mail',
      { parts: [status], from: 'postmaster@x.test', envelopeFrom: 'a@x.test' },
    ],
    [
      'a return path, a code and a header of Exim',
      { subject: FAILURE, text: '550 5.1.1', headers: exim, from: 'a@x.test', envelopeFrom: 'a@x.test' },
    ],
  ])('%s is not enough', (_name, given) =>
    expect(reportOf(facts({ references, ...given }))).toMatchObject({ kind: 'bounce', about: [] }),
  );
  it.each([
    ['Mensagem não entregue: Re: Boleto', 'Caixa cheia', true],
    ['Falha no envio: Re: Boleto', '550 5.7.1 bloqueada', false],
    [FAILURE, '550 5.1.1 user unknown', false],
    ['Boleto não foi entregue', 'Estou de férias', true],
    ['failure notice', 'Hi. This is the qmail-send program at mx.test.', false],
  ])('an empty return path, %j and %j: about it; by its subject alone: %s', (subject, text, bySubject) =>
    expect(reportOf(facts({ references, subject, text, from: 'sistema@x.test' }))).toMatchObject({
      ...{ kind: 'bounce', about: [OURS], bySubject },
    }),
  );
  it.each([
    ['Auto: Re: Boleto não foi entregue', MARIA],
    ['Re: Atraso na instalação', MARIA],
    ['Auto: RES: Boleto atrasado', MARIA],
    ['Aviso – Re[2]: Falha na entrega do modem', MARIA],
    [`Re: ${FAILURE}`, MARIA],
  ])('%j has only the words of our subject: no report', (subject, from) =>
    expect(reportOf(facts({ references, subject, from, text: 'Estou de férias.' }))).toBeUndefined(),
  );
  it.each([
    ['who types', { 'auto-submitted': 'no' }, undefined],
    ['whose program says so', { 'auto-submitted': 'auto-replied' }, 'bounce'],
  ])('a postmaster with a return path %s', (_name, headers, kind) => {
    const typed = { subject: 'Erro no envio do boleto', text: '550 5.7.1 aos nossos e-mails', headers };
    const by = { from: 'postmaster@x.test', envelopeFrom: 'postmaster@x.test' };
    expect(reportOf(facts({ ...typed, ...by }))?.kind).toBe(kind);
  });
  it('a copy says better which mail it is', () => {
    const other = { contentType: 'text/rfc822-headers', text: 'Message-ID: <other@x.test>\r\n' };
    expect(reportOf(facts({ references, headers: exim, parts: [other] }))?.about).toEqual(['other@x.test']);
  });
  it('the recipient is the same one in brackets', () =>
    expect(
      reportOf(facts({ headers: { 'x-failed-recipients': '<Maria@cliente.test>' } }))?.recipients,
    ).toEqual([{ address: MARIA, forms: [MARIA], action: 'failed', status: null, diagnostic: null }]));
});
