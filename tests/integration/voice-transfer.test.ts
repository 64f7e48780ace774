import { expect, it } from 'vitest';
import { COMPANY } from '../simulation/scripted.ts';
import { voiceRig } from './voice-rig.ts';

it.each([
  ['(11) 9876-5432', 'call.digitMissing'],
  ['ramal', 'call.badNumber'],
  ['190', 'call.destinationNotAllowed'],
  ['(11) 98765-4321', 'transfer.notSupported'],
])('a transfer to %s is refused as a call there is: %s', async (id, code) => {
  const { voice, customer } = await voiceRig();
  const call = await (await customer()).contact();
  await expect(
    voice.control.transfer(COMPANY, call.id, { type: 'number', id }, 'blind'),
  ).rejects.toMatchObject({ status: 422, code });
});
