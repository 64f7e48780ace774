import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer as createTcp, connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { COMPANY, MAILBOX, MARIA, ends, endAll, rig } from './email-rig.ts';

afterEach(endAll);

const SUPERVISOR = { companyId: COMPANY, userId: 's', role: 'supervisor', queues: [] } as const;

describe('a mail arrives', () => {
  it('becomes one contact in the queue of its mailbox, acknowledged once with the protocol and nothing personal', async () => {
    const r = await rig();
    await r.send({ from: { name: 'Maria Souza', address: MARIA }, text: 'Meu CPF é 529.982.247-25' });
    const [contact, ...more] = await r.contacts();
    expect(more).toEqual([]);
    expect(contact).toMatchObject({
      channel: 'email',
      queue: 'suporte',
      identity: 'unconfirmed',
      customer: { id: 'm1' },
      subject: 'Sem sinal',
      to: MAILBOX,
      state: { name: 'queued' },
    });
    const [ack, ...others] = await r.out();
    expect(others).toEqual([]);
    expect(ack).toMatchObject({
      kind: 'acknowledgement',
      automatic: true,
      status: 'stored',
      from: { address: MAILBOX },
    });
    expect(ack!.text).toContain(contact!.protocol);
    expect(`${ack!.subject} ${ack!.text}`).not.toMatch(/Maria|529|Sem sinal|http/);
    const raw = readdirSync(join(r.dir, 'mail', 'raw'), { recursive: true }).filter((f) =>
      String(f).endsWith('.eml'),
    );
    expect(raw).toHaveLength(1);
  });
  it('a second delivery of the same mail is accepted and not imported twice', async () => {
    const r = await rig();
    for (let i = 0; i < 3; i++) await r.send({ messageId: '<once@cliente.test>' });
    expect(await r.contacts()).toHaveLength(1);
    const [contact] = await r.contacts();
    expect(
      (await r.interactions.messages(COMPANY, { interactionIds: [contact!.id] })).filter(
        (m) => m.direction === 'inbound',
      ),
    ).toHaveLength(1);
    expect(await r.out()).toHaveLength(1);
  });
  it('is the same mail by its id and what it says, not by what was added on the way', async () => {
    const r = await rig();
    const mail = (received: string, subject: string, body: string) =>
      `Received: from ${received}\r\nFrom: Form <form@loja.test>\r\nTo: ${MAILBOX}\r\n` +
      `Subject: ${subject}\r\nMessage-ID: <fixo@loja.test>\r\n\r\n${body}\r\n`;
    const send = (raw: string) => r.send({ raw, envelope: { from: 'form@loja.test', to: MAILBOX } });
    await send(mail('a', 'Pedido 1', 'cliente 1'));
    await send(mail('b', 'Pedido 1', 'cliente 1'));
    await send(mail('a', 'Pedido 2', 'cliente 2'));
    await send(mail('a', 'Pedido 2', 'cliente 3'));
    const contacts = await r.contacts();
    expect(contacts.map(({ subject }) => subject)).toEqual(['Pedido 2', 'Pedido 1']);
    const said = await r.interactions.messages(COMPANY, { interactionIds: contacts.map(({ id }) => id) });
    expect(
      said
        .filter(({ direction }) => direction === 'inbound')
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['cliente 1', 'cliente 2', 'cliente 3']);
  });
  it('tells how it could not be read plainly', async () => {
    const r = await rig();
    const raw = `From: ${MARIA}\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--b\r\n\r\noi\r\n`;
    await r.send({ raw, envelope: { from: MARIA, to: MAILBOX } });
    const [contact] = await r.contacts();
    const [message] = await r.interactions.messages(COMPANY, { interactionIds: [contact!.id] });
    expect(message).toMatchObject({
      notices: ['unexplained'],
      text: expect.stringContaining('oi') as string,
    });
  });
  it.each([
    ['garbage-charset', /\S/],
    ['broken-mime', /\S/],
    ['html-only', /\S/],
    // It holds files and no word of its own.
    ['winmail', /^$/],
  ])('%s is not lost', async (name, text) => {
    const r = await rig();
    const raw = r.raw(name);
    await r.send({ raw, envelope: { from: 'x@cliente.test', to: MAILBOX } });
    const [contact] = await r.contacts();
    const [message] = await r.interactions.messages(COMPANY, { interactionIds: [contact!.id] });
    expect(message!.text).toMatch(text);
    expect(message!.text).not.toMatch(/<script|<img/);
    expect(message!.text !== '' || message!.attachments.length > 0).toBe(true);
  });
  it('keeps attachments under safe names, and drops what is beyond the limit from the list only', async () => {
    const r = await rig();
    const attachments = Array.from({ length: 25 }, (_, i) => ({
      filename: `../f${i}.html`,
      content: `<b>${i}</b>`,
    }));
    await r.send({ attachments });
    const [contact] = await r.contacts();
    const [message] = await r.interactions.messages(COMPANY, { interactionIds: [contact!.id] });
    expect(message!.attachments).toHaveLength(20);
    expect(message!.attachments.every((a) => !a.filename.includes('/'))).toBe(true);
    expect(message).toMatchObject({
      text: 'Caiu.',
      notices: expect.arrayContaining(['filesLeft']) as string[],
    });
    const file = await r.email.attachments.open(SUPERVISOR, message!.attachments[0]!.id);
    expect(readFileSync(r.email.path(file.file), 'utf8')).toBe('<b>0</b>');
    await expect(
      r.email.attachments.open({ ...SUPERVISOR, companyId: 'other' }, file.id),
    ).rejects.toMatchObject({ code: 'attachment.notFound' });
  });
});

