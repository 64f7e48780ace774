import { describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/interactions/index.ts';
import type { AgentId, InteractionId } from '../../src/shared/ids.ts';
import { house } from './house.ts';
import { COMPANY } from './scripted.ts';

const ANA = 'ana' as AgentId;
const BIA = 'bia' as AgentId;
const CAIO = 'caio' as AgentId;

describe('a preference for one operator', () => {
  const STICKY = { stickyMs: 24_000 };

  it('holds while that operator is there and busy, and only for its time', async () => {
    const h = await house(STICKY);
    await h.person(ANA);
    await h.person(BIA);
    await h.is(ANA, 'available');
    const first = await h.comes('voice');
    await h.core.router.accept(COMPANY, first, ANA);
    const second = await h.comes('voice', { prefers: ANA });
    await h.is(BIA, 'available');
    expect(h.at(second)).toBe('queued');
    await h.pass(23_990);
    expect(h.at(second)).toBe('queued');
    await h.pass(20);
    expect(h.at(second)).toBe(BIA);
  });

  it('ends with a reject: the next one is asked at once, and the one who declined not again for its sake', async () => {
    const h = await house({ ...STICKY, rejectMs: 1_000, ringMs: 300_000 });
    await h.person(ANA);
    await h.person(BIA);
    await h.is(ANA, 'available');
    const caller = await h.comes('voice', { prefers: ANA });
    expect(h.at(caller)).toBe(ANA);
    await h.core.router.reject(COMPANY, caller, ANA);
    await h.settle();
    expect(h.at(caller)).toBe('queued');
    // Declined and free again: without a preference the queue decides, and Bia has been idle for longer.
    await h.is(BIA, 'available');
    expect(h.at(caller)).toBe(BIA);
    expect(h.journal(caller).filter((kind) => kind === 'offered')).toHaveLength(2);
  });

  it('ends with an offer that was not answered', async () => {
    const h = await house({ stickyMs: 600_000 });
    await h.person(ANA);
    await h.person(BIA);
    await h.is(ANA, 'available');
    const caller = await h.comes('voice', { prefers: ANA });
    await h.pass(20_001);
    expect(h.at(caller)).toBe('queued');
    const other = await h.comes('email');
    await h.is(ANA, 'available');
    expect(h.at(other) === ANA || h.at(caller) === ANA).toBe(true);
    await h.is(BIA, 'available');
    expect([h.at(caller), h.at(other)].sort()).not.toContain('queued');
  });

  it.each([
    ['away', {}, 'paused'],
    ['offline', {}, 'offline'],
    ['of another queue', { queues: ['vendas'] }, 'available'],
    ['without the skill', {}, 'available'],
    ['without a phone', { phone: false }, 'available'],
  ] as const)('is none for who is %s: whoever is free gets it at once', async (why, person, presence) => {
    const h = await house(STICKY);
    const skills = { ingles: 2 };
    await h.person(ANA, { ...(why === 'without the skill' ? {} : { skills }), ...person });
    await h.person(BIA, { skills });
    await h.is(ANA, presence);
    await h.is(BIA, 'available');
    const caller = await h.comes('voice', { prefers: ANA, skills: ['ingles'] });
    expect(h.at(caller)).toBe(BIA);
  });

  it('ends when that operator leaves, or leaves the queue, while somebody waits for it', async () => {
    for (const leave of ['pause', 'queue', 'phone', 'deactivate'] as const) {
      const h = await house(STICKY);
      await h.person(ANA);
      await h.person(BIA);
      await h.is(ANA, 'available');
      const first = await h.comes('voice');
      await h.core.router.accept(COMPANY, first, ANA);
      const second = await h.comes('voice', { prefers: ANA });
      await h.is(BIA, 'available');
      expect([leave, h.at(second)]).toEqual([leave, 'queued']);
      if (leave === 'pause') await h.core.agents.setPresence(COMPANY, ANA, 'paused', 'break');
      else if (leave === 'phone') await h.core.agents.setSoftphone(ANA, false);
      else
        await h.core.agents.ensure({
          id: ANA,
          companyId: COMPANY,
          name: 'Ana',
          queues: leave === 'queue' ? ['vendas'] : ['suporte'],
          active: leave !== 'deactivate',
        });
      await h.settle();
      expect([leave, h.at(second)]).toEqual([leave, BIA]);
    }
  });

  it('by name (transfer) needs no membership, but presence: for who is away nobody else waits', async () => {
    for (const there of [true, false]) {
      const h = await house();
      await h.person(ANA, { queues: ['vendas'] });
      await h.person(BIA);
      await h.person(CAIO);
      await h.is(BIA, 'available');
      const caller = await h.comes('voice');
      await h.core.router.accept(COMPANY, caller, BIA);
      if (there) await h.is(ANA, 'available');
      await h.is(CAIO, 'available');
      await h.core.interactions.apply(COMPANY, caller, {
        type: 'transferred',
        to: { type: 'agent', id: ANA },
        mode: 'blind',
        until: new Date(h.clock.now() + 20_000),
      });
      await h.settle();
      expect(h.at(caller)).toBe(there ? ANA : CAIO);
    }
  });
});

describe('an operator who declined', () => {
  it('is not asked for it again until the time of the queue is over, whatever the wall clock says', async () => {
    for (const by of [0, -3_600_000, 3_600_000]) {
      const h = await house({ rejectMs: 30_000 });
      await h.person(ANA);
      await h.is(ANA, 'available');
      const caller = await h.comes('voice');
      await h.core.router.reject(COMPANY, caller, ANA);
      await h.settle();
      expect(h.at(caller)).toBe('queued');
      h.clock.setWall(by);
      await h.is(ANA, 'paused');
      await h.is(ANA, 'available');
      expect(h.at(caller)).toBe('queued');
      await h.pass(29_990);
      expect(h.at(caller)).toBe('queued');
      await h.pass(20);
      expect(h.at(caller)).toBe(ANA);
    }
  });
});

describe('settings of a queue that change', () => {
  it('strategy: the next contact is given by the new one', async () => {
    const h = await house({ strategy: 'longestIdle' });
    await h.person(ANA, { skills: { ingles: 1 } });
    await h.person(BIA, { skills: { ingles: 5 } });
    await h.is(ANA, 'available');
    await h.pass(1_000);
    await h.is(BIA, 'available');
    await h.core.queues.patch(COMPANY, 'suporte', { strategy: 'mostSkilled' });
    expect(h.at(await h.comes('voice', { skills: ['ingles'] }))).toBe(BIA);
  });

  it('strategy: round robin and least occupied too, for those who stand there already', async () => {
    const h = await house({ strategy: 'longestIdle' });
    await h.person(ANA);
    await h.person(BIA);
    await h.is(ANA, 'available');
    await h.pass(1_000);
    const mail = await h.comes('email');
    await h.core.router.accept(COMPANY, mail, ANA);
    await h.is(BIA, 'available');
    await h.core.queues.patch(COMPANY, 'suporte', { strategy: 'leastOccupied' });
    expect(h.at(await h.comes('voice'))).toBe(BIA);
  });

  it('the time of a preference: whoever waits for somebody is free at once', async () => {
    const h = await house({ stickyMs: 600_000 });
    await h.person(ANA);
    await h.person(BIA);
    await h.is(ANA, 'available');
    await h.core.router.accept(COMPANY, await h.comes('voice'), ANA);
    const second = await h.comes('voice', { prefers: ANA });
    await h.is(BIA, 'available');
    expect(h.at(second)).toBe('queued');
    await h.core.queues.patch(COMPANY, 'suporte', { stickyMs: 0 });
    await h.settle();
    expect(h.at(second)).toBe(BIA);
  });

  it('weights: what did not fit fits', async () => {
    const h = await house({ weights: { email: 60 } });
    await h.person(ANA);
    await h.is(ANA, 'available');
    const first = await h.comes('email');
    const second = await h.comes('email');
    await h.core.router.accept(COMPANY, first, ANA);
    await h.settle();
    expect([h.at(first), h.at(second)]).toEqual([ANA, 'queued']);
    await h.core.queues.patch(COMPANY, 'suporte', { weights: { email: 40 } });
    await h.settle();
    expect(h.at(second)).toBe(ANA);
  });

  it('a contact given by name asks what routing asks: room by the weight of its queue, a phone, no call in hand', async () => {
    const h = await house({ weights: { email: 60 } });
    await h.person(ANA);
    await h.person(BIA, { queues: ['vendas'] });
    await h.is(ANA, 'available');
    const contactOf = async (id: InteractionId) =>
      (await h.core.interactions.get(COMPANY, id)) as Interaction;
    const mail = await contactOf(await h.comes('email'));
    const caller = await contactOf(await h.comes('voice', { queue: 'vendas' }));
    const { refusal } = h.core.router;
    expect(refusal(mail, ANA)).toBe('agent.full');
    expect(refusal(caller, ANA)).toBeNull();
    expect(refusal(mail, BIA)).toBe('agent.notAvailable');
    expect(refusal(mail, 'nobody')).toBeUndefined();
    await h.core.agents.setSoftphone(ANA, false);
    expect(refusal(caller, ANA)).toBe('agent.noSoftphone');
    await h.core.queues.patch(COMPANY, 'suporte', { weights: { email: 40 } });
    expect(refusal(mail, ANA)).toBeNull();
    await h.is(BIA, 'available');
    await h.core.router.accept(COMPANY, caller.id, BIA);
    expect(refusal(mail, BIA)).toBe('agent.onCall');
  });

  it('members: whoever joins gets who waits', async () => {
    const h = await house();
    await h.person(ANA, { queues: ['vendas'] });
    await h.is(ANA, 'available');
    const caller = await h.comes('voice');
    expect(h.at(caller)).toBe('queued');
    await h.person(ANA, { queues: ['vendas', 'suporte'] });
    await h.settle();
    expect(h.at(caller)).toBe(ANA);
  });

  it('ring time: offers from now on', async () => {
    const h = await house({ ringMs: 20_000 });
    await h.person(ANA);
    const caller = await h.comes('voice');
    await h.core.queues.patch(COMPANY, 'suporte', { ringMs: 5_000 });
    await h.is(ANA, 'available');
    await h.pass(5_001);
    expect(h.at(caller)).toBe('queued');
  });
});

describe('order', () => {
  it('what comes back goes before what is younger, to the very operator whom it sets free', async () => {
    const h = await house();
    await h.person(ANA);
    await h.is(ANA, 'available');
    const older = await h.comes('voice');
    await h.core.router.accept(COMPANY, older, ANA);
    const younger = await h.comes('voice');
    await h.core.interactions.apply(COMPANY, older, { type: 'agentLost' });
    await h.settle();
    expect([h.at(older), h.at(younger)]).toEqual([ANA, 'queued']);
  });

  it('of two with the same arrival time the first to arrive is first, within its priority', async () => {
    const h = await house();
    await h.person(ANA);
    const first = await h.comes('voice');
    const second = await h.comes('voice');
    const urgent = await h.comes('voice', { priority: 1 });
    await h.is(ANA, 'available');
    expect([h.at(first), h.at(second), h.at(urgent)]).toEqual(['queued', 'queued', ANA]);
    await h.core.interactions.apply(COMPANY, urgent, { type: 'customerLeft', by: 'customer' });
    await h.settle();
    expect([h.at(first), h.at(second)]).toEqual([ANA, 'queued']);
  });

  it('one hold at a time is decided for an operator: no claim comes back late to find that it was passed', async () => {
    const h = await house({}, false);
    await h.person(ANA);
    const mails = [await h.comes('email'), await h.comes('email')];
    const caller = await h.comes('voice');
    const late = await h.comes('email');
    await h.is(ANA, 'available');
    expect(mails.map(h.at)).toEqual([ANA, 'queued']);
    expect([h.at(caller), h.at(late)]).toEqual([ANA, 'queued']);
  });
});

describe('several texts for one person', () => {
  const three = async () => {
    const h = await house();
    await h.person(ANA);
    const mails = [await h.comes('email'), await h.comes('email'), await h.comes('email')] as const;
    await h.is(ANA, 'available');
    return { h, mails };
  };
  const states = ({ h, mails }: Awaited<ReturnType<typeof three>>) => mails.map((id) => h.stateOf(id));

  it('ring one after another, each as soon as the one before it is accepted: none lapses while another is read', async () => {
    const all = await three();
    const { h, mails } = all;
    expect(states(all)).toEqual(['offered', 'queued', 'queued']);
    await h.pass(15_000);
    await h.core.router.accept(COMPANY, mails[0], ANA);
    await h.settle();
    expect(states(all)).toEqual(['active', 'offered', 'queued']);
    await h.pass(15_000);
    await h.core.router.accept(COMPANY, mails[1], ANA);
    await h.settle();
    expect(states(all)).toEqual(['active', 'active', 'offered']);
    expect(h.disk.agents.get(ANA)?.presence.state).toBe('available');
  });

  it('go to others meanwhile; a call rings on top, and a contact may be picked', async () => {
    const { h, mails } = await three();
    const caller = await h.comes('voice');
    expect(h.at(caller)).toBe(ANA);
    await h.core.router.reject(COMPANY, caller, ANA);
    await h.core.router.take(COMPANY, mails[2], ANA);
    await h.person(BIA);
    await h.is(BIA, 'available');
    expect(mails.map(h.at)).toEqual([ANA, BIA, ANA]);
    expect(mails.map(h.stateOf)).toEqual(['offered', 'offered', 'active']);
  });

  it('leave the places that are free as they are: one that rings takes its own', async () => {
    const { h } = await three();
    expect(h.core.router.estimatedWait(COMPANY, 'suporte')).toBe(0);
    const mail = h.core.router.live(COMPANY, 'suporte').channels?.find(({ channel }) => channel === 'email');
    expect(mail).toMatchObject({ waiting: 2, free: 0, estimatedWaitMs: 0 });
  });
});

describe('a contact that asks for a skill', () => {
  it('has no estimate and is told on the board when nobody of the queue has it, until somebody does', async () => {
    const h = await house();
    await h.person(ANA, { skills: { fibra: 3 } });
    await h.is(ANA, 'available');
    const caller = await h.comes('voice', { skills: ['ingles'] });
    expect(h.at(caller)).toBe('queued');
    expect(h.core.router.estimatedWait(COMPANY, 'suporte', caller)).toBeNull();
    const told = () => h.core.router.live(COMPANY, 'suporte');
    expect(told()).toMatchObject({ nobodyFor: 1, nobodyHas: ['ingles'] });
    const second = await h.comes('voice', { skills: ['ingles', 'fibra'] });
    expect(told()).toMatchObject({ nobodyFor: 2, nobodyHas: ['ingles'] });
    // Each is somebody's, and nobody has both.
    await h.person(BIA, { skills: { ingles: 1 } });
    expect(told()).toMatchObject({ nobodyFor: 1, nobodyHas: ['fibra + ingles'] });
    await h.person(ANA, { skills: { fibra: 3, ingles: 1 } });
    await h.settle();
    expect([h.at(caller), h.at(second)]).toEqual([ANA, 'queued']);
    expect(told()).toMatchObject({ nobodyFor: 0, nobodyHas: [] });
  });
});
