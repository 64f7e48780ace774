import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { CustomerId } from '../../src/shared/ids.ts';
import { COMPANY, endAll, ends, MARIA, rig } from './email-rig.ts';

afterEach(endAll);

const EVE = 'eve@stranger.test';
const kinds = async (r: Awaited<ReturnType<typeof rig>>, id: string) =>
  (await r.interactions.timeline(COMPANY, id as never))
    .filter((entry) => entry.data['interactionId'] === id)
    .map(({ kind }) => kind);

describe('a mail that names a protocol', () => {
  it('is told since when the number is open, not when the mail came', async () => {
    const r = await rig();
    await r.send({});
    const [first] = await r.contacts();
    const day = 86_400_000;
    await r.backdate(first!.protocol, new Date(Date.now() - 3 * day));
    await r.send({
      subject: `Continua sem sinal [#${first!.protocol}]`,
      messageId: '<b@cliente.test>',
      text: '2',
    });
    await r.take();
    await r.close();
    await r.send({ subject: `Voltou [#${first!.protocol}]`, messageId: '<c@cliente.test>', text: '3' });
    const acks = (await r.out()).filter((mail) => mail.kind === 'acknowledgement');
    expect(acks).toHaveLength(2);
    const opened = new Intl.DateTimeFormat('pt-BR', {
      timeZone: 'America/Sao_Paulo',
      day: '2-digit',
      month: '2-digit',
      year: 'numeric',
    }).format(new Date(Date.now() - 3 * day));
    const later = acks.map(({ text }) => text).filter((text) => text.includes(`aberto em ${opened}`));
    expect(later).toHaveLength(1);
  });

  it('from somebody else joins nothing, and its answer is the one to a number that does not exist', async () => {
    const r = await rig();
    await r.send({ from: { name: 'Maria Souza', address: MARIA } });
    const [mine] = await r.contacts();
    const guessed = mine!.protocol;
    const never = `${guessed.slice(0, 6)}9999999999`;
    const said = async (from: string, number: string) => {
      await r.send({ from, subject: `[#${number}]`, text: 'Cancele tudo' });
      const contact = (await r.contacts()).find((one) => one.contact.address === from)!;
      const acks = (await r.out(from)).map(({ subject, text, cc, references }) => ({
        subject: subject.replaceAll(contact.protocol, 'N'),
        text: text.replaceAll(contact.protocol, 'N').replace(/\d{2}\/\d{2}\/\d{4} às \d{2}:\d{2}/, 'D'),
        cc,
        references: references.length,
      }));
      return { contact, acks };
    };
    const eve = await said(EVE, guessed);
    const bob = await said('bob@stranger.test', never);
    expect(eve.acks).toHaveLength(1);
    expect(eve.acks).toEqual(bob.acks);
    for (const { contact } of [eve, bob]) {
      expect(contact.customer).toBeNull();
      expect([guessed, never]).not.toContain(contact.protocol);
    }
    expect((await r.contacts()).filter(({ protocol }) => protocol === guessed)).toHaveLength(1);
    // Whoever answers is warned; nobody else is told.
    expect(await kinds(r, eve.contact.id)).toContain('sender.mismatch');
    expect(await kinds(r, bob.contact.id)).not.toContain('sender.mismatch');
    expect(await kinds(r, mine!.id)).not.toContain('sender.mismatch');
    const story = JSON.stringify(await r.interactions.timeline(COMPANY, eve.contact.id));
    expect(story).not.toMatch(/Maria|Caiu/);
    // A second try, or the plus address, tells no more.
    await r.send({ from: EVE, to: `suporte+p${guessed}@exemplo.test`, subject: 'De novo', text: '2' });
    expect((await r.contacts()).filter(({ protocol }) => protocol === guessed)).toHaveLength(1);
  });

  it('that was opened by telephone is joined in its customer’s name, who learns no date by it, and takes part by nothing', async () => {
    const r = await rig();
    const { number } = await r.protocols.open({
      companyId: COMPANY,
      openKey: 'call',
      customer: { id: 'm1' as CustomerId, name: 'Maria Souza' },
    });
    await r.backdate(number, new Date(Date.now() - 3 * 86_400_000));
    for (const text of ['1', '2']) {
      await r.send({ subject: `Sem sinal [#${number}]`, text });
      await r.take();
      await r.close();
    }
    // The thread of the first led the second into it: neither proves whose it is.
    expect((await r.contacts()).map(({ protocol }) => protocol)).toEqual([number, number]);
    const acks = (await r.out()).filter(({ kind }) => kind === 'acknowledgement');
    expect(acks).toHaveLength(2);
    for (const { text } of acks) {
      expect(text).toContain(number);
      expect(text).not.toMatch(/\d{2}\/\d{2}\/\d{4}/);
    }
    // An operator finds out that it is somebody else's: what came in by the number alone opens it no more.
    await r.protocols.learn(COMPANY, number, { customer: null });
    await r.send({ subject: `Voltou [#${number}]`, text: '3' });
    const [third] = await r.contacts();
    expect(third!.protocol).not.toBe(number);
    expect(await kinds(r, third!.id)).toContain('sender.mismatch');
  });

  it('of its own customer gives no warning', async () => {
    const r = await rig();
    await r.send({});
    await r.take();
    await r.close();
    const [first] = await r.contacts();
    await r.send({ subject: `De novo [#${first!.protocol}]`, messageId: '<n@cliente.test>' });
    for (const { id } of await r.contacts()) expect(await kinds(r, id)).not.toContain('sender.mismatch');
  });
});

