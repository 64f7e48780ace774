import { describe, expect, it } from 'vitest';
import { COMPANY } from '../simulation/scripted.ts';
import { voiceRig } from './voice-rig.ts';

/** Ana takes each call and ends it; what was known of the caller when it came, and under which numbers it is found. */
async function served() {
  const rig = await voiceRig();
  const ana = await rig.operator('ana', 'phone');
  return async (user: string, name?: string) => {
    const { leg, contact } = await rig.customer(user, name);
    await rig.settle();
    const { id, contact: caller, preferredAgent, protocol, agent } = await contact();
    expect(agent?.id).toBe(ana);
    const { phones } = (await rig.core.protocols.get(COMPANY, protocol))!;
    leg.hangUp();
    await rig.settle();
    await rig.core.interactions.apply(COMPANY, id, {
      type: 'closed',
      disposition: 'suporte.lentidao',
      by: { kind: 'system' },
    });
    await rig.settle();
    return { caller, preferredAgent, phones };
  };
}

describe('who calls without a number', () => {
  it('is nobody, whatever the network writes for that, and shares neither a name, a protocol nor an operator', async () => {
    const call = await served();
    for (const user of ['anonymous', '', 'Restrito', '+55000', 'unknown%20caller'])
      expect(await call(user, 'Maria')).toEqual({
        caller: { address: 'anonymous' },
        preferredAgent: null,
        phones: [],
      });
  });

  it('unlike one with a number, who goes to the operator of the last time', async () => {
    const call = await served();
    const maria = { caller: { address: '+5511987654321', name: 'Maria' }, phones: ['+5511987654321'] };
    expect(await call('11987654321', 'Maria')).toEqual({ ...maria, preferredAgent: null });
    expect(await call('11987654321', 'Maria')).toEqual({ ...maria, preferredAgent: 'ana' });
  });
});
