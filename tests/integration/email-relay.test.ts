import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/ports.ts';
import { COMPANY, endAll, MAILBOX, outside, rig } from './email-rig.ts';

afterEach(endAll);

type Rig = Awaited<ReturnType<typeof rig>>;
const stored = async (r: Rig, id: string) => (await r.interactions.messages(COMPANY, { id }))[0];

async function answered(relayUrl: string) {
  const r = await rig({ relayUrl });
  await r.email.mailboxes.update(COMPANY, (await r.email.mailboxes.first(COMPANY))!.id, {
    acknowledge: false,
  });
  await r.send({});
  const contact = await r.take();
  return { r, contact, message: await r.answer('Vamos verificar.') };
}

describe('a relay that is away', () => {
  it('is tried until it is back, with the reason on the message meanwhile; then all that waited goes', async () => {
    const port = await freePort();
    const { r, message } = await answered(`smtp://127.0.0.1:${port}`);
    const second = await r.answer('E mais isto.');
    for (let attempt = 0; attempt < 12; attempt++) {
      expect(await stored(r, message.id)).toMatchObject({ status: 'queued', error: 'smtp.unreachable' });
      await r.jobs.elapse();
    }
    expect(r.jobs.due()).toEqual([1_800_000, 1_800_000]);
    const out = await outside([], { port });
    const [one] = await r.email.store.outbox({ messageRef: message.id });
    await r.email.sendAgain((await r.contacts())[0]!, one!.messageRef!);
    await r.settle();
    expect(await stored(r, message.id)).toMatchObject({ status: 'sent' });
    // The first one through tells that the relay is back: the other does not sit out its half hour.
    expect(await stored(r, second.id)).toMatchObject({ status: 'sent' });
    expect(out.got).toHaveLength(2);
    await r.jobs.elapse();
    expect(out.got).toHaveLength(2);
  });
  it('and a wrong password, over a restart: the mail waits and goes once it is right', async () => {
    let password = 'other';
    const out = await outside([], { password: () => password });
    const { r, message } = await answered(out.url);
    expect(await stored(r, message.id)).toMatchObject({ status: 'queued', error: 'smtp.auth' });
    await r.jobs.elapse();
    expect((await r.email.store.outbox({ messageRef: message.id }))[0]).toMatchObject({
      status: 'queued',
      tries: 0,
    });
    await r.stop();
    password = 'secret';
    const again = await rig({ dir: r.dir, relayUrl: out.url });
    await again.settle();
    expect(await stored(again, message.id)).toMatchObject({ status: 'sent' });
    expect(out.got).toHaveLength(1);
  });
});

describe('an acknowledgement', () => {
  it('that had to wait is not sent behind the answer, unless a person says so', async () => {
    const out = await outside([451]);
    const r = await rig({ relayUrl: out.url });
    await r.send({});
    const contact = await r.take();
    await r.answer('Já resolvemos.');
    await r.jobs.elapse();
    expect(out.got).toHaveLength(1);
    expect(out.got[0]).toContain(contact.protocol);
    const [mail] = await r.email.store.outbox({ kind: 'acknowledgement' });
    expect(mail).toMatchObject({ status: 'moot', error: 'mail.answered' });
    const id = mail!.messageRef!;
    expect(await stored(r, id)).toMatchObject({ status: 'failed', error: 'mail.answered' });
    expect((await r.email.store.figures()).failed).toBe(0);
    await r.email.sendAgain(contact, id);
    await r.settle();
    expect(await stored(r, id)).toMatchObject({ status: 'sent' });
    expect(out.got).toHaveLength(2);
  });
  it('that had to wait is sent where nobody answered', async () => {
    const out = await outside([451]);
    const r = await rig({ relayUrl: out.url });
    await r.send({});
    await r.jobs.elapse();
    expect(out.got).toHaveLength(1);
    expect((await r.email.store.outbox({}))[0]).toMatchObject({ kind: 'acknowledgement', status: 'sent' });
  });
  it('is not made for the second mail of a contact whose first one wanted none', async () => {
    const r = await rig();
    await r.send({ headers: { 'X-Auto-Response-Suppress': 'All' } });
    await r.send({ text: 'E a fatura?' });
    const [contact, ...others] = await r.contacts();
    expect(others).toEqual([]);
    expect(await r.interactions.messages(COMPANY, { interactionIds: [contact!.id] })).toHaveLength(2);
    expect(await r.out()).toEqual([]);
  });
  it('is not made for a mail that is read late, when an operator has answered a newer one', async () => {
    const r = await rig();
    // The newer one wanted no acknowledgement.
    await r.send({ headers: { 'X-Auto-Response-Suppress': 'All' } });
    const contact = await r.take();
    await r.answer('Já resolvemos.');
    const { insertMail } = r.email.store;
    r.email.store.insertMail = (mail) => insertMail({ ...mail, at: new Date(mail.at.getTime() - 60_000) });
    await r.send({ text: 'Chegou antes.' });
    const said = await r.interactions.messages(COMPANY, { interactionIds: [contact.id] });
    expect(said.map(({ text }) => text)).toEqual(['Chegou antes.', 'Caiu.', 'Já resolvemos.']);
    expect((await r.out()).map(({ kind }) => kind)).toEqual(['reply']);
  });
});

