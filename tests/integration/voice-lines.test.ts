import { describe, expect, it } from 'vitest';
import { COMPANY } from '../simulation/scripted.ts';
import { voiceRig } from './voice-rig.ts';

type Rig = Awaited<ReturnType<typeof voiceRig>>;

/** Ana talks to a customer; Bruno is there too, on a break. */
async function talking(kind: 'desk' | 'phone') {
  const rig = await voiceRig();
  const ana = await rig.operator('ana', kind);
  const { leg: customer, contact } = await rig.customer();
  await rig.settle();
  if (kind === 'desk') await rig.core.router.accept(COMPANY, (await contact()).id, ana);
  await rig.settle();
  expect((await contact()).state).toMatchObject({ name: 'active', connectedAt: expect.any(Date) as Date });
  const anas = rig.legTo('ana');
  if (anas === undefined) throw new Error('no leg');
  expect(customer.endpoint.heard()).toBe('voice of ana');
  return { ...rig, ana, anas, customer, contact };
}

/** Milliseconds until the customer hears the sign of life. */
async function untilComfort({
  plays,
  pass,
  clock,
  customer,
}: Pick<Rig, 'plays' | 'pass' | 'clock'> & { customer: { endpoint: { id: string } } }): Promise<number> {
  const from = clock.now();
  const heard = () =>
    plays.find(
      ({ file, endpoint, atMs }) => file === 'comfort' && endpoint === customer.endpoint.id && atMs >= from,
    );
  for (let i = 0; i < 400 && heard() === undefined; i++) await pass(250);
  return (heard()?.atMs ?? Infinity) - from;
}

const isDead = (rig: Pick<Rig, 'rig'>, leg: { life: string }) => {
  leg.life = 'dead';
  rig.rig.phones.set('ana', { answers: false });
};

describe("an operator's side that dies without a word", () => {
  it.each([
    ['desk', 8000],
    ['phone', 16_000],
  ] as const)(
    '%s: the customer hears so within %i ms, nobody waits for its BYE, the next operator comes',
    async (kind, limitMs) => {
      const call = await talking(kind);
      const bruno = await call.operator('bruno', 'desk');
      isDead(call, call.anas);
      expect(await untilComfort(call)).toBeLessThanOrEqual(limitMs);
      expect(call.anas.byes).toEqual(['unreachable']);
      // Nobody is sent to the dead phone meanwhile.
      expect(call.core.agents.get(COMPANY, 'ana')?.softphone.up).toBe(false);
      await call.pass(20_500);
      expect((await call.contact()).state).toMatchObject({ name: 'offered', claim: { agentId: bruno } });
      expect(call.customer.byes).toEqual([]);
      // Whose phone it was reads what became of the call, until the next one.
      expect(call.core.agents.get(COMPANY, 'ana')?.callReturnedAt).toEqual(expect.any(Date));
      expect(call.core.agents.get(COMPANY, bruno)?.callReturnedAt).toBeNull();
    },
  );

  it('a desk that is frozen and thaws gets its customer back without registering anew', async () => {
    const call = await talking('desk');
    isDead(call, call.anas);
    await untilComfort(call);
    call.rig.phones.set('ana', { answers: true });
    await call.pass(6000);
    expect(call.legTo('ana')).not.toBe(call.anas);
    expect(call.customer.endpoint.heard()).toBe('voice of ana');
    expect((await call.contact()).state.name).toBe('active');
  });

  it('a desk whose page answers but whose sound is gone is dialled anew at once', async () => {
    const call = await talking('desk');
    call.anas.life = 'mute';
    expect(await untilComfort(call)).toBeLessThanOrEqual(8000);
    await call.pass(2000);
    expect(call.legTo('ana')).not.toBe(call.anas);
    expect(call.customer.endpoint.heard()).toBe('voice of ana');
  });

  it('a telephone that is silent but answers is left alone', async () => {
    const call = await talking('phone');
    call.anas.life = 'mute';
    await call.pass(60_000);
    expect(call.legTo('ana')).toBe(call.anas);
    expect((await call.contact()).state.name).toBe('active');
  });

  it('dies while it holds the customer: found out there too, by either kind of hold', async () => {
    const own = await talking('phone');
    own.anas.dialog.remoteSdp = 'v=0\r\nm=audio 4000 RTP/AVP 0\r\na=sendonly\r\n';
    isDead(own, own.anas);
    expect(await untilComfort(own)).toBeLessThanOrEqual(16_000);
    const button = await talking('desk');
    await button.voice.control.hold(COMPANY, (await button.contact()).id);
    isDead(button, button.anas);
    expect(await untilComfort(button)).toBeLessThanOrEqual(8000);
  });

  it('dies between the accept and its answer: back in place in 10 s, with music all the while, and not offered to it again', async () => {
    const rig = await voiceRig();
    const ana = await rig.operator('ana');
    const { leg, contact } = await rig.customer();
    await rig.settle();
    rig.rig.answers = () => new Promise(() => undefined);
    rig.rig.phones.set('ana', { answers: false });
    await rig.core.router.accept(COMPANY, (await contact()).id, ana);
    await rig.pass(10_500);
    expect((await contact()).state.name).toBe('queued');
    expect(leg.endpoint.heard()).not.toBe('silence');
    await rig.pass(5000);
    expect((await contact()).state.name).toBe('queued');
  });

  it('a frozen desk does not keep an offer: the next operator is asked within 4 s, nobody is paused', async () => {
    const rig = await voiceRig();
    await rig.operator('ana');
    rig.rig.phones.set('ana', { answers: false });
    const { contact } = await rig.customer();
    const bruno = await rig.operator('bruno');
    await rig.pass(4000);
    expect((await contact()).state).toMatchObject({ name: 'offered', claim: { agentId: bruno } });
    expect(rig.core.agents.get(COMPANY, 'ana')?.presence.state).toBe('available');
  });

  it('a transfer away from a dead leg: music at once', async () => {
    const call = await talking('desk');
    call.anas.life = 'dead';
    const until = new Date(call.clock.now() + 30_000);
    const to = { type: 'queue', id: 'suporte' } as const;
    await call.core.interactions.apply(COMPANY, (await call.contact()).id, {
      type: 'transferred',
      ...{ to, mode: 'blind', until },
    });
    await call.settle();
    expect(call.customer.endpoint.heard()).not.toBe('silence');
    expect(call.anas.byes).toHaveLength(1);
  });

  it('an order to end a call whose operator is dead: the customer hears the goodbye at once', async () => {
    const call = await talking('phone');
    call.anas.life = 'dead';
    await call.core.interactions.apply(COMPANY, (await call.contact()).id, {
      ...{ type: 'endedByOrder', reason: 'teste', by: { kind: 'system' } },
    });
    await call.settle();
    expect(call.customer.endpoint.heard()).not.toBe('silence');
    await call.pass(2000);
    expect(call.customer.byes).toHaveLength(1);
  });

  it('both sides vanish at once: the call ends, everybody is given back', async () => {
    const call = await talking('phone');
    isDead(call, call.anas);
    call.customer.life = 'dead';
    call.customer.dialog.alive = () => Promise.resolve(false);
    await call.pass(40_000);
    expect(['wrapUp', 'abandoned', 'closed']).toContain((await call.contact()).state.name);
    await call.pass(31_000);
    expect(call.core.agents.get(COMPANY, 'ana')?.work).toEqual([]);
    expect(call.voice.callsInHand()).toBe(0);
  });
});

