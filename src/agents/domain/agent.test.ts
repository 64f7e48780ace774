import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availableAgent } from '../../../tests/support/available-agent.ts';
import type { InteractionId } from '../../shared/ids.ts';
import {
  confirm,
  hold,
  noAnswer,
  onVoice,
  release,
  setCounts,
  setPresence,
  textLoad,
  type Agent,
} from './agent.ts';
import { breaksUsed } from './breaks.ts';

const AT = new Date('2026-11-23T12:00:00Z');
const later = (ms: number): Date => new Date(AT.getTime() + ms);

const ana = availableAgent(AT);

const WEIGHT = { voice: 0, email: 15, whatsapp: 25 } as const;
const want = (agent: Agent, id: string, channel: keyof typeof WEIGHT): Agent | string =>
  hold(agent, {
    interactionId: id as InteractionId,
    channel,
    weight: WEIGHT[channel],
    token: `t-${id}`,
    expiresAt: later(25_000),
  });
const take = (agent: Agent, id: string, channel: keyof typeof WEIGHT): Agent => {
  const held = want(agent, id, channel);
  if (typeof held === 'string') throw new Error(held);
  return confirm(held, `t-${id}`);
};

describe('capacity', () => {
  it('gives nothing new on a call and in its wrap-up, until it is released', () => {
    const onCall = take(ana, 'call', 'voice');
    expect(want(onCall, 'x', 'voice')).toBe('agent.onCall');
    expect(want(onCall, 'x', 'email')).toBe('agent.onCall');
    expect(release(onCall, 't-call', later(1000)).idleSince).toEqual(later(1000));
    expect(want(release(onCall, 't-call', AT), 'x', 'voice')).toBeTypeOf('object');
  });

  it('fits four WhatsApp conversations, or three and one e-mail, and a call on top', () => {
    const three = ['a', 'b', 'c'].reduce((agent, id) => take(agent, id, 'whatsapp'), ana);
    expect(want(take(three, 'd', 'whatsapp'), 'e', 'email')).toBe('agent.full');
    expect(want(take(three, 'd', 'email'), 'e', 'email')).toBe('agent.full');
    expect(want(take(three, 'd', 'whatsapp'), 'call', 'voice')).toBeTypeOf('object');
  });

  it('lets one text ring at a time; a call rings on top, and what the person takes rings not at all', () => {
    const offer = { rings: true as const, token: 't', expiresAt: later(25_000) };
    const mail = { ...offer, interactionId: 'm' as InteractionId, channel: 'email', weight: 15 } as const;
    const ringing = hold(ana, mail) as Agent;
    const next = { ...mail, interactionId: 'n' as InteractionId, token: 'u' };
    expect(hold(ringing, next)).toBe('agent.ringing');
    const { rings: _rings, ...taken } = next;
    expect(hold(ringing, taken)).toMatchObject({ work: [{ token: 't' }, { token: 'u' }] });
    expect(hold(ringing, { ...next, channel: 'voice', weight: 0 })).toBeTypeOf('object');
    expect(hold(confirm(ringing, 't'), next)).toBeTypeOf('object');
  });

  it('counts nothing for who waits for the customer', () => {
    const four = ['a', 'b', 'c', 'd'].reduce((agent, id) => take(agent, id, 'whatsapp'), ana);
    expect(textLoad(setCounts(four, 't-a', false))).toBe(75);
  });

  it('needs a softphone for voice and presence for anything', () => {
    expect(want({ ...ana, softphone: { up: false, autoAnswer: false } }, 'x', 'voice')).toBe(
      'agent.noSoftphone',
    );
    expect(want(setPresence(ana, 'paused', 'meal', AT), 'x', 'email')).toBe('agent.notAvailable');
  });

  it('pauses who did not answer, once', () => {
    const held = want(ana, 'x', 'voice') as Agent;
    const paused = noAnswer(held, 't-x', later(20_000));
    expect(paused).toMatchObject({ work: [], presence: { state: 'paused', reason: 'noAnswer' } });
    const back = setPresence(paused, 'available', null, later(30_000));
    expect(noAnswer(back, 't-x', later(40_000))).toBe(back);
  });

  it('is never exceeded by what is given, whatever happens in between', () => {
    const step = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      channel: fc.constantFrom('voice' as const, 'email' as const, 'whatsapp' as const),
      act: fc.constantFrom('take', 'take', 'release', 'waits', 'answers'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let agent = ana;
        for (const { id, channel, act } of steps) {
          const before = textLoad(agent);
          if (act === 'release') agent = release(agent, `t-${id}`, AT);
          else if (act !== 'take') agent = setCounts(agent, `t-${id}`, act === 'answers');
          else {
            const held = want(agent, id, channel);
            if (typeof held === 'string') continue;
            expect(onVoice(agent)).toBe(false);
            if (channel !== 'voice') expect(before + WEIGHT[channel]).toBeLessThanOrEqual(100);
            agent = held;
          }
          expect(agent.work.filter((work) => work.channel === 'voice').length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('breaks', () => {
  it('shows what is left of the legal budget, the running one included', () => {
    const log = [
      { state: 'available', reason: null, at: AT },
      { state: 'paused', reason: 'break', at: later(60_000) },
      { state: 'available', reason: null, at: later(360_000) },
      { state: 'paused', reason: 'toilet', at: later(400_000) },
    ] as const;
    expect(breaksUsed(log, AT, later(500_000))).toEqual([
      { reason: 'break', times: 1, usedMs: 300_000, budgetMs: 1_200_000, leftMs: 900_000 },
      { reason: 'meal', times: 0, usedMs: 0, budgetMs: 1_200_000, leftMs: 1_200_000 },
      { reason: 'toilet', times: 1, usedMs: 100_000, budgetMs: null, leftMs: null },
    ]);
  });
});
