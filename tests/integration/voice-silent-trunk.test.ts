import { describe, expect, it } from 'vitest';
import type { OutgoingCall } from '../../src/voice/ports.ts';
import { COMPANY } from '../simulation/scripted.ts';
import { voiceRig } from './voice-rig.ts';

type Rig = Awaited<ReturnType<typeof voiceRig>>;
const line = { companyId: COMPANY, channels: 1, direction: 'both', callerId: '+551140004001' } as const;
const CHEAP = { ...line, id: 'cheap', name: 'Cheap', order: 1 };
const SURE = { ...line, id: 'sure', name: 'Sure', order: 2 };
const never = (): Promise<void> => new Promise(() => undefined);

/** Ana calls a number; `answers` is what each trunk does. Told: the trunks that were tried and how each failed. */
async function dialling(
  answers: (call: OutgoingCall, trunk: string) => Promise<void>,
  { trunks = [CHEAP, SURE], showsTrying = true } = {},
) {
  const rig: Rig = await voiceRig();
  rig.rig.trunks = trunks;
  rig.rig.showsTrying = showsTrying;
  const ana = await rig.operator('ana');
  const tried: string[] = [];
  rig.rig.answers = (call) => {
    if (call.to.kind !== 'trunk') return Promise.resolve();
    tried.push(call.to.trunkId);
    return answers(call, call.to.trunkId);
  };
  const { id } = await rig.voice.call(COMPANY, ana, { to: '+5511987650000' });
  await rig.settle();
  const failures = async () =>
    (await rig.core.interactions.timeline(COMPANY, id))
      .filter(({ kind }) => kind === 'dialFailed')
      .map(({ data }) => [data['status'], data['cause']]);
  const state = async () => (await rig.core.interactions.get(COMPANY, id))?.state;
  const used = () => rig.voice.trunks(COMPANY).map((trunk) => trunk.used);
  return { ...rig, tried, failures, state, used };
}

/** What an edge says when its own transaction ran out. */
const unheard = Object.assign(new Error('408'), { status: 408, reason: '', unheard: true });

describe('a call of ours over a trunk that says nothing, not even 100', () => {
  it('is given up within 5 s, its line is free, and the next trunk is called', async () => {
    const call = await dialling((_call, trunk) => (trunk === 'sure' ? Promise.resolve() : never()));
    await call.pass(4750);
    expect(call.tried).toEqual(['cheap']);
    await call.pass(250);
    expect(call.tried).toEqual(['cheap', 'sure']);
    expect(await call.failures()).toEqual([[408, 'trunkFailed']]);
    expect(call.used()).toEqual([0, 1]);
    expect(call.legTo('+5511987650000')?.endpoint.heard()).toBe('voice of ana');
  });

  it('and is the last: the call was not completed, and nobody is said not to have answered', async () => {
    const call = await dialling(never, { trunks: [CHEAP] });
    await call.pass(5000);
    expect(await call.failures()).toEqual([[408, 'notCompleted']]);
    expect(await call.state()).toMatchObject({ cause: 'notCompleted' });
    expect(call.used()).toEqual([0]);
  });

  it('where the edge hides 100: as soon as its own transaction ran out, and not before', async () => {
    let runsOut = (): void => undefined;
    const silent = new Promise<void>((_resolve, reject) => (runsOut = () => reject(unheard)));
    const call = await dialling((_call, trunk) => (trunk === 'sure' ? never() : silent), {
      showsTrying: false,
    });
    await call.pass(31_750);
    expect(call.tried).toEqual(['cheap']);
    runsOut();
    await call.settle();
    expect(call.tried).toEqual(['cheap', 'sure']);
  });
});

describe('a call of ours over a trunk that is heard', () => {
  const heard = (call: OutgoingCall): Promise<void> => {
    call.onHeard?.();
    return never();
  };

  it('rings on after 5 s, and after 40 s nobody answered: no other trunk is tried', async () => {
    const call = await dialling(heard);
    await call.pass(39_750);
    expect(call.tried).toEqual(['cheap']);
    expect(await call.failures()).toEqual([]);
    await call.pass(500);
    expect(call.tried).toEqual(['cheap']);
    expect(await call.failures()).toEqual([[487, 'notAnswered']]);
  });

  it('a 408 of the called side is nobody who answered', async () => {
    const call = await dialling(() => Promise.reject(Object.assign(new Error('408'), { status: 408 })));
    expect(call.tried).toEqual(['cheap']);
    expect(await call.failures()).toEqual([[408, 'notAnswered']]);
  });
});
