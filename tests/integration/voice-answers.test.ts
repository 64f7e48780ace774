import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors.ts';
import { COMPANY } from '../simulation/scripted.ts';
import { voiceRig } from './voice-rig.ts';

type Rig = Awaited<ReturnType<typeof voiceRig>>;

/** The first `times` answers are lost to WebRTC, which ended while they were read. */
function losesAnswers(
  rig: Rig,
  times: number,
  { code = 'media.notConnected', meanwhile = (): unknown => undefined } = {},
): void {
  let left = times;
  rig.rig.reads = () => {
    if (left-- <= 0) return Promise.resolve();
    meanwhile();
    return Promise.reject(new AppError(code, 504, 'WebRTC ended while the answer was read'));
  };
}

const legsOf = (rig: Rig, to: string) => rig.legs.filter((leg) => leg.to === to);

describe('WebRTC that ends while a phone’s answer is read', () => {
  it('the desk is called once more, and the caller hears its operator', async () => {
    const rig = await voiceRig();
    const ana = await rig.operator('ana');
    losesAnswers(rig, 1);
    const { leg, contact } = await rig.customer();
    await rig.settle();
    await rig.core.router.accept(COMPANY, (await contact()).id, ana);
    await rig.pass(1000);
    expect(legsOf(rig, 'ana').map(({ byes }) => byes)).toEqual([['no sound'], []]);
    expect(leg.endpoint.heard()).toBe('voice of ana');
    expect((await contact()).state).toMatchObject({ name: 'active', claim: { agentId: ana } });
  });

  it('a telephone of WebRTC rings once more, and its answer is accepted', async () => {
    const rig = await voiceRig();
    const ana = await rig.operator('ana', 'phone');
    losesAnswers(rig, 1);
    const { leg, contact } = await rig.customer();
    await rig.pass(1000);
    expect(legsOf(rig, 'ana')).toHaveLength(2);
    expect((await contact()).state).toMatchObject({ name: 'active', claim: { agentId: ana } });
    expect(leg.endpoint.heard()).toBe('voice of ana');
  });

  it('an own call goes on after it', async () => {
    const rig = await voiceRig();
    const ana = await rig.operator('ana');
    losesAnswers(rig, 1);
    await rig.voice.call(COMPANY, ana, { to: '+5511987650000' });
    await rig.pass(1000);
    expect(legsOf(rig, 'ana').map(({ byes }) => byes)).toEqual([['no sound'], []]);
    expect(rig.legTo('+5511987650000')?.endpoint.heard()).toBe('voice of ana');
  });

  it('a caller who left meanwhile has the desk called no more', async () => {
    const rig = await voiceRig();
    const ana = await rig.operator('ana');
    const { leg, contact } = await rig.customer();
    await rig.settle();
    losesAnswers(rig, 1, { meanwhile: () => leg.hangUp() });
    await rig.core.router.accept(COMPANY, (await contact()).id, ana);
    await rig.pass(1000);
    expect(legsOf(rig, 'ana').map(({ byes }) => byes)).toEqual([['no sound']]);
  });

  it('an own call that was given up meanwhile is not dialled again', async () => {
    const rig = await voiceRig();
    const ana = await rig.operator('ana');
    let lose = (): void => undefined;
    rig.rig.reads = () =>
      new Promise((_read, reject) => {
        lose = () => reject(new AppError('media.notConnected', 504, 'WebRTC ended'));
      });
    const { id } = await rig.voice.call(COMPANY, ana, { to: '+5511987650000' });
    await rig.settle();
    await rig.voice.control.hangup(COMPANY, id, ana);
    lose();
    await rig.pass(1000);
    expect(legsOf(rig, 'ana').map(({ byes }) => byes)).toEqual([['no sound']]);
    expect(rig.legTo('+5511987650000')).toBeUndefined();
  });

  it.each([
    [2, 'media.notConnected', 2],
    [9, 'media.badSdp', 1],
  ])('%i times %s: told as an unreachable phone after %i calls', async (times, code, calls) => {
    const rig = await voiceRig();
    const ana = await rig.operator('ana');
    losesAnswers(rig, times, { code });
    const made = await rig.voice.call(COMPANY, ana, { to: '+5511987650000' });
    await rig.pass(1000);
    expect(legsOf(rig, 'ana')).toHaveLength(calls);
    expect((await rig.core.interactions.get(COMPANY, made.id))?.state).toMatchObject({
      cause: 'softphoneUnreachable',
    });
  });
});
