import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/ports.ts';
import { COMPANY, endAll, outside, rig } from './email-rig.ts';

afterEach(endAll);

type Rig = Awaited<ReturnType<typeof rig>>;
const standing = async (r: Rig, within?: readonly string[]) =>
  (await r.interactions.undelivered(COMPANY, { limit: 50, within })).items.map(({ message }) => message.id);

/** A reply that waits for its relay while its contact is closed. */
async function waiting(relayUrl: string) {
  const r = await rig({ relayUrl });
  await r.email.mailboxes.update(COMPANY, (await r.email.mailboxes.first(COMPANY))!.id, {
    acknowledge: false,
  });
  await r.send({});
  const contact = await r.take();
  const message = await r.answer('Vamos verificar.');
  await r.close();
  return { r, contact, message };
}

/** A reply in a contact that its operator has in hand, as the relay answers `codes` to it. */
async function inHand(codes: readonly number[]) {
  const out = await outside([...codes]);
  const r = await rig({ relayUrl: out.url });
  await r.send({ headers: { 'X-Auto-Response-Suppress': 'All' } });
  const contact = await r.take();
  return { r, contact, message: await r.answer('Vamos verificar.') };
}

describe('a reply that is refused for good when its contact is closed', () => {
  it('stands over a restart for its queue and its operator, until somebody puts it aside', async () => {
    const out = await outside([451, 550]);
    const { r, message } = await waiting(out.url);
    expect(await standing(r)).toEqual([]);
    await r.jobs.elapse();
    expect(await standing(r)).toEqual([message.id]);
    await r.stop();

    const again = await rig({ dir: r.dir, relayUrl: out.url });
    await again.settle();
    expect(await standing(again)).toEqual([message.id]);
    expect(await standing(again, ['queue:suporte'])).toEqual([message.id]);
    expect(await standing(again, ['queue:financeiro', 'agent:ana'])).toEqual([message.id]);
    expect(await standing(again, ['queue:financeiro', 'agent:bia'])).toEqual([]);
    const told: (boolean | undefined)[] = [];
    again.interactions.onMessage(({ undelivered }) => told.push(undelivered));
    expect(await again.interactions.acknowledge(COMPANY, message.id)).toMatchObject({ status: 'failed' });
    expect(told).toEqual([false]);
    expect(await again.interactions.acknowledge(COMPANY, message.id)).toBeNull();
    expect(await standing(again)).toEqual([]);
  });

  it('is dealt with when it is sent again, and stands anew when that fails', async () => {
    const out = await outside([451, 550, 550]);
    const { r, contact, message } = await waiting(out.url);
    await r.jobs.elapse();
    await r.email.sendAgain(contact, message.id);
    await r.settle();
    expect(await standing(r)).toEqual([message.id]);
    await r.email.sendAgain(contact, message.id);
    await r.settle();
    expect(await standing(r)).toEqual([]);
    expect(out.got).toHaveLength(1);
  });

  it('still stands when the relay, which was away, is back and takes the others', async () => {
    const port = await freePort();
    const { r, message } = await waiting(`smtp://127.0.0.1:${port}`);
    const out = await outside([], { port, recipients: { 'maria@cliente.test': [550] } });
    await r.jobs.elapse();
    expect(await standing(r)).toEqual([message.id]);
    await r.send({ from: 'joao@cliente.test', subject: 'Outra coisa' });
    await r.take();
    await r.answer('Resolvido.');
    expect(out.got).toHaveLength(1);
    expect(await standing(r)).toEqual([message.id]);
  });

  it('is listed with the others, newest first, each once, and by no page that is empty', async () => {
    const out = await outside([451, 451, 451, 550, 550, 550]);
    const r = await rig({ relayUrl: out.url });
    await r.send({ headers: { 'X-Auto-Response-Suppress': 'All' } });
    await r.take();
    const written: string[] = [];
    for (const text of ['um', 'dois', 'tres']) written.unshift((await r.answer(text)).id);
    await r.close();
    await r.jobs.elapse();
    for (const limit of [1, 2, 3, 4]) {
      const pages: string[][] = [];
      let cursor: string | undefined;
      do {
        const { items, nextCursor } = await r.interactions.undelivered(COMPANY, { limit, cursor });
        pages.push(items.map(({ message }) => message.id));
        cursor = nextCursor ?? undefined;
      } while (cursor !== undefined && pages.length < 9);
      expect(pages.flat()).toEqual(written);
      expect(pages).toHaveLength(Math.ceil(written.length / limit));
    }
  });

  it('is none of those that an operator has in hand: there its own conversation shows it', async () => {
    const { r } = await inHand([550]);
    expect(await standing(r)).toEqual([]);
  });

  it('that was refused before the close stands from the close on, once: who knows of it is not told again', async () => {
    const { r, contact, message } = await inHand([550]);
    await r.answer('E mais isto.');
    expect(await standing(r)).toEqual([]);
    const close = async (disposition: string | null) => {
      const by = { kind: 'system' } as const;
      const closed = await r.interactions.apply(COMPANY, contact.id, { type: 'closed', disposition, by });
      expect(closed.ok).toBe(true);
      await r.settle();
    };
    await close(null);
    expect(await standing(r, ['queue:suporte'])).toEqual([message.id]);
    await r.interactions.acknowledge(COMPANY, message.id);
    // Its reason comes late.
    await close('suporte.lentidao');
    expect(await standing(r)).toEqual([]);
  });

  it('stands however much was written before it, and beside it no automatic text that failed', async () => {
    const { r, contact, message } = await inHand([550]);
    const before = (n: number) => ({
      ...{ ...message, id: `0${n}`, idempotencyKey: `before ${n}`, status: 'sent' as const },
      at: new Date(message.at.getTime() - 1000 - n),
    });
    for (let n = 0; n < 200; n++) await r.interactionStore.insertMessage(before(n));
    const automatic = {
      id: 'auto',
      idempotencyKey: 'auto',
      author: { kind: 'automatic' },
      status: 'queued',
    } as const;
    await r.interactionStore.insertMessage({ ...message, ...automatic });
    await r.close();
    await r.interactions.updateMessageStatus(COMPANY, 'auto', { status: 'failed', error: 'smtp.550' });
    expect((await r.interactions.get(COMPANY, contact.id))?.state.name).toBe('closed');
    expect(await standing(r)).toEqual([message.id]);
  });

  it('stands also when its contact is closed while the refusal is written', async () => {
    const { r, contact, message } = await inHand([451]);
    const load = r.interactionStore.load.bind(r.interactionStore);
    let looked = false;
    r.interactionStore.load = async (...asked) => {
      const found = await load(...asked);
      // The look came first, then the close, then the write.
      if (!looked && asked[1] === contact.id) {
        looked = true;
        await r.close();
        await r.interactions.idle();
      }
      return found;
    };
    const told: (boolean | undefined)[] = [];
    r.interactions.onMessage(({ undelivered }) => told.push(undelivered));
    await r.interactions.updateMessageStatus(COMPANY, message.id, { status: 'failed', error: 'smtp.550' });
    expect([looked, told]).toEqual([true, [true]]);
    expect(await standing(r)).toEqual([message.id]);
  });
});