describe('the door', () => {
  it('refuses what is not a mailbox of ours: nobody relays through us', async () => {
    const r = await rig();
    await expect(r.send({ to: 'someone@elsewhere.test' })).rejects.toMatchObject({ responseCode: 550 });
    await expect(r.send({ to: 'nobody@exemplo.test' })).rejects.toMatchObject({ responseCode: 550 });
  });
  it('refuses more than 25 MB with 552, announced or not, and takes the next mail', async () => {
    const r = await rig();
    await expect(
      r.send({
        raw: `Subject: x\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(27_000)}`,
        envelope: { from: MARIA, to: MAILBOX },
      }),
    ).rejects.toMatchObject({
      responseCode: 552,
    });
    const socket = connect(r.port, '127.0.0.1');
    const answers: string[] = [];
    socket.on('data', (data) => answers.push(data.toString()));
    const say = async (text: string) => {
      const heard = once(socket, 'data');
      socket.write(text);
      await heard;
    };
    await once(socket, 'data');
    await say('HELO x\r\n');
    await say(`MAIL FROM:<${MARIA}>\r\n`);
    await say(`RCPT TO:<${MAILBOX}>\r\n`);
    await say('DATA\r\n');
    const heard = once(socket, 'data');
    const block = `${'y'.repeat(1022)}\r\n`.repeat(1024);
    for (let i = 0; i < 26; i++) if (!socket.write(block)) await once(socket, 'drain');
    socket.write('\r\n.\r\n');
    await heard;
    expect(answers.at(-1)).toMatch(/^552/);
    socket.destroy();
    expect(await r.contacts()).toEqual([]);
    await r.send({});
    expect(await r.contacts()).toHaveLength(1);
    expect(readdirSync(join(r.dir, 'mail', 'incoming'))).toEqual([]);
  }, 60_000);
  it('says which port is taken', async () => {
    const other = createTcp().listen(0, '127.0.0.1');
    await once(other, 'listening');
    ends.push(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(rig({ port })).rejects.toMatchObject({
      code: 'smtp.portInUse',
      message: expect.stringContaining(String(port)) as string,
    });
  });
  it('tells the probe of a mail that was too much to read, and takes the next one', async () => {
    const r = await rig({ parser: { deadlineMs: 20 } });
    const head = `From: ${MARIA}\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\n`;
    await r.send({ raw: head + '\r\n'.repeat(8_000_000), envelope: { from: MARIA, to: MAILBOX } });
    expect(await r.email.health()).toMatchObject({
      ok: true,
      detail: expect.stringContaining('1 not read in full since the start') as string,
    });
  }, 60_000);
  it('port 0 turns inbound mail off', async () => {
    const r = await rig({ port: 0 });
    expect(await r.email.health()).toMatchObject({
      ok: true,
      detail: expect.stringContaining('off') as string,
    });
  });
});
