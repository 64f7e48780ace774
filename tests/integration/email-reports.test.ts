import { afterEach, describe, expect, it } from 'vitest';
import { messageIds } from '../../src/channels/email/domain/threads.ts';
import { COMPANY, endAll, MAILBOX, MARIA, outside, rig } from './email-rig.ts';

afterEach(endAll);

type Rig = Awaited<ReturnType<typeof rig>>;
const SUBJECT = 'Undelivered Mail Returned to Sender';
const envelope = { from: '', to: MAILBOX };

/** A reply to Maria that is out, and the report of another mail by the same server. */
async function answered(subject?: string) {
  const out = await outside();
  const r = await rig({ relayUrl: out.url });
  await r.send({ messageId: '<hers@cliente.test>', ...(subject && { subject }) });
  const contact = await r.take();
  const message = await r.answer('Vamos verificar.');
  const [mail] = await r.email.store.outbox({ messageRef: message.id });
  let count = 0;
  const report = (quoted: string, more: { recipient?: string; subject?: string } = {}) =>
    r.send({
      raw: r
        .raw('bounce')
        .toString('latin1')
        .replace('<dsn@', `<dsn${++count}@`)
        .replace('maria@cliente.test', more.recipient ?? MARIA)
        .replace(SUBJECT, more.subject ?? SUBJECT)
        .replace('Message-ID: <ORIGINAL>', quoted),
      envelope,
    });
  return { r, contact, message, mail: mail!, report };
}

const statusOf = async (r: Rig, id: string) => (await r.interactions.messages(COMPANY, { id }))[0]!.status;
const bounces = async (r: Rig, id: Parameters<Rig['interactions']['timeline']>[1]) =>
  (await r.interactions.timeline(COMPANY, id)).filter(({ kind }) => kind === 'mail.bounced').length;
const aside = async (r: Rig) => (await r.email.setAside.list(COMPANY, { limit: 50 })).items;

describe('a report that names no mail of ours', () => {
  it('is set aside, whatever the same server reported under the same subject before', async () => {
    const { r, contact, mail, report } = await answered();
    await report(`Message-ID: <${mail.messageId}>`);
    expect(await bounces(r, contact.id)).toBe(1);
    await report('Message-ID: <new@ses.test>', { recipient: 'outra.pessoa@alheia.test' });
    // By the address alone it may be anybody's.
    await report('Message-ID: <other@ses.test>');
    expect(await bounces(r, contact.id)).toBe(1);
    expect(await aside(r)).toMatchObject([{ reason: 'bounce' }, { reason: 'bounce' }]);
  });
  it('is set aside after however many in one hour', async () => {
    const { r, contact, mail, report } = await answered();
    for (let i = 0; i < 11; i++) await report(`Message-ID: <${mail.messageId}>`, { subject: `failed ${i}` });
    await report('Message-ID: <new@ses.test>', { subject: 'Undeliverable: outro assunto' });
    expect(await bounces(r, contact.id)).toBe(11);
    expect(await aside(r)).toHaveLength(1);
  });
  it('leads no other machine’s mail, and nobody who writes by that address, into the contact', async () => {
    const { r, contact, mail, report } = await answered();
    for (let i = 0; i < 11; i++) await report(`Message-ID: <${mail.messageId}>`, { subject: `Aviso ${i}` });
    const from = 'mailer-daemon@cliente.test';
    const before = (await r.interactions.timeline(COMPANY, contact.id)).length;
    await r.send({ from, subject: 'Aviso 1', headers: { 'Auto-Submitted': 'auto-generated' } });
    await r.send({ from, subject: 'Outro', headers: { 'Auto-Submitted': 'auto-generated' } });
    expect(await aside(r)).toMatchObject([{ reason: 'autoReply' }, { reason: 'autoReply' }]);
    // Taken out by a person, it is a contact of its own.
    for (const { id } of await aside(r))
      expect(await r.email.setAside.toQueue(COMPANY, id)).not.toBe(contact.id);
    expect((await r.interactions.timeline(COMPANY, contact.id)).length).toBe(before);
    // Nor does a report of another mail follow it there.
    await report('Message-ID: <new@ses.test>', { subject: 'Aviso 1' });
    expect(await aside(r)).toMatchObject([{ reason: 'bounce' }]);
  });
});

