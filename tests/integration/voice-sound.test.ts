import { describe, expect, it } from 'vitest';
import { COMPANY } from '../simulation/scripted.ts';
import { type FakeLeg, voiceRig } from './voice-rig.ts';

const SOUND = ['connected', 'sound.both', 'customerSilent', 'customerHeard', 'agentSilent', 'agentHeard'];

/** Ana's telephone rings with the offer and is answered; each side as it is from its first moment on. */
async function joined(side: { customer?: FakeLeg['life']; ana?: FakeLeg['life'] } = {}) {
  const rig = await voiceRig();
  rig.rig.life = (to) => (to === 'ana' ? side.ana : side.customer) ?? 'alive';
  await rig.operator('ana', 'phone');
  const { leg: customer, contact } = await rig.customer();
  await rig.settle();
  const anas = rig.legTo('ana');
  if (anas === undefined) throw new Error('no leg');
  const { id } = await contact();
  /** What the journal says of sound, and of which side that is one-way. */
  const told = async (): Promise<string[]> =>
    (await rig.core.interactions.timeline(COMPANY, id))
      .filter(({ kind }) => SOUND.includes(kind))
      .map(({ kind, data }) => (data['oneWay'] === true ? `${kind}, one way` : kind));
  return { ...rig, customer, anas, contact, told };
}

describe('what is told of the sound of a talk', () => {
  it('is nothing before it was measured, then both directions, once', async () => {
    const call = await joined();
    expect(await call.told()).toEqual(['connected']);
    await call.pass(1000);
    expect(await call.told()).toEqual(['connected', 'sound.both']);
    await call.pass(20_000);
    expect(await call.told()).toEqual(['connected', 'sound.both']);
  });

  it('is that the operator is silent, when only the customer is heard, and that it ended', async () => {
    const call = await joined({ ana: 'mute' });
    await call.pass(4500);
    expect(await call.told()).toEqual(['connected']);
    await call.pass(1500);
    expect(await call.told()).toEqual(['connected', 'agentSilent, one way']);
    await call.pass(10_000);
    expect(await call.told()).toEqual(['connected', 'agentSilent, one way']);
    call.anas.life = 'alive';
    await call.pass(4000);
    expect(await call.told()).toEqual(['connected', 'agentSilent, one way', 'agentHeard', 'sound.both']);
  });

  it('is that the customer is silent, when only the operator is heard', async () => {
    const call = await joined({ customer: 'mute' });
    await call.pass(9000);
    expect(await call.told()).toEqual(['connected', 'customerSilent, one way']);
    expect((await call.contact()).state).toMatchObject({ silentSince: expect.any(Date) as Date });
    call.customer.life = 'alive';
    await call.pass(4000);
    expect(await call.told()).toEqual([
      'connected',
      'customerSilent, one way',
      'customerHeard',
      'sound.both',
    ]);
  });

  it('is that both are silent, and no way of two', async () => {
    const call = await joined({ customer: 'mute', ana: 'mute' });
    await call.pass(9000);
    expect(await call.told()).toEqual(['connected', 'customerSilent', 'agentSilent']);
  });

  it('is neither while a microphone is off: its packets come, but no sound', async () => {
    const call = await joined();
    call.customer.microphone = 'off';
    await call.pass(20_000);
    expect(await call.told()).toEqual(['connected']);
    call.customer.microphone = 'on';
    await call.pass(4000);
    expect(await call.told()).toEqual(['connected', 'sound.both']);
  });

  it('is nothing on hold, whose time is no talk', async () => {
    const call = await joined({ ana: 'mute' });
    const { id } = await call.contact();
    await call.voice.control.hold(COMPANY, id);
    await call.pass(20_000);
    await call.voice.control.resume(COMPANY, id);
    await call.pass(4000);
    expect(await call.told()).toEqual(['connected']);
    await call.pass(2000);
    expect(await call.told()).toEqual(['connected', 'agentSilent, one way']);
  });

  it('is of the talk alone: who was heard in the queue may be silent in it', async () => {
    const rig = await voiceRig();
    const { leg, contact } = await rig.customer();
    await rig.pass(3000);
    await rig.operator('ana', 'phone');
    await rig.settle();
    leg.life = 'mute';
    await rig.pass(6000);
    const kinds = (await rig.core.interactions.timeline(COMPANY, (await contact()).id)).map(
      ({ kind }) => kind,
    );
    expect(kinds).toContain('connected');
    expect(kinds).toContain('customerSilent');
  });

  it('is nothing of a leg that is gone, once another one took its place', async () => {
    const call = await joined();
    call.customer.microphone = 'off';
    await call.pass(1000);
    call.anas.hangUp('transport');
    await call.pass(20_000);
    expect(call.legTo('ana')).not.toBe(call.anas);
    expect(await call.told()).toEqual(['connected']);
  });
});

describe('a hold whose operator is lost and comes back', () => {
  it('is over when the lines are joined, and not when the phone that is back brings no sound', async () => {
    const rig = await voiceRig();
    const ana = await rig.operator('ana');
    const { contact } = await rig.customer();
    const { id } = await contact();
    await rig.core.router.accept(COMPANY, id, ana);
    await rig.settle();
    await rig.voice.control.hold(COMPANY, id);
    const resumed = async (): Promise<boolean> =>
      (await rig.core.interactions.timeline(COMPANY, id)).some(({ kind }) => kind === 'resumed');
    rig.rig.life = () => 'mute';
    rig.legTo('ana')?.hangUp('transport');
    await rig.pass(9000);
    expect(await resumed()).toBe(false);
    rig.rig.life = () => 'alive';
    await rig.pass(6000);
    expect(await resumed()).toBe(true);
  });
});
