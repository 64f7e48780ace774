import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { COMPANY, endAll, ends, rig } from './email-rig.ts';

afterEach(endAll);

const first = async (r: Awaited<ReturnType<typeof rig>>) => {
  const [contact] = await r.contacts();
  return (await r.interactions.messages(COMPANY, { interactionIds: [contact!.id] }))[0]!;
};

describe('the text of a message is the customer’s, and what we say of it is a notice', () => {
  it('two renderings that say different things are both on the message', async () => {
    const r = await rig();
    await r.send({ text: 'Quero cancelar', html: '<p>Quero a segunda via</p>' });
    expect(await first(r)).toMatchObject({
      text: 'Quero cancelar',
      otherText: 'Quero a segunda via',
      notices: ['renderingsDiffer'],
    });
  });
  it('no words, and more files than are kept', async () => {
    const r = await rig();
    const attachments = Array.from({ length: 22 }, (_, i) => ({ filename: `${i}.pdf`, content: 'x' }));
    await r.send({ text: '', attachments });
    const message = await first(r);
    expect(message).toMatchObject({ text: '', notices: ['noText', 'filesLeft'] });
    expect(message).not.toHaveProperty('otherText');
    expect(message.attachments).toHaveLength(20);
  });
  it('a name that is another address is none, and whoever answers is told', async () => {
    const r = await rig();
    await r.send({ from: { name: 'maria@outra.test', address: 'eva@cliente.test' } });
    const [contact] = await r.contacts();
    expect(contact!.contact).toEqual({ address: 'eva@cliente.test' });
    expect(await first(r)).toMatchObject({ author: { kind: 'customer' }, notices: ['misnamed'] });
    expect((await first(r)).author).not.toHaveProperty('name');
    expect(await r.out('eva@cliente.test')).toHaveLength(1);
  });
  it.each([
    [1, 'Uma foto', []],
    [2, 'Content-Type: text/html', ['notWhole']],
  ])('a mail that %d starts met unread, and now this one', async (before, text, notices) => {
    const dir = mkdtempSync(join(tmpdir(), 'ramal-mail-starts-'));
    ends.push(() => rmSync(dir, { recursive: true, force: true }));
    const ended = await rig({ dir });
    ended.email.store.mail = () => Promise.reject(new Error('killed'));
    await ended.send({ text: 'Uma foto', html: '<p>Uma foto</p>' });
    expect(await ended.contacts()).toEqual([]);
    const [mail] = await ended.email.store.unimported();
    await ended.email.store.updateMail(mail!.id, { starts: before });
    await ended.stop();
    const next = await rig({ dir });
    await next.settle();
    const message = await first(next);
    expect(message.text).toContain(text);
    expect(message.notices ?? []).toEqual(notices);
  });
});