describe('a report about a mail that a relay gave another id', () => {
  const quoted = 'Message-ID: <new@ses.test>\r\nIn-Reply-To: <hers@cliente.test>';
  it('is about the one that its recipient got in the conversation which the copy answers', async () => {
    const { r, contact, message, mail, report } = await answered();
    // Nobody whom we wrote to there: the conversation is told of it, and no reply fails.
    await report(quoted, { recipient: 'outra.pessoa@alheia.test' });
    expect(await bounces(r, contact.id)).toBe(1);
    const after = `Message-ID: <new@ses.test>\r\nReferences: <${mail.messageId}>`;
    await report(after, { recipient: 'outra.pessoa@alheia.test' });
    expect(await bounces(r, contact.id)).toBe(2);
    expect(await statusOf(r, message.id)).toBe('sent');
    // The acknowledgement, which went to her too, comes back to nobody.
    await report(quoted);
    expect(await bounces(r, contact.id)).toBe(3);
    expect(await statusOf(r, message.id)).toBe('failed');
  });
  it('of several that she got there, it is the one that answers the same mail, else the newest', async () => {
    const { r, contact, message, report } = await answered();
    await r.send({ messageId: '<second@cliente.test>', headers: { 'In-Reply-To': '<hers@cliente.test>' } });
    const second = await r.answer('Já resolvemos.');
    const third = await r.answer('Pode conferir.');
    const statuses = () => Promise.all([message, second, third].map(({ id }) => statusOf(r, id)));
    await report(quoted);
    expect(await statuses()).toEqual(['failed', 'sent', 'sent']);
    await report(quoted.replace('hers', 'second'));
    expect(await statuses()).toEqual(['failed', 'sent', 'failed']);
    expect(await bounces(r, contact.id)).toBe(2);
  });
});

// Under the subject of the reply too: that is no absence of a daemon.
it.each(['Pedido', 'Re: Sem sinal'])(
  'a daemon’s answer in unforeseen words, %j, fails the reply that it names',
  async (subject) => {
    const { r, message, mail } = await answered();
    const raw = `From: MAILER-DAEMON@mx.test\r\nTo: ${MAILBOX}\r\nSubject: ${subject}\r\nMessage-ID: <w@mx.test>\r\nIn-Reply-To: <${mail.messageId}>\r\n\r\nNada feito.\r\n`;
    await r.send({ raw, envelope });
    expect(await statusOf(r, message.id)).toBe('failed');
  },
);

describe('a mail with an empty return path that has no machine’s form', () => {
  const from = (address: string, subject: string, text: string, id: string) =>
    `From: ${address}\r\nTo: ${MAILBOX}\r\nSubject: ${subject}\r\nMessage-ID: <w${subject.length}@mx.test>\r\n` +
    `Auto-Submitted: auto-replied\r\nIn-Reply-To: <${id}>\r\n\r\n${text}\r\n`;
  it.each([
    ['sistema@antispam.test', 'Falha no envio: Re: Sem internet', 'mail.bounced', 'failed'],
    ['bounce@hosp.test', 'Undelivered Mail Returned to Sender', 'mail.bounced', 'failed'],
    // Nobody whom we reached tells that we did not, under whatever subject.
    [MARIA, 'Boleto não foi entregue', 'mail.automatic', 'sent'],
    [MARIA, 'Boleto atrasado', 'mail.automatic', 'sent'],
    ['outra@cliente.test', 'Sem sinal há 2 horas', 'mail.automatic', 'sent'],
  ])('%s: %j → %s, the reply stays %s', async (address, subject, kind, status) => {
    const { r, contact, message, mail } = await answered();
    await r.send({ raw: from(address, subject, 'Estou de férias até 10/12.', mail.messageId), envelope });
    expect(await statusOf(r, message.id)).toBe(status);
    expect((await r.interactions.timeline(COMPANY, contact.id)).map((one) => one.kind)).toContain(kind);
  });
  it.each([
    ['Falha no envio do boleto', 'mail.automatic', 'sent', 'autoReply'],
    ['Falha no envio da fatura', 'mail.bounced', 'failed', 'bounce'],
  ])(
    'under the words of our own subject it tells nothing: %j → %s',
    async (subject, kind, status, origin) => {
      const { r, contact, message, mail } = await answered('Falha no envio do boleto');
      await r.send({ raw: from('filial@cliente.test', subject, 'Estou fora.', mail.messageId), envelope });
      expect(await statusOf(r, message.id)).toBe(status);
      expect((await r.interactions.timeline(COMPANY, contact.id)).map((one) => one.kind)).toContain(kind);
      const [id] = messageIds(`<w${subject.length}@mx.test>`);
      expect(await r.email.store.byMessageIds(COMPANY, [id!])).toMatchObject({ origin });
    },
  );
});
