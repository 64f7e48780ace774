import { afterEach, describe, expect, it } from 'vitest';
import type { CustomerId } from '../../src/shared/ids.ts';
import { COMPANY, MAILBOX, MARIA, endAll, rig } from './email-rig.ts';

afterEach(endAll);

const JOAO = 'joao@cliente.test';
const maria = { id: 'm1' as CustomerId, name: 'Maria Souza' };
const joao = { id: 'j1' as CustomerId, name: 'João Lima' };
const emailOf = (id: string) => ({ m1: MARIA, j1: JOAO })[id];

type Rig = Awaited<ReturnType<typeof rig>>;
let calls = 0;

async function call(
  r: Rig,
  more: Partial<Parameters<Rig['interactions']['open']>[0]> = {},
): Promise<Awaited<ReturnType<Rig['interactions']['open']>>['interaction']> {
  calls += 1;
  const { interaction } = await r.interactions.open({
    companyId: COMPANY,
    channel: 'voice',
    direction: 'inbound',
    contact: { address: '+5511987654321' },
    idempotencyKey: `call-${String(calls)}`,
    identity: 'unconfirmed',
    customer: maria,
    ...more,
  });
  await r.settle();
  return interaction;
}
const notices = async (r: Rig, to = MARIA) => (await r.out(to)).filter((mail) => mail.kind === 'notice');
const kinds = async (r: Rig, id: Parameters<Rig['interactions']['timeline']>[1]) =>
  (await r.interactions.timeline(COMPANY, id)).map((entry) => entry.kind);

async function talk(r: Rig, id: Parameters<Rig['interactions']['apply']>[1]): Promise<void> {
  await r.interactions.apply(COMPANY, id, { type: 'enqueued', queue: 'suporte' });
  await r.take();
  await r.interactions.apply(COMPANY, id, { type: 'connected' });
}
async function end(r: Rig, id: Parameters<Rig['interactions']['apply']>[1]): Promise<void> {
  await r.interactions.apply(COMPANY, id, { type: 'customerLeft', by: 'customer' });
  await r.close();
}

describe('the protocol by mail', () => {
  it('goes to a caller whose address is known at the opening, once, and the journal tells', async () => {
    const r = await rig({ emailOf });
    const contact = await call(r);
    const [notice, ...more] = await r.out();
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ kind: 'notice', automatic: true, inReplyTo: null });
    expect(notice!.text).toContain(contact.protocol);
    expect(notice!.text).toMatch(/registrado em \d\d\/\d\d\/\d{4} às \d\d:\d\d/);
    expect(`${notice!.subject} ${notice!.text}`).not.toMatch(/http|www|Maria|98765/);
    await talk(r, contact.id);
    await end(r, contact.id);
    expect(await notices(r)).toHaveLength(1);
    expect((await kinds(r, contact.id)).filter((kind) => kind === 'notice.sent')).toHaveLength(1);
  });

  it('goes once when its effect runs again after a failure beside it', async () => {
    const r = await rig({ emailOf });
    let runs = 0;
    const again = new Promise<void>((done) =>
      r.interactions.onEffect('protocol.opened', () => {
        runs += 1;
        if (runs === 1) return Promise.reject(new Error('the store was away'));
        done();
        return Promise.resolve();
      }),
    );
    await call(r);
    await again;
    await r.settle();
    expect(runs).toBe(2);
    expect(await notices(r)).toHaveLength(1);
  });

  it('says nothing to nobody: unknown callers, customers without address, our own mailbox as an address', async () => {
    const r = await rig({ emailOf: (id) => (id === 'm1' ? MAILBOX : undefined) });
    await call(r, { customer: null, identity: 'unknown' });
    await call(r, { customer: maria });
    await call(r, { customer: joao });
    expect(await r.email.store.outbox({})).toEqual([]);
  });

  it('goes as soon as the machine finds out who calls', async () => {
    const r = await rig({ emailOf });
    const contact = await call(r, { customer: null, identity: 'unknown' });
    await r.interactions.identify(COMPANY, contact.id, { customer: maria, identity: 'confirmed' });
    await r.settle();
    expect(await notices(r)).toHaveLength(1);
  });

  it('waits for the close when an operator chose: a wrong choice that was corrected told nobody', async () => {
    const r = await rig({ emailOf });
    const contact = await call(r, { customer: null, identity: 'unknown' });
    await talk(r, contact.id);
    await r.interactions.identify(COMPANY, contact.id, { customer: maria, identity: 'unconfirmed' });
    await r.interactions.identify(COMPANY, contact.id, { customer: joao, identity: 'confirmed' });
    await r.settle();
    expect(await r.email.store.outbox({})).toEqual([]);
    await end(r, contact.id);
    expect(await notices(r)).toEqual([]);
    expect(await notices(r, JOAO)).toHaveLength(1);
  });

  it('is not repeated to who has the number in writing already', async () => {
    const r = await rig({ emailOf });
    await r.send({});
    const [mail] = await r.contacts();
    const contact = await call(r, { protocolHint: mail!.protocol });
    expect(contact.protocol).toBe(mail!.protocol);
    expect(await notices(r)).toEqual([]);
  });

  it('does not fill the mailbox of somebody whose number is used to call again and again', async () => {
    const r = await rig({ emailOf });
    // Without a confirmed customer nothing is joined: each call has a number of its own.
    for (let i = 0; i < 8; i++) {
      const contact = await call(r, { customer: null, identity: 'unknown' });
      await r.interactions.identify(COMPANY, contact.id, { customer: maria, identity: 'unconfirmed' });
      await r.settle();
    }
    expect(await notices(r)).toHaveLength(5);
    const [last] = await r.contacts();
    expect(await kinds(r, last!.id)).toContain('notice.withheld');
  });

  it('is never an answer to a mail: the acknowledgement has the number', async () => {
    const r = await rig({ emailOf });
    await r.send({});
    await r.send({ headers: { 'Auto-Submitted': 'auto-replied' }, subject: 'Férias' });
    expect((await r.out()).map((mail) => mail.kind)).toEqual(['acknowledgement']);
  });

  it('to a called customer goes after the conversation only', async () => {
    const r = await rig({ emailOf });
    await call(r, { direction: 'outbound' });
    expect(await notices(r)).toEqual([]);
  });
});
