import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { COMPANY, endAll, MAILBOX, MARIA, outside, rig } from './email-rig.ts';

afterEach(endAll);

type Rig = Awaited<ReturnType<typeof rig>>;
const SITE = { name: 'Site', address: 'site@loja.test' };
const messagesOf = (r: Rig, id: string) =>
  r.interactions.messages(COMPANY, { interactionIds: [id as never] });
const kindsOf = async (r: Rig, id: string) =>
  (await r.interactions.timeline(COMPANY, id as never))
    .filter((entry) => entry.data['interactionId'] === id)
    .map(({ kind }) => kind);

const withheld = async (r: Rig, id: string) =>
  (await r.interactions.timeline(COMPANY, id as never))
    .filter(({ kind }) => kind === 'acknowledgement.withheld')
    .map(({ data: { reason, limit } }) => ({ reason, ...(limit === undefined ? {} : { limit }) }));

describe('whom a mail is from', () => {
  it('two people who write through one web form are two contacts, and each gets the answer', async () => {
    const out = await outside();
    const r = await rig({ relayUrl: out.url });
    await r.sendRaw('webform-replyto', SITE.address);
    await r.send({
      from: SITE,
      replyTo: 'Cliente Dois <dois@mail.test>',
      subject: 'Contato pelo site',
      text: 'Nome: Dois',
    });
    const [second, first, ...more] = await r.contacts();
    expect(more).toEqual([]);
    expect(first!.contact).toEqual({ address: 'cliente.um@mail.test', name: 'Cliente Um' });
    expect(second!.contact).toEqual({ address: 'dois@mail.test', name: 'Cliente Dois' });
    expect((await messagesOf(r, first!.id))[0]).toMatchObject({
      via: SITE.address,
      from: 'cliente.um@mail.test',
    });
    await r.take();
    await r.answer('Vamos ver');
    const answer = out.got.at(-1);
    expect(answer).toMatch(/^To: "?Cliente Dois"? <dois@mail\.test>\r?$/m);
    const [stored] = await r.out('dois@mail.test');
    expect(stored!.text).toMatch(
      /^Vamos ver\n[\s\S]*, Cliente Dois <dois@mail\.test> escreveu:\n> Nome: Dois$/,
    );
    // The same person by the same form is still not the same matter: the subject is the form's.
    await r.send({
      from: SITE,
      replyTo: 'dois@mail.test',
      subject: 'Contato pelo site',
      text: 'Outra coisa',
    });
    expect(await r.contacts()).toHaveLength(3);
  });
  it.each([
    ['unreadable', 'fulano de tal', 'maria(at)x.test'],
    ['empty', '', ''],
    ['no-reply', 'noreply@loja.test', 'noreply@loja.test'],
  ])('two people whose form names nobody to answer (%s) are two contacts', async (_what, one, two) => {
    const r = await rig();
    for (const [at, replyTo] of [one, two].entries()) {
      const head = [
        `Message-ID: <form${at}@loja.test>`,
        `From: Site <${SITE.address}>`,
        `Reply-To: ${replyTo}`,
        `To: ${MAILBOX}`,
        'Subject: Contato pelo site',
      ];
      const raw = `${head.join('\r\n')}\r\n\r\nMeu sinal caiu (${at}).\r\n`;
      await r.send({ raw, envelope: { from: SITE.address, to: MAILBOX } });
    }
    const found = await r.contacts();
    expect(found).toHaveLength(2);
    for (const { id } of found) expect((await messagesOf(r, id))[0]?.notices).toEqual(['replyToUnclear']);
    // Neither of them reads what the form gets (RFC 3834 §4).
    expect(await r.out(SITE.address)).toEqual([]);
  });
  it.each([
    '"a b"@q.test',
    // Old providers gave them out, and the door takes them.
    'a..b.@docomo.test',
  ])('%s is a person, and is answered there', async (address) => {
    const r = await rig();
    const raw = `From: Ana <${address}>\r\nTo: ${MAILBOX}\r\nSubject: x\r\nMessage-ID: <q@q.test>\r\n\r\noi`;
    await r.send({ raw, envelope: { from: 'z@z.test', to: MAILBOX } });
    expect((await r.contacts())[0]!.contact).toEqual({ address, name: 'Ana' });
    expect(await r.out(address)).toHaveLength(1);
    const socket = connect(r.port, '127.0.0.1');
    const heard: string[] = [];
    socket.on('data', (data) => heard.push(data.toString()));
    for (const line of ['HELO x', `MAIL FROM:<${address}>`]) {
      await once(socket, 'data');
      socket.write(`${line}\r\n`);
    }
    await once(socket, 'data');
    socket.destroy();
    expect(heard.at(-1)).toMatch(/^250/);
  });
  it('a form of our own site writes as the mailbox, and the customer is in Reply-To', async () => {
    const r = await rig();
    await r.send({ from: MAILBOX, replyTo: MARIA });
    expect((await r.contacts())[0]).toMatchObject({ contact: { address: MARIA }, customer: { id: 'm1' } });
    expect((await r.out()).map(({ kind }) => kind)).toEqual(['acknowledgement']);
  });
});