describe('hold in the moment in which the operator is lost', () => {
  it('is nobody’s music: comfort, and the same call when the desk is back', async () => {
    const call = await talking('desk');
    const { id } = await call.contact();
    call.rig.phones.set('ana', { answers: false });
    call.register('ana', 'desk', 0);
    const held = call.voice.control.hold(COMPANY, id);
    call.anas.hangUp('transport');
    await held;
    await call.pass(3000);
    expect(call.customer.endpoint.heard()).toBe('comfort');
    call.rig.phones.set('ana', { answers: true });
    call.register('ana');
    await call.pass(1000);
    expect(call.customer.endpoint.heard()).toBe('voice of ana');
    expect((await call.contact()).state).toMatchObject({ name: 'active', onHold: false });
  });

  it('ends, and nobody is there: the customer is not left in silence', async () => {
    const call = await talking('desk');
    const { id } = await call.contact();
    await call.voice.control.hold(COMPANY, id);
    call.rig.phones.set('ana', { answers: false });
    call.register('ana', 'desk', 0);
    const resumed = call.voice.control.resume(COMPANY, id);
    call.anas.hangUp('transport');
    await resumed;
    await call.pass(3000);
    expect(call.customer.endpoint.heard()).not.toBe('silence');
    await call.pass(20_000);
    expect((await call.contact()).state.name).toBe('queued');
  });
});

describe("an operator's desk that comes back", () => {
  const anasLegs = (call: Pick<Rig, 'legs'>) => call.legs.filter(({ to }) => to === 'ana');

  it('without a sound: its leg ends, and the second one is heard', async () => {
    const call = await talking('desk');
    call.rig.life = () => 'mute';
    call.anas.hangUp('transport');
    await call.pass(5000);
    call.rig.life = () => 'alive';
    expect(call.customer.endpoint.heard()).not.toBe('silence');
    await call.pass(8000);
    expect(anasLegs(call).map(({ byes }) => byes)).toEqual([[expect.any(String)], ['no sound'], []]);
    expect(call.customer.endpoint.heard()).toBe('voice of ana');
    expect((await call.contact()).state.name).toBe('active');
  });

  it('never with a sound: nothing is left of its legs, and somebody else is asked', async () => {
    const call = await talking('desk');
    const bruno = await call.operator('bruno', 'desk');
    call.rig.life = () => 'mute';
    call.anas.hangUp('transport');
    for (let i = 0; i < 30; i++) {
      await call.pass(1000);
      expect(call.customer.endpoint.heard()).not.toBe('silence');
    }
    expect((await call.contact()).state).toMatchObject({ name: 'offered', claim: { agentId: bruno } });
    expect(anasLegs(call).length).toBeGreaterThan(2);
    for (const leg of anasLegs(call)) expect(leg.byes).toHaveLength(1);
  });

  it('and dies again before its first sound: dialled anew at once, not after the time that its sound has', async () => {
    const call = await talking('desk');
    call.rig.life = () => 'mute';
    call.anas.hangUp('transport');
    await call.pass(1000);
    call.rig.life = () => 'alive';
    call.legTo('ana')?.hangUp('transport');
    await call.pass(3000);
    expect(call.customer.endpoint.heard()).toBe('voice of ana');
    call.legTo('ana')?.hangUp('transport');
    await call.pass(1000);
    expect(call.customer.endpoint.heard()).toBe('voice of ana');
  });

  it('refusing at once is not rung without end, and comes when it can', async () => {
    const call = await talking('desk');
    let tries = 0;
    call.rig.answers = () => {
      tries++;
      return Promise.reject(Object.assign(new Error('500'), { status: 500 }));
    };
    call.anas.hangUp('transport');
    await call.pass(10_000);
    expect(tries).toBeLessThanOrEqual(6);
    call.rig.answers = () => Promise.resolve();
    await call.pass(3000);
    expect(call.customer.endpoint.heard()).toBe('voice of ana');
  });
});
