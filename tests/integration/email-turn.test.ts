import { afterEach, describe, expect, it } from 'vitest';
import { COMPANY, endAll, outside, rig } from './email-rig.ts';

afterEach(endAll);

/** Whose turn it is in the contact, after what our side did with its mails. */
async function conversation(codes: readonly number[], acknowledge: boolean) {
  const out = await outside([...codes]);
  const r = await rig({ relayUrl: out.url });
  const [box] = await r.email.mailboxes.list(COMPANY);
  await r.email.mailboxes.update(COMPANY, box!.id, { acknowledge });
  await r.send({});
  const contact = await r.take();
  const turn = async () => {
    const [{ state } = { state: null }] = await r.contacts();
    return state?.name === 'active' ? (state.waitingForCustomer ? 'customer' : 'ours') : 'nobody';
  };
  const again = async (id: string) => {
    await r.email.sendAgain(contact, id);
    const after = await turn();
    await r.settle();
    return after;
  };
  return { r, contact, turn, again };
}

describe('whose turn it is', () => {
  it('an acknowledgement that a person sends again leaves the turn with us', async () => {
    const { r, contact, turn, again } = await conversation([550], true);
    const [ack] = await r.interactions.messages(COMPANY, {
      interactionIds: [contact.id],
      direction: 'outbound',
    });
    expect(ack).toMatchObject({ status: 'failed', author: { kind: 'automatic' } });
    expect(await again(ack!.id)).toBe('ours');
    expect(await turn()).toBe('ours');
  });
  it('an acknowledgement that fails behind our answer leaves the turn with the customer', async () => {
    const { r, turn } = await conversation([451], true);
    await r.answer('Já resolvemos.');
    await r.jobs.elapse();
    expect((await r.email.store.outbox({ kind: 'acknowledgement' }))[0]).toMatchObject({ status: 'moot' });
    expect(await turn()).toBe('customer');
  });
  it('of two answers that failed the first, sent again, gives it: the customer wrote nothing after it', async () => {
    const { r, turn, again } = await conversation([550, 550], false);
    const first = await r.answer('Vamos verificar.');
    await r.answer('E mais isto.');
    expect(await turn()).toBe('ours');
    expect(await again(first.id)).toBe('customer');
  });
  it('an answer to which the customer wrote more, sent again, does not give it', async () => {
    const { r, again } = await conversation([550], false);
    const answer = await r.answer('Vamos verificar.');
    await r.send({ text: 'E a fatura?' });
    expect(await again(answer.id)).toBe('ours');
  });
  it('what came and went stands in the story once, as itself, and so does an answer that failed', async () => {
    const { r, contact } = await conversation([550], false);
    await r.answer('Vamos verificar.');
    const kinds = (await r.interactions.timeline(COMPANY, contact.id)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'message')).toHaveLength(2);
    for (const twice of ['replied', 'customerReplied', 'replyFailed', 'messageQueued'])
      expect(kinds).not.toContain(twice);
  });
});