describe('who else is in it', () => {
  it('copies are kept, an answer goes to all of them by default, and never to ourselves', async () => {
    const out = await outside();
    const r = await rig({ relayUrl: out.url });
    await r.email.mailboxes.create(COMPANY, { address: 'financeiro@exemplo.test', queue: 'financeiro' });
    await r.sendRaw('copy-original', 'rita@emp.test');
    const [contact] = await r.contacts();
    expect((await messagesOf(r, contact!.id))[0]).toMatchObject({
      to: [MAILBOX],
      cc: ['chefe@emp.test'],
      replyCc: ['chefe@emp.test'],
    });
    await r.sendRaw('copy-answers', 'chefe@emp.test');
    expect(await r.contacts()).toHaveLength(1);
    const last = (await messagesOf(r, contact!.id)).at(-1);
    expect(last).toMatchObject({ from: 'chefe@emp.test', replyCc: ['chefe@emp.test'] });
    await r.take();
    await r.answer('Segue', [
      'Chefe@emp.test',
      'financeiro+p1@exemplo.test',
      'rita@emp.test',
      'nova@emp.test',
    ]);
    expect(out.envelopes.at(-1)).toEqual(['rita@emp.test', 'chefe@emp.test', 'nova@emp.test']);
    expect(out.got.at(-1)).toMatch(/^Cc: chefe@emp\.test, nova@emp\.test\r?$/m);
    // Who got a copy takes part: their mail finds the thread by the number alone.
    await r.send({ from: 'nova@emp.test', subject: `Re: [#${contact!.protocol}]`, text: 'Aqui é a Nova' });
    expect(await r.contacts()).toHaveLength(1);
  });
  it.each([
    ['From: Maria <maria@cliente.test>, joao@cliente.test\r\nSender: joao@cliente.test', undefined, 1],
    ['From: maria@cliente.test\r\nFrom: joao@cliente.test', ['severalFrom'], 0],
  ])('a second author is answered too: %j', async (from, notices, acknowledged) => {
    const out = await outside();
    const r = await rig({ relayUrl: out.url });
    const raw = `${from}\r\nTo: ${MAILBOX}\r\nSubject: x\r\nMessage-ID: <two@x.test>\r\n\r\noi`;
    await r.send({ raw, envelope: { from: MARIA, to: MAILBOX } });
    const contact = await r.take();
    expect(contact.contact.address).toBe(MARIA);
    const [message] = await messagesOf(r, contact.id);
    expect(message).toMatchObject({ cc: ['joao@cliente.test'], replyCc: ['joao@cliente.test'] });
    expect(message!.notices).toEqual(notices);
    expect(await r.out()).toHaveLength(acknowledged);
    await r.answer('Segue', message!.replyCc);
    expect(out.envelopes.at(-1)).toEqual([MARIA, 'joao@cliente.test']);
  });
  it('who comes in by a number alone brings nobody into the answers', async () => {
    const r = await rig();
    await r.send({});
    const [contact] = await r.contacts();
    await r.send({ subject: `x [#${contact!.protocol}]`, cc: 'eve@stranger.test', text: 'forjado' });
    const last = (await messagesOf(r, contact!.id)).at(-1);
    expect(last).toMatchObject({ text: 'forjado', cc: ['eve@stranger.test'] });
    expect(last).not.toHaveProperty('replyCc');
  });
  it('who is in it and answers by the number alone is answered with the others, and brings nobody in', async () => {
    const r = await rig();
    await r.send({ cc: 'chefe@emp.test' });
    const contact = await r.take();
    await r.answer('Segue', ['chefe@emp.test', 'nova@emp.test']);
    const byNumber = {
      from: 'nova@emp.test',
      subject: `Re: [#${contact.protocol}]`,
      cc: 'eve@stranger.test',
    };
    await r.send({ ...byNumber, text: 'Aqui é a Nova' });
    expect((await messagesOf(r, contact.id)).at(-1)).toMatchObject({
      text: 'Aqui é a Nova',
      replyCc: ['nova@emp.test', 'chefe@emp.test'],
    });
    // What comes after the close is another contact, with her, and the same people are in it.
    await r.close();
    await r.send({ ...byNumber, text: 'Ainda não' });
    const [next] = await r.contacts();
    expect(next!.contact.address).toBe('nova@emp.test');
    expect((await messagesOf(r, next!.id))[0]!.replyCc).toEqual([MARIA, 'chefe@emp.test']);
  });
  it('a copy that the server refuses is told, and does not fail the answer; one that it defers goes alone later', async () => {
    const out = await outside([], { recipients: { 'x@emp.test': [550], 'y@emp.test': [451] } });
    const r = await rig({ relayUrl: out.url });
    await r.send({});
    const contact = await r.take();
    const sent = await r.answer('Oi', ['x@emp.test', 'y@emp.test']);
    expect(out.envelopes.at(-1)).toEqual([MARIA]);
    expect(await kindsOf(r, contact.id)).toContain('mail.copyRefused');
    expect((await r.interactions.messages(COMPANY, { id: sent.id }))[0]).toMatchObject({
      status: 'queued',
      error: 'smtp.451',
    });
    await r.jobs.elapse();
    expect(out.envelopes.at(-1)).toEqual(['y@emp.test']);
    expect((await r.interactions.messages(COMPANY, { id: sent.id }))[0]).toMatchObject({ status: 'sent' });
  });
});

