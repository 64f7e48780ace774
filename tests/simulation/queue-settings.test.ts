import { describe, expect, it } from 'vitest';
import type { AgentId } from '../../src/shared/ids.ts';
import { house } from './house.ts';
import { COMPANY } from './scripted.ts';

const ANA = 'ana' as AgentId;
const BIA = 'bia' as AgentId;

describe('the strategy of a queue that changes', () => {
  it('puts those who stand there already in its order, though nothing of theirs changed', async () => {
    const h = await house({ strategy: 'longestIdle' });
    await h.person(ANA);
    await h.person(BIA);
    await h.is(ANA, 'available');
    const gone = await h.comes('voice');
    expect(h.at(gone)).toBe(ANA);
    await h.core.interactions.apply(COMPANY, gone, { type: 'customerLeft', by: 'customer' });
    await h.pass(1_000);
    await h.is(BIA, 'available');
    // Ana has been idle for longer; she had a turn, and Bia none.
    await h.core.queues.patch(COMPANY, 'suporte', { strategy: 'roundRobin' });
    expect(h.at(await h.comes('voice'))).toBe(BIA);
  });
});

describe('a queue without members', () => {
  it('lacks no skill for who asks for none: they wait for people, not for a skill', async () => {
    const h = await house();
    await h.comes('voice');
    expect(h.core.router.live(COMPANY, 'suporte')).toMatchObject({ waiting: 1, nobodyFor: 0, nobodyHas: [] });
    await h.comes('voice', { skills: ['ingles'] });
    expect(h.core.router.live(COMPANY, 'suporte')).toMatchObject({ nobodyFor: 1, nobodyHas: ['ingles'] });
  });
});
