import { describe, expect, it } from 'vitest';
import type { Channel } from '../../src/contracts/common.ts';
import type { AgentId, InteractionId } from '../../src/shared/ids.ts';
import { house } from './house.ts';
import { COMPANY } from './scripted.ts';

const ANA = 'ana' as AgentId;
const BIA = 'bia' as AgentId;

/** A house whose board is read by channel, and in which calls are answered and ended. */
async function floor() {
  const h = await house();
  const apply = async (id: InteractionId, event: Parameters<typeof h.core.interactions.apply>[2]) => {
    const result = await h.core.interactions.apply(COMPANY, id, event);
    if (!result.ok) throw new Error(result.error.code);
    await h.settle();
  };
  return {
    ...h,
    apply,
    accept: (id: InteractionId, agentId: AgentId) => apply(id, { type: 'accepted', agentId }),
    live: (channel: Channel, queue = 'suporte') => {
      const found = h.core.router.live(COMPANY, queue).channels?.find((one) => one.channel === channel);
      if (found === undefined) throw new Error(channel);
      return found;
    },
  };
}

describe('what a queue tells of a channel', () => {
  it('counts as free who would be given the next one, and nobody who is on a call', async () => {
    const h = await floor();
    await h.person(ANA, { queues: ['suporte', 'vendas'] });
    await h.person(BIA, { phone: false });
    await h.is(ANA, 'available');
    await h.is(BIA, 'available');
    expect([h.live('voice').free, h.live('email').free, h.live('voice', 'vendas').free]).toEqual([1, 2, 1]);
    const call = await h.comes('voice');
    expect([h.live('voice').free, h.live('email').free, h.live('email', 'vendas').free]).toEqual([0, 1, 0]);
    await h.accept(call, ANA);
    expect(h.core.router.live(COMPANY, 'vendas').agentsAvailable).toBe(0);
    expect(h.core.router.live(COMPANY, 'suporte').agentsAvailable).toBe(1);
  });

  it('tells a caller of callers: mails that wait make no estimate longer', async () => {
    const h = await floor();
    await h.person(ANA);
    await h.is(ANA, 'available');
    const first = await h.comes('voice');
    await h.accept(first, ANA);
    for (let i = 0; i < 39; i++) await h.comes('email');
    const caller = await h.comes('voice');
    expect(h.core.router.position(COMPANY, caller)).toBe(0);
    expect(h.core.router.estimatedWait(COMPANY, 'suporte', caller)).toBe(180_000);
    const { waiting, estimatedWaitMs, longestWaitMs } = h.core.router.live(COMPANY, 'suporte');
    expect([waiting, h.live('voice').waiting, h.live('email').waiting]).toEqual([40, 1, 39]);
    expect([estimatedWaitMs, h.live('voice').estimatedWaitMs]).toEqual([360_000, 360_000]);
    expect(longestWaitMs).toBe(h.live('email').longestWaitMs);
  });

  it('learns from text how long it was in hand; the time that the customer took to answer is nobody’s work', async () => {
    const h = await floor();
    await h.person(ANA);
    await h.is(ANA, 'available');
    const mail = await h.comes('email');
    await h.accept(mail, ANA);
    await h.pass(600_000);
    await h.apply(mail, { type: 'replied', messageId: 'm1' });
    await h.pass(3_600_000);
    await h.apply(mail, { type: 'customerReplied' });
    await h.pass(60_000);
    await h.apply(mail, { type: 'closed', disposition: 'ok', by: { kind: 'agent', id: ANA } });
    const took = 660_000;
    await h.is(ANA, 'paused');
    const next = await h.comes('email');
    const position = h.core.router.position(COMPANY, next);
    await h.is(ANA, 'available');
    const waits = [];
    for (let i = 0; i < 12; i++) waits.push(await h.comes('email'));
    const last = waits.at(-1) as InteractionId;
    const told = h.core.router.estimatedWait(COMPANY, 'suporte', last) ?? 0;
    expect([position, told > 0, told % (took / 12)]).toEqual([0, true, 0]);
    expect(h.live('voice').estimatedWaitMs).toBe(0);
  });

  it('has no estimate of a channel that nobody there takes', async () => {
    const h = await floor();
    await h.person(BIA, { phone: false });
    await h.is(BIA, 'available');
    expect([h.live('voice').estimatedWaitMs, h.live('email').estimatedWaitMs]).toEqual([null, 0]);
  });

  it('judges a mail by the hours of mails, a call by its seconds, and nothing where nothing came', async () => {
    const h = await floor();
    await h.person(ANA);
    const mail = await h.comes('email');
    await h.pass(3_600_000);
    await h.is(ANA, 'available');
    await h.accept(mail, ANA);
    await h.apply(mail, { type: 'connected' });
    expect(h.live('email').serviceLevel).toEqual({ formula: 'F1', thresholdMs: 14_400_000, value: 1 });
    expect(h.live('voice').serviceLevel).toEqual({ formula: 'F1', thresholdMs: 20_000, value: null });
    await h.core.queues.patch(COMPANY, 'suporte', { textLevelMs: { email: 60_000 } });
    expect(h.live('email').serviceLevel.thresholdMs).toBe(60_000);
    expect(h.live('sms').serviceLevel.thresholdMs).toBe(300_000);
  });
});