describe('one sender’s many mails', () => {
  it('from the eleventh in an hour on they join one contact, and the operator is told once; tags and dots count as one', async () => {
    const r = await rig();
    for (let i = 1; i <= 14; i++)
      await r.send({ from: `a.na+${i}@gmail.com`, subject: `Assunto ${i}`, text: `texto ${i}` });
    const all = await r.contacts();
    expect(all).toHaveLength(10);
    const [tenth] = all;
    const said = (await messagesOf(r, tenth!.id)).filter(({ direction }) => direction === 'inbound');
    expect(said.map(({ text }) => text)).toEqual([
      'texto 10',
      'texto 11',
      'texto 12',
      'texto 13',
      'texto 14',
    ]);
    expect((await kindsOf(r, tenth!.id)).filter((kind) => kind === 'sender.flood')).toHaveLength(1);
    const acknowledged = await r.email.store.countOutbox({ companyId: COMPANY, kind: 'acknowledgement' });
    expect(acknowledged).toBe(5);
    await r.send({ subject: 'Outra pessoa' });
    expect(await r.contacts()).toHaveLength(11);
  });
});

describe('no automatic answer', () => {
  it.each([
    ['no-reply', 'no-reply@loja.test', 'noReply'],
    ['suppressed', 'maria.silva@cliente.test', 'noReply'],
    ['no-from', 'maria.silva@cliente.test', 'noReply'],
    ['forwarded-by-list', 'maria.silva@cliente.test', 'list'],
  ])('%s waits in the queue and is not acknowledged', async (name, from, origin) => {
    const r = await rig();
    await r.sendRaw(name, from);
    const [contact] = await r.contacts();
    expect(contact).toMatchObject({
      queue: 'suporte',
      state: { name: 'queued' },
      contact: { address: from },
    });
    expect(await r.out(from)).toEqual([]);
    expect(
      await r.email.store.ofSender(COMPANY, from, { since: new Date(0), not: '', limit: 2 }),
    ).toMatchObject([{ origin, client: '127.0.0.1' }]);
    expect(await withheld(r, contact!.id)).toEqual([{ reason: origin }]);
    await r.send({ from, subject: contact!.subject! });
    expect(await withheld(r, contact!.id)).toHaveLength(1);
  });
  it('is told of only where one would go out', async () => {
    const r = await rig();
    const box = { address: 'silencio@exemplo.test', queue: 'suporte', acknowledge: false };
    await r.email.mailboxes.create(COMPANY, box);
    await r.send({ to: box.address, subject: 'Resposta automática: x' });
    const [contact] = await r.contacts();
    expect(await withheld(r, contact!.id)).toEqual([]);
  });
  it('and without any From whoever answers is told to look first', async () => {
    const r = await rig();
    const noticesOf = async (head: string) => {
      const raw = `${head}To: ${MAILBOX}\r\nSubject: ${head.length}\r\n\r\noi`;
      await r.send({ raw, envelope: { from: 'z@relay.test', to: MAILBOX } });
      const [contact] = await r.contacts();
      const [message] = await r.interactions.messages(COMPANY, { interactionIds: [contact!.id] });
      return message?.notices ?? [];
    };
    for (const head of ['', 'From:\r\n', 'From: <>\r\n'])
      expect(await noticesOf(head), head).toContain('fromUnclear');
    expect(await noticesOf('From: a@b.test\r\nSender: c@d.test\r\n')).not.toContain('fromUnclear');
    expect(await noticesOf('Reply-To: um@mail.test\r\n')).not.toContain('fromUnclear');
  });
  it('is kept from who is named by Reply-To alone, without a From', async () => {
    const r = await rig();
    const raw = `Reply-To: um@mail.test\r\nTo: ${MAILBOX}\r\nSubject: x\r\nMessage-ID: <nf@mail.test>\r\n\r\noi`;
    await r.send({ raw, envelope: { from: 'z@relay.test', to: MAILBOX } });
    expect(await r.contacts()).toMatchObject([{ contact: { address: 'um@mail.test' } }]);
    expect(await r.out('um@mail.test')).toHaveLength(1);
  });
  it.each([{ 'Auto-Submitted': 'auto-generated' }, { Precedence: 'bulk' }])(
    'what a person wrote through a program (%j) waits in the queue as theirs; a newsletter does not',
    async (headers) => {
      const r = await rig();
      const form = {
        from: SITE,
        replyTo: 'Cliente Um <um@mail.test>',
        subject: 'Contato pelo site',
        headers,
      };
      await r.send(form);
      await r.send({
        ...form,
        replyTo: 'loja@loja.test',
        headers: { ...headers, 'List-Unsubscribe': '<mailto:sair@loja.test>' },
      });
      expect(await r.contacts()).toMatchObject([
        {
          state: { name: 'queued' },
          subject: 'Contato pelo site',
          contact: { address: 'um@mail.test', name: 'Cliente Um' },
        },
      ]);
      expect(await r.email.store.outbox({})).toEqual([]);
      expect(await r.email.store.setAside(COMPANY, 10)).toHaveLength(1);
    },
  );
  it('a domain that writes under ever new names meets a limit of its own', async () => {
    const r = await rig();
    for (let i = 1; i <= 32; i++) await r.send({ from: `robo${i}@bots.test`, subject: `x ${i}` });
    expect(await r.email.store.countOutbox({ companyId: COMPANY, toDomain: 'bots.test' })).toBe(30);
    const [last] = await r.contacts();
    expect(await withheld(r, last!.id)).toEqual([{ reason: 'rate', limit: 'domain' }]);
  });
});

describe('a number that is older than the mail', () => {
  it('is no stranger’s to learn more of, by a second mail after the close either', async () => {
    const r = await rig();
    await r.send({});
    const [mine] = await r.contacts();
    await r.backdate(mine!.protocol, new Date(Date.now() - 3 * 86_400_000));
    const eve = 'eve@stranger.test';
    await r.send({ from: eve, subject: `a [#${mine!.protocol}]`, text: '1' });
    await r.take();
    await r.answer('Não podemos informar.');
    await r.close();
    await r.send({ from: eve, subject: `b [#${mine!.protocol}]`, text: '2' });
    const acks = (await r.out(eve)).filter(({ kind }) => kind === 'acknowledgement');
    expect(acks).toHaveLength(2);
    for (const { text, subject } of acks) expect(`${subject} ${text}`).not.toContain(mine!.protocol);
    const joined = (await r.contacts()).filter(({ protocol }) => protocol === mine!.protocol);
    expect(joined.map(({ contact }) => contact.address)).toEqual([MARIA]);
  });
});
