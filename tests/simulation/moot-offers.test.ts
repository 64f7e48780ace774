import { beforeEach, describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/interactions/index.ts';
import { newDisk, type Disk } from './memory-disk.ts';
import { ANA, arrive, boot, COMPANY, type Rig } from './scripted.ts';

/** An offer that its operator cannot, or may not, answer any more. */
describe('an offer that rings', () => {
  let rig: Rig;
  let caller: Interaction;
  const profile = { id: ANA, companyId: COMPANY, name: 'Ana', queues: ['suporte'] };
  const state = async () => {
    await rig.core.idle();
    return (await rig.core.interactions.get(COMPANY, caller.id))?.state;
  };

  beforeEach(async () => {
    rig = await boot(newDisk());
    await rig.core.agents.ensure({ ...profile, skills: { fibra: 3 } });
    await rig.core.agents.setSoftphone(ANA, true);
    await rig.core.agents.setPresence(COMPANY, ANA, 'available');
    caller = await arrive(rig.core, '1');
    expect(await state()).toMatchObject({ name: 'offered', claim: { agentId: ANA } });
  });

  it.each([
    ['its softphone unregisters', () => rig.core.agents.setSoftphone(ANA, false)],
    ['it is taken out of the queue', () => rig.core.agents.ensure({ ...profile, queues: ['financeiro'] })],
    ['it is deactivated', () => rig.core.agents.ensure({ ...profile, active: false })],
    ['it goes on a break', () => rig.core.agents.setPresence(COMPANY, ANA, 'paused', 'break')],
  ] as const)('is revoked when %s: the place is kept, nobody is paused for it', async (_what, happens) => {
    await happens();
    expect(await state()).toMatchObject({ name: 'queued', waiting: { queue: 'suporte' } });
    const { presence, work } = rig.core.agents.get(COMPANY, ANA) ?? {};
    expect(work).toEqual([]);
    expect(presence?.reason).not.toBe('noAnswer');
    const now = await rig.core.interactions.get(COMPANY, caller.id);
    expect(now?.segments).toHaveLength(1);
  });

  it('is revoked when its operator accepts a call meanwhile: whoever is free gets it, nobody is paused', async () => {
    const mail = await rig.core.interactions.open({
      ...{ companyId: COMPANY, channel: 'email', direction: 'inbound', idempotencyKey: 'm' },
      ...{ contact: { address: 'maria@cliente.test' }, identity: 'unknown' },
    });
    const mailId = mail.interaction.id;
    await rig.core.interactions.apply(COMPANY, caller.id, { type: 'customerLeft', by: 'customer' });
    await rig.core.interactions.apply(COMPANY, mailId, { type: 'enqueued', queue: 'suporte' });
    const mailState = async () => {
      await rig.core.idle();
      return (await rig.core.interactions.get(COMPANY, mailId))?.state;
    };
    expect(await mailState()).toMatchObject({ name: 'offered', claim: { agentId: ANA } });
    caller = await arrive(rig.core, '2');
    expect(await state()).toMatchObject({ name: 'offered', claim: { agentId: ANA } });
    await rig.core.router.accept(COMPANY, caller.id, ANA);
    expect(await mailState()).toMatchObject({ name: 'queued' });
    expect(await state()).toMatchObject({ name: 'active', claim: { agentId: ANA } });
    rig.clock.advance(60_000);
    expect(await mailState()).toMatchObject({ name: 'queued' });
    expect(rig.core.agents.get(COMPANY, ANA)?.presence).toMatchObject({ state: 'available' });
  });

  it('is accepted neither by who has just gone away nor by who never had it', async () => {
    const bia = 'bia' as typeof ANA;
    await rig.core.agents.ensure({ ...profile, id: bia });
    const accepted = (id: typeof ANA) => rig.core.router.accept(COMPANY, caller.id, id);
    await expect(accepted(bia)).rejects.toMatchObject({ code: 'offer.taken' });
    await rig.core.agents.setPresence(COMPANY, ANA, 'offline');
    await expect(accepted(ANA)).rejects.toMatchObject({ code: 'offer.expired' });
    expect(await state()).toMatchObject({ name: 'queued' });
    const now = await rig.core.interactions.get(COMPANY, caller.id);
    expect(now?.timestamps.acceptedAt).toBeNull();
  });

  it('comes back when the softphone does', async () => {
    await rig.core.agents.setSoftphone(ANA, false);
    expect(await state()).toMatchObject({ name: 'queued' });
    await rig.core.agents.setSoftphone(ANA, true);
    expect(await state()).toMatchObject({ name: 'offered' });
  });

  it('stays when the operator loses a queue or a skill that it does not need', async () => {
    await rig.core.agents.ensure({ ...profile, queues: ['suporte', 'financeiro'], skills: {} });
    await rig.core.agents.ensure({ ...profile, skills: {} });
    expect(await state()).toMatchObject({ name: 'offered' });
  });

  it('is revoked when the skill that it asks for is taken away', async () => {
    await rig.core.interactions.apply(COMPANY, caller.id, { type: 'customerLeft', by: 'customer' });
    const skilled = await rig.core.interactions.open({
      ...{ companyId: COMPANY, channel: 'voice', direction: 'inbound', idempotencyKey: '2' },
      ...{ contact: { address: '+5511987654322' }, identity: 'unknown' },
    });
    caller = skilled.interaction;
    const skills = ['fibra'];
    await rig.core.interactions.apply(COMPANY, caller.id, { type: 'enqueued', queue: 'suporte', skills });
    expect(await state()).toMatchObject({ name: 'offered' });
    await rig.core.agents.ensure({ ...profile, skills: {} });
    expect(await state()).toMatchObject({ name: 'queued' });
  });
});

describe('an offer that nobody could see or hear', () => {
  const arrives = async (rig: Rig, channel: 'voice' | 'email'): Promise<Interaction> => {
    const { interaction } = await rig.core.interactions.open({
      ...{ companyId: COMPANY, channel, direction: 'inbound', idempotencyKey: channel },
      ...{ contact: { address: 'maria@cliente.test' }, identity: 'unknown' },
    });
    await rig.core.interactions.apply(COMPANY, interaction.id, { type: 'enqueued', queue: 'suporte' });
    await rig.core.idle();
    return interaction;
  };
  /** Ana at her desk, whose own phone answers by itself. */
  const atDesk = async (): Promise<Rig & { readonly disk: Disk }> => {
    const disk = newDisk();
    const rig = { ...(await boot(disk)), disk };
    await rig.core.agents.ensure({ id: ANA, companyId: COMPANY, name: 'Ana', queues: ['suporte'] });
    await rig.core.agents.deskOpened(COMPANY, ANA);
    await rig.core.agents.setSoftphone(ANA, true, { autoAnswer: true });
    await rig.core.agents.setPresence(COMPANY, ANA, 'available');
    return rig;
  };
  const stateOf = async (rig: Rig, { id }: Interaction) => {
    await rig.core.idle();
    return (await rig.core.interactions.get(COMPANY, id))?.state.name;
  };
  const ana = (rig: Rig) => rig.core.agents.get(COMPANY, ANA);

  it.each(['voice', 'email'] as const)(
    'because the desk was lost while it rang (%s): not counted as unanswered, and made again when the desk is back',
    async (channel) => {
      const rig = await atDesk();
      const contact = await arrives(rig, channel);
      expect(await stateOf(rig, contact)).toBe('offered');
      await rig.core.agents.deskClosed(COMPANY, ANA);
      rig.clock.advance(20_000);
      expect(await stateOf(rig, contact)).toBe('queued');
      expect(ana(rig)).toMatchObject({ work: [], presence: { state: 'available' } });
      await rig.core.agents.deskOpened(COMPANY, ANA);
      expect(await stateOf(rig, contact)).toBe('offered');
      rig.clock.advance(20_000);
      expect(await stateOf(rig, contact)).toBe('queued');
      expect(ana(rig)?.presence).toMatchObject({ state: 'paused', reason: 'noAnswer' });
    },
  );

  it('is not made at a lost desk; a telephone that rings by itself is another thing', async () => {
    const rig = await atDesk();
    await rig.core.agents.deskClosed(COMPANY, ANA);
    const [call, mail] = [await arrives(rig, 'voice'), await arrives(rig, 'email')];
    expect([await stateOf(rig, call), await stateOf(rig, mail)]).toEqual(['queued', 'queued']);
    await rig.core.agents.setSoftphone(ANA, true, { autoAnswer: false });
    expect([await stateOf(rig, call), await stateOf(rig, mail)]).toEqual(['offered', 'queued']);
    rig.clock.advance(20_000);
    await stateOf(rig, call);
    expect(ana(rig)?.presence).toMatchObject({ state: 'paused', reason: 'noAnswer' });
  });

  /** The lines of its journal about what became of offers. */
  const offers = ({ disk }: { readonly disk: Disk }, { id }: Interaction) =>
    [...disk.journal.values()]
      .filter(({ interactionId, kind }) => interactionId === id && /^offer(TimedOut|Revoked)$/.test(kind))
      .map(({ kind, data }) => [kind, data['reason']]);

  /** The desk is frozen for 15 s of the ring, speaks again, and the ring ends. */
  const thawsLate = async (rig: Awaited<ReturnType<typeof atDesk>>): Promise<void> => {
    rig.clock.advance(15_000);
    await rig.core.idle();
    rig.core.agents.deskAlive(COMPANY, ANA);
    await rig.core.idle();
    rig.clock.advance(5_000);
    await rig.core.idle();
  };

  it.each(['voice', 'email'] as const)(
    'because the desk was frozen when it came, and back before it ended (%s): told as a lost desk, made again',
    async (channel) => {
      const rig = await atDesk();
      rig.core.agents.deskAlive(COMPANY, ANA);
      rig.clock.advance(3_000);
      const contact = await arrives(rig, channel);
      expect(await stateOf(rig, contact)).toBe('offered');
      await thawsLate(rig);
      expect(offers(rig, contact)).toEqual([['offerRevoked', 'deskLost']]);
      expect(ana(rig)?.presence).toMatchObject({ state: 'available' });
      expect(await stateOf(rig, contact)).toBe('offered');
    },
  );

  it('is judged by what befell it, and not by the contact that was in hand before', async () => {
    const rig = await atDesk();
    const mail = await arrives(rig, 'email');
    await rig.core.router.accept(COMPANY, mail.id, ANA);
    rig.core.agents.deskAlive(COMPANY, ANA);
    const call = await arrives(rig, 'voice');
    expect(await stateOf(rig, call)).toBe('offered');
    await thawsLate(rig);
    expect(offers(rig, call)).toEqual([['offerRevoked', 'deskLost']]);
    expect(await stateOf(rig, mail)).toBe('active');
  });

  it('is not made at a desk that has fallen silent, although its socket stands', async () => {
    const rig = await atDesk();
    rig.core.agents.deskAlive(COMPANY, ANA);
    rig.clock.advance(10_000);
    await rig.core.idle();
    const mail = await arrives(rig, 'email');
    expect(await stateOf(rig, mail)).toBe('queued');
    rig.core.agents.deskAlive(COMPANY, ANA);
    expect(await stateOf(rig, mail)).toBe('offered');
  });

  it('is another thing than one that rang during F5: that was missed', async () => {
    const rig = await atDesk();
    rig.core.agents.deskAlive(COMPANY, ANA);
    const mail = await arrives(rig, 'email');
    rig.clock.advance(2_000);
    await rig.core.agents.deskClosed(COMPANY, ANA);
    rig.clock.advance(2_000);
    await rig.core.agents.deskOpened(COMPANY, ANA);
    await rig.core.idle();
    rig.clock.advance(16_000);
    expect(await stateOf(rig, mail)).toBe('queued');
    expect(offers(rig, mail)).toEqual([['offerTimedOut', undefined]]);
    expect(ana(rig)?.presence).toMatchObject({ state: 'paused', reason: 'noAnswer' });
  });
});