describe('send again', () => {
  it('what was refused goes when a person says so; what is out does not', async () => {
    const out = await outside([550]);
    const { r, contact, message } = await answered(out.url);
    expect(await stored(r, message.id)).toMatchObject({ status: 'failed', error: 'smtp.550' });
    const turn = async () => (await r.contacts())[0]!.state;
    expect(await turn()).toMatchObject({ name: 'active', waitingForCustomer: false });
    const queued = await r.email.sendAgain(contact, message.id);
    expect(await turn()).toMatchObject({ waitingForCustomer: true });
    expect(queued).toMatchObject({ status: 'queued', error: '' });
    await r.settle();
    expect(await stored(r, message.id)).toMatchObject({ status: 'sent' });
    expect(out.got).toHaveLength(1);
    await expect(r.email.sendAgain(contact, message.id)).rejects.toMatchObject({ code: 'message.notFailed' });
    await expect(r.email.sendAgain(contact, 'nope')).rejects.toMatchObject({ code: 'message.notFound' });
  });
  it('a mail that came back goes to whom it came back from, not to the copies again', async () => {
    const out = await outside();
    const { r, contact } = await answered(out.url);
    const message = await r.answer('Com cópia', ['chefe@emp.test']);
    const [mail] = await r.email.store.outbox({ messageRef: message.id });
    const bounce = r.raw('bounce').toString('latin1').replace('ORIGINAL', mail!.messageId);
    await r.send({ raw: bounce, envelope: { from: '', to: MAILBOX } });
    expect(await stored(r, message.id)).toMatchObject({ status: 'failed', error: 'mail.bounced' });
    await r.email.sendAgain(contact, message.id);
    await r.settle();
    expect(out.envelopes.at(-1)).toEqual(['maria@cliente.test']);
  });
  it('pressed while an attempt is under way leaves the mail with a next attempt', async () => {
    let open: () => void = () => undefined;
    let gate = Promise.resolve();
    let tries = 0;
    const before = (): Promise<void> => {
      tries += 1;
      return gate;
    };
    const out = await outside([451, 451], { before });
    const { r, contact, message } = await answered(out.url);
    gate = new Promise((resolve) => (open = resolve));
    const second = r.jobs.elapse();
    await expect.poll(() => tries).toBe(2);
    await r.email.sendAgain(contact, message.id);
    open();
    await second;
    await r.settle();
    expect(await stored(r, message.id)).toMatchObject({ status: 'queued', error: 'smtp.451' });
    expect(r.jobs.due()).toHaveLength(1);
    await r.jobs.elapse();
    expect(await stored(r, message.id)).toMatchObject({ status: 'sent' });
    expect(out.got).toHaveLength(1);
  });
  it('a mailbox that was missing and is there now', async () => {
    const out = await outside();
    const { r, contact } = await answered(out.url);
    const box = (await r.email.mailboxes.first(COMPANY))!;
    await r.email.mailboxes.update(COMPANY, box.id, { active: false });
    const message = await r.answer('Sem caixa');
    expect(await stored(r, message.id)).toMatchObject({ status: 'failed', error: 'mailbox.missing' });
    await r.email.mailboxes.update(COMPANY, box.id, { active: true });
    await r.email.sendAgain(contact, message.id);
    await r.settle();
    expect(await stored(r, message.id)).toMatchObject({ status: 'sent' });
  });
});

describe('what the other side reports', () => {
  it.each([
    ['read-receipt', 'mail.receipt', 'sent'],
    ['report-delayed', 'mail.delayed', 'sent'],
    ['out-of-office-null-sender', 'mail.automatic', 'sent'],
  ])('%s is a line of the timeline (%s) and fails nothing', async (name, kind, status) => {
    const out = await outside();
    const { r, contact, message } = await answered(out.url);
    const [mail] = await r.email.store.outbox({ messageRef: message.id });
    await r.sendRaw(name, '', mail!.messageId);
    expect(await r.contacts()).toHaveLength(1);
    expect(await stored(r, message.id)).toMatchObject({ status });
    const lines = await r.interactions.timeline(COMPANY, contact.id);
    expect(lines.filter((line) => line.kind === kind)).toHaveLength(1);
    expect(lines.map((line) => line.kind)).not.toContain('mail.bounced');
    expect((await r.contacts())[0]!.state).toMatchObject({ waitingForCustomer: true });
  });
  it('a delivery is told as one, a copy that came back does not fail the answer', async () => {
    const out = await outside();
    const { r, contact } = await answered(out.url);
    const message = await r.answer('Com cópia', ['chefe@emp.test']);
    const [mail] = await r.email.store.outbox({ messageRef: message.id });
    const report = r.raw('bounce').toString('latin1').replace('ORIGINAL', mail!.messageId);
    const post = (raw: string) => r.send({ raw, envelope: { from: '', to: MAILBOX } });
    await post(report.replace('maria@cliente.test', 'chefe@emp.test').replace('<dsn@', '<dsn2@'));
    expect(await stored(r, message.id)).toMatchObject({ status: 'sent' });
    const delivered = report.replace('Action: failed', 'Action: delivered').replace('5.1.1', '2.0.0');
    // That a copy arrived says nothing of the one who is answered.
    await post(delivered.replace('maria@cliente.test', 'chefe@emp.test').replace('<dsn@', '<dsn4@'));
    expect(await stored(r, message.id)).toMatchObject({ status: 'sent' });
    await post(delivered.replace('<dsn@', '<dsn3@'));
    expect(await stored(r, message.id)).toMatchObject({ status: 'delivered' });
    const kinds = (await r.interactions.timeline(COMPANY, contact.id)).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['mail.bounced', 'mail.delivered']));
  });
});
