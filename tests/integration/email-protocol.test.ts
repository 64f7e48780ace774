import { afterEach, describe, expect, it } from 'vitest';
import type { CustomerId } from '../../src/shared/ids.ts';
import { COMPANY, endAll, MARIA, rig } from './email-rig.ts';

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

  it('from somebody else joins it with a warning for the operator, and its answer tells nothing of it', async () => {
    const r = await rig();
    await r.send({ from: { name: 'Maria Souza', address: MARIA } });
    const [mine] = await r.contacts();
    await r.send({ from: EVE, subject: `[#${mine!.protocol}]`, text: 'Cancele tudo' });
    const eve = (await r.contacts()).find((contact) => contact.contact.address === EVE);
    expect(eve).toMatchObject({ protocol: mine!.protocol, customer: null, identity: 'unknown' });
    expect(await kinds(r, eve!.id)).toContain('sender.mismatch');
    expect(await kinds(r, mine!.id)).not.toContain('sender.mismatch');
    // The story of the protocol is not told under the stranger's name, until somebody who asked says that it is theirs.
    const story = async () => JSON.stringify(await r.interactions.timeline(COMPANY, eve!.id));
    expect(await story()).not.toMatch(/Maria|Caiu/);
    await r.interactions.identify(COMPANY, eve!.id, {
      customer: { id: 'm1' as CustomerId, name: 'Maria' },
      identity: 'confirmed',
    });
    expect(await story()).toContain('Caiu');
    expect((await r.protocols.get(COMPANY, mine!.protocol))?.customer?.id).toBe('m1');
    const [ack, ...more] = await r.out(EVE);
    expect(more).toEqual([]);
    expect(ack!.text).toContain(mine!.protocol);
    expect(ack!.text).not.toMatch(/aberto|\d{2}\/\d{2}\/\d{4}|Maria|Sem sinal/);
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

it('a mailbox whose queue is gone leaves its mails where somebody works', async () => {
  const r = await rig({
    queueFor: (_contact, wanted) => Promise.resolve(wanted === 'suporte' ? 'geral' : wanted),
  });
  await r.send({});
  expect((await r.contacts())[0]).toMatchObject({ queue: 'geral', state: { name: 'queued' } });
});
