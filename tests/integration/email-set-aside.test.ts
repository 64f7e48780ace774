import { afterEach, describe, expect, it } from 'vitest';
import { COMPANY, endAll, rig } from './email-rig.ts';

afterEach(endAll);

const automatic = { headers: { 'Auto-Submitted': 'auto-replied' } };

describe('mails set aside', () => {
  it('are listed page by page, read with their content, and put into the queue once, without an acknowledgement', async () => {
    const r = await rig();
    for (let i = 1; i <= 3; i++)
      await r.send({ ...automatic, subject: `Aviso ${i}`, text: `Texto ${i}`, cc: 'chefe@emp.test' });
    expect(await r.contacts()).toEqual([]);
    const { setAside } = r.email;
    const first = await setAside.list(COMPANY, { limit: 2 });
    expect(first.items.map(({ subject }) => subject)).toEqual(['Aviso 3', 'Aviso 2']);
    const rest = await setAside.list(COMPANY, { limit: 2, cursor: first.nextCursor ?? '' });
    expect(rest).toMatchObject({
      nextCursor: null,
      items: [{ subject: 'Aviso 1', reason: 'autoReply', preview: 'Texto 1' }],
    });
    const { id } = rest.items[0]!;
    expect(await setAside.read(COMPANY, id)).toMatchObject({
      text: 'Texto 1',
      cc: [{ address: 'chefe@emp.test' }],
      whole: true,
    });
    const [one, two] = await Promise.allSettled([
      setAside.toQueue(COMPANY, id),
      setAside.toQueue(COMPANY, id),
    ]);
    const refused = [one, two].filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'mail.notSetAside' } }]);
    const [contact, ...more] = await r.contacts();
    expect(more).toEqual([]);
    expect([one, two].map((each) => (each.status === 'fulfilled' ? each.value : null))).toContain(
      contact!.id,
    );
    expect(contact).toMatchObject({ queue: 'suporte', state: { name: 'queued' }, subject: 'Aviso 1' });
    await r.settle();
    expect(await r.out()).toEqual([]);
    const lines = await r.interactions.timeline(COMPANY, contact!.id);
    expect(lines.find(({ kind }) => kind === 'acknowledgement.withheld')?.data).toMatchObject({
      reason: 'released',
    });
    expect((await setAside.list(COMPANY, { limit: 10 })).items).toHaveLength(2);
  });
  it('are those that do not say plainly who wrote: nobody is answered in their place', async () => {
    const r = await rig();
    const mail = (id: number, lines: string) =>
      `${lines}\r\nTo: suporte@exemplo.test\r\nSubject: x${id}\r\nMessage-ID: <u${id}@x.test>\r\n\r\noi`;
    const envelope = { from: 'devolucoes@loja.test', to: 'suporte@exemplo.test' };
    await r.send({ raw: mail(1, 'From: Ana <ana souza@cliente.test>'), envelope });
    await r.send({ raw: mail(2, 'From: ana souza@cliente.test\r\nReply-To: ana@cliente.test'), envelope });
    expect(await r.contacts()).toMatchObject([{ subject: 'x2', contact: { address: 'ana@cliente.test' } }]);
    const { items } = await r.email.setAside.list(COMPANY, { limit: 5 });
    expect(items).toMatchObject([{ subject: 'x1', reason: 'fromUnclear' }]);
    expect(await r.out('devolucoes@loja.test')).toEqual([]);
    await r.email.setAside.toQueue(COMPANY, items[0]!.id);
    const [contact] = await r.contacts();
    const [message] = await r.interactions.messages(COMPANY, { interactionIds: [contact!.id] });
    expect(message).toMatchObject({ subject: 'x1', notices: ['fromUnclear'] });
    // Asked when all that follows from the release is over.
    await r.settle();
    expect(await r.out('devolucoes@loja.test')).toEqual([]);
  });
  it('are the company’s own, and a mail that was a contact from the start is none of them', async () => {
    const r = await rig();
    await r.send({ ...automatic });
    await r.send({ subject: 'Gente' });
    const [aside] = (await r.email.setAside.list(COMPANY, { limit: 5 })).items;
    const [contact] = await r.contacts();
    const [{ id } = { id: '' }] = await r.email.store.ofProtocol(COMPANY, contact!.protocol);
    for (const act of ['read', 'original', 'toQueue'] as const) {
      await expect(r.email.setAside[act]('other', aside!.id)).rejects.toMatchObject({
        code: 'mail.notFound',
      });
      await expect(r.email.setAside[act](COMPANY, id)).rejects.toMatchObject({ code: 'mail.notFound' });
    }
    expect((await r.email.setAside.list('other', { limit: 5 })).items).toEqual([]);
  });
});
