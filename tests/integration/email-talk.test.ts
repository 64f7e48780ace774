import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { CustomerId } from '../../src/shared/ids.ts';
import { COMPANY, MAILBOX, MARIA, ends, endAll, outside, rig } from './email-rig.ts';

afterEach(endAll);

describe('a conversation', () => {
  it('the operator’s answer carries the token and the right headers; the customer’s answer continues the contact', async () => {
    const r = await rig();
    const first = await r.send({ messageId: '<m1@cliente.test>' });
    const contact = await r.take();
    await r.answer('Vamos verificar.');
    const reply = (await r.out()).find((m) => m.kind === 'reply')!;
    expect(reply).toMatchObject({
      subject: `Re: Sem sinal [#${contact.protocol}]`,
      inReplyTo: 'm1@cliente.test',
      automatic: false,
    });
    expect(reply.references).toEqual([first.messageId.replace(/[<>]/g, '')]);
    await r.send({ subject: 'Outra coisa', inReplyTo: `<${reply.messageId}>`, text: 'Obrigada' });
    await r.send({ subject: `Re: [#${contact.protocol}]`, text: 'Mais uma' });
    const all = await r.contacts();
    expect(all).toHaveLength(1);
    expect(all[0]!.state).toMatchObject({ name: 'active', waitingForCustomer: false });
    expect(await r.interactions.messages(COMPANY, { interactionIds: [contact.id] })).toHaveLength(5);
    expect((await r.out()).filter((m) => m.kind === 'acknowledgement')).toHaveLength(1);
  });
  it('a reply after the close is a new contact under the same protocol', async () => {
    const r = await rig();
    await r.send({});
    const contact = await r.take();
    await r.answer('Resolvido.');
    await r.close();
    const reply = (await r.out()).find((m) => m.kind === 'reply')!;
    await r.send({ subject: reply.subject, inReplyTo: `<${reply.messageId}>`, text: 'Voltou a cair' });
    const all = await r.contacts();
    expect(all).toHaveLength(2);
    expect(all[0]).toMatchObject({ protocol: contact.protocol, queue: 'suporte', state: { name: 'queued' } });
  });
  it('a reply that meets the close opens the next contact: nobody’s mail lies in a closed one', async () => {
    const r = await rig();
    await r.send({ messageId: '<um@cliente.test>' });
    await r.take();
    const { addMessage } = r.interactions;
    let meets = 1;
    r.interactions.addMessage = async (...call) => {
      if (meets-- > 0) await r.end();
      return addMessage(...call);
    };
    await r.send({
      messageId: '<dois@cliente.test>',
      inReplyTo: '<um@cliente.test>',
      text: 'Caiu de novo.',
    });
    r.interactions.addMessage = addMessage;
    const [next, first] = await r.contacts();
    expect([first?.state.name, next?.state.name]).toEqual(['closed', 'queued']);
    expect(next?.protocol).toBe(first?.protocol);
    const said = await r.interactions.messages(COMPANY, {
      interactionIds: [next!.id],
      direction: 'inbound',
    });
    expect(said.map((one) => one.text)).toEqual(['Caiu de novo.']);
  });
  it('a stranger who guesses a number does not get into the thread', async () => {
    const r = await rig();
    await r.send({});
    const [contact] = await r.contacts();
    await r.send({ from: 'eve@stranger.test', subject: `Re: [#${contact!.protocol}]`, text: 'Sou eu' });
    const all = await r.contacts();
    expect(all).toHaveLength(2);
    expect(await r.interactions.messages(COMPANY, { interactionIds: [contact!.id] })).toHaveLength(2);
  });
  it('without any header, sender and subject find the thread', async () => {
    const r = await rig();
    await r.send({ subject: 'Conta errada' });
    await r.send({ subject: 'RES: conta  errada' });
    await r.send({ subject: 'Outro assunto' });
    expect(await r.contacts()).toHaveLength(2);
  });
});