describe('a mail that names no protocol', () => {
  const opened = async (r: Awaited<ReturnType<typeof rig>>, openKey: string) => {
    const customer = { id: 'm1' as CustomerId, name: 'Maria Souza' };
    const { number } = await r.protocols.open({ companyId: COMPANY, openKey, customer });
    return number;
  };
  it('joins the one open demand of whom it seems to be from, marked; its acknowledgement names the number and nothing else', async () => {
    const r = await rig();
    const number = await opened(r, 'call');
    await r.send({ from: { name: 'Maria Souza', address: MARIA } });
    await r.send({ subject: 'Outro assunto', text: 'E a fatura?' });
    const found = await r.contacts();
    expect(found).toHaveLength(2);
    for (const one of found)
      expect(one).toMatchObject({ protocol: number, identity: 'unconfirmed', customer: { id: 'm1' } });
    const acks = await r.out();
    expect(acks).toHaveLength(2);
    for (const { subject, text } of acks) {
      expect(subject).toBe(`Recebemos sua mensagem [#${number}]`);
      expect(text.replace(number, 'N')).not.toMatch(/\d|Maria/);
    }
    await r.send({ from: EVE, subject: 'Quem sou eu?' });
    expect((await r.contacts())[0]!.protocol).not.toBe(number);
  });
  it.each([
    ['joined: the number and nothing else', true],
    ['opened: its date too', false],
  ])('after a crash before its acknowledgement is told of what it %s', async (_what, isOlder) => {
    const dir = mkdtempSync(join(tmpdir(), 'ramal-mail-crash-'));
    ends.push(() => rmSync(dir, { recursive: true, force: true }));
    const first = await rig({ dir });
    if (isOlder) await opened(first, 'call');
    first.email.store.updateMail = () => Promise.reject(new Error('killed'));
    await first.send({});
    expect(await first.out()).toEqual([]);
    await first.stop();
    const second = await rig({ dir });
    await second.settle();
    const [ack, ...others] = await second.out();
    expect(others).toEqual([]);
    expect(ack!.text.includes('aberto em')).toBe(!isOlder);
  });
  it('and is closed before the next process reads it again, is one contact: it was read and closed', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ramal-mail-crash-'));
    ends.push(() => rmSync(dir, { recursive: true, force: true }));
    const first = await rig({ dir });
    first.email.store.updateMail = () => Promise.reject(new Error('killed'));
    await first.send({});
    await new Promise((later) => setTimeout(later, 5));
    await first.end();
    await first.stop();
    const second = await rig({ dir });
    await second.settle();
    expect(await second.contacts()).toMatchObject([{ state: { name: 'closed' } }]);
  });
  it('opens its own where two are open: nobody knows which one it is about', async () => {
    const r = await rig();
    const numbers = [await opened(r, 'call'), await opened(r, 'chat')];
    await r.send({});
    const [contact] = await r.contacts();
    expect(numbers).not.toContain(contact!.protocol);
    expect((await r.out())[0]!.text).toContain('aberto em');
  });
});

it('a mailbox whose queue is gone leaves its mails where somebody works', async () => {
  const r = await rig({
    queueFor: (_contact, wanted) => Promise.resolve(wanted === 'suporte' ? 'geral' : wanted),
  });
  await r.send({});
  expect((await r.contacts())[0]).toMatchObject({ queue: 'geral', state: { name: 'queued' } });
});