describe('nobody typed it', () => {
  it.each([{ 'Auto-Submitted': 'auto-replied' }, { Precedence: 'bulk' }, { 'X-Autoreply': 'yes' }])(
    '%j opens nothing, is answered by nothing and is kept',
    async (headers) => {
      const r = await rig();
      await r.send({ headers: headers });
      expect(await r.contacts()).toEqual([]);
      expect(await r.out()).toEqual([]);
      expect(await r.email.store.setAside(COMPANY, 10)).toHaveLength(1);
    },
  );
  it('an out-of-office in a thread is a line of its journal and wakes nobody', async () => {
    const r = await rig();
    await r.send({});
    const contact = await r.take();
    await r.answer('Olá');
    const reply = (await r.out()).find((m) => m.kind === 'reply')!;
    await r.send({
      inReplyTo: `<${reply.messageId}>`,
      headers: { 'Auto-Submitted': 'auto-replied' },
      text: 'Férias',
    });
    expect((await r.contacts())[0]!.state).toMatchObject({ waitingForCustomer: true });
    expect((await r.interactions.timeline(COMPANY, contact.id)).map((e) => e.kind)).toContain(
      'mail.automatic',
    );
  });
  it('a bounce marks our mail as failed', async () => {
    const r = await rig();
    await r.send({});
    await r.take();
    const sent = await r.answer('Olá');
    const reply = (await r.out()).find((m) => m.kind === 'reply')!;
    const raw = r.raw('bounce').toString('latin1').replace('ORIGINAL', reply.messageId);
    await r.send({ raw, envelope: { from: '', to: MAILBOX } });
    expect(await r.contacts()).toHaveLength(1);
    expect((await r.interactions.messages(COMPANY, { id: sent.id }))[0]).toMatchObject({
      status: 'failed',
      error: 'mail.bounced',
    });
  });
  it.each(['In-Reply-To', 'References'])('so does one that names it by %s alone', async (header) => {
    const r = await rig();
    await r.send({});
    await r.take();
    const sent = await r.answer('Olá');
    const reply = (await r.out()).find((m) => m.kind === 'reply')!;
    const raw = (from: string, subject: string, more: string) =>
      `From: ${from}\r\nTo: ${MAILBOX}\r\nSubject: ${subject}\r\n${header}: <${reply.messageId}>\r\n` +
      `Auto-Submitted: auto-replied\r\n${more}\r\nMailbox gone.\r\n`;
    const status = async () => (await r.interactions.messages(COMPANY, { id: sent.id }))[0]!.status;
    const envelope = { from: '', to: MAILBOX };
    await r.send({ raw: raw(MARIA, 'Resposta: Mail delivery failed', ''), envelope });
    expect(await status()).not.toBe('failed');
    const named = `X-Failed-Recipients: ${MARIA}\r\n`;
    await r.send({ raw: raw('Mailer-Daemon@cliente.test', 'Mail delivery failed', named), envelope });
    expect(await status()).toBe('failed');
    expect(await r.contacts()).toHaveLength(1);
  });
  it('two autoresponders without any headers fall silent', async () => {
    const r = await rig();
    for (let i = 0; i < 8; i++) await r.send({ subject: `Resposta ${i}`, text: 'Recebi sua mensagem.' });
    expect((await r.out()).length).toBeLessThanOrEqual(5);
  });
});

describe('the way out', () => {
  it('goes by the relay, again after a temporary failure, once', async () => {
    const out = await outside([451]);
    const r = await rig({ relayUrl: out.url });
    await r.send({});
    expect(r.jobs.due()).toHaveLength(1);
    await r.jobs.elapse();
    expect(out.got).toHaveLength(1);
    expect(out.got[0]).toMatch(/Auto-Submitted: auto-replied/i);
    expect((await r.out())[0]!.status).toBe('sent');
  });
  it('names the customer in To where the mail had no name, and to no address but theirs', async () => {
    const out = await outside();
    const r = await rig({ relayUrl: out.url });
    const answered = async (from: Parameters<typeof r.send>[0]['from']) => {
      await r.send({ from, subject: JSON.stringify(from) });
      const contact = await r.take();
      await r.answer(JSON.stringify(from));
      return { contact, to: /^To: (.*)\r?$/m.exec(out.got.at(-1) ?? '')?.[1] };
    };
    const first = await answered(MARIA);
    expect(first.to).toBe('Maria Souza <maria@cliente.test>');
    // Somebody else whom an operator only supposes behind a customer's address.
    const supposed = { id: 'm2' as CustomerId, name: 'João' };
    await r.interactions.identify(COMPANY, first.contact.id, { customer: supposed, identity: 'unconfirmed' });
    await r.answer('?');
    expect(/^To: (.*)\r?$/m.exec(out.got.at(-1) ?? '')?.[1]).toBe(MARIA);
    expect((await answered({ name: 'Mãe', address: MARIA })).to).toContain('=?UTF-8?');
    const { contact, to } = await answered('eve@stranger.test');
    expect(to).toBe('eve@stranger.test');
    const customer = { id: 'm1' as CustomerId, name: 'Maria Souza' };
    for (const [identity, named] of [
      ['unconfirmed', 'eve@stranger.test'],
      ['confirmed', 'Maria Souza <eve@stranger.test>'],
    ] as const) {
      await r.interactions.identify(COMPANY, contact.id, { customer, identity });
      await r.answer(identity);
      expect(/^To: (.*)\r?$/m.exec(out.got.at(-1) ?? '')?.[1]).toBe(named);
    }
  });
  it('a refusal is told on the message', async () => {
    const out = await outside([550]);
    const r = await rig({ relayUrl: out.url });
    await r.send({});
    expect((await r.out())[0]).toMatchObject({ status: 'failed', error: 'smtp.550' });
  });
});

it('what was accepted before a crash is imported after it, once', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'ramal-mail-crash-'));
  ends.push(() => rmSync(dir, { recursive: true, force: true }));
  const first = await rig({ dir });
  await first.send({ messageId: '<crash@cliente.test>' });
  // As if the process had died between the 250 and the import, and again in the middle of it.
  const [contact] = await first.contacts();
  const [record] = (await first.email.store.ofProtocol(COMPANY, contact!.protocol)).filter(
    (m) => m.direction === 'inbound',
  );
  await first.email.store.updateMail(record!.id, { status: 'stored' });
  await first.stop();
  const second = await rig({ dir });
  await second.settle();
  await second.send({ messageId: '<crash@cliente.test>' });
  expect(await second.contacts()).toHaveLength(1);
  expect(await second.interactions.messages(COMPANY, { interactionIds: [contact!.id] })).toHaveLength(2);
  expect(await second.out()).toHaveLength(1);
});
