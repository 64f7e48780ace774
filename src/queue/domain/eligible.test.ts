import { describe, expect, it } from 'vitest';
import { availableAgent } from '../../../tests/support/available-agent.ts';
import type { Agent, Work } from '../../agents/index.ts';
import type { Channel } from '../../contracts/common.ts';
import type { InteractionId } from '../../shared/ids.ts';
import { slotOf } from '../slots.ts';
import { freeFor, placesFor, type Ask } from './eligible.ts';

const handsOf = (agent: Agent) => ({ now: slotOf(agent), emptied: slotOf({ ...agent, work: [] }) });
const ask = (channel: Channel, patch: Partial<Ask> = {}): Ask => ({
  queue: 'suporte',
  channel,
  weight: channel === 'voice' ? 0 : channel === 'email' ? 15 : 25,
  skills: [],
  ...patch,
});
const work = (channel: Channel, patch: Partial<Work> = {}): Work => ({
  interactionId: `${channel}-1` as InteractionId,
  channel,
  token: 't',
  weight: ask(channel).weight,
  counts: true,
  phase: 'work',
  expiresAt: null,
  ...patch,
});
const AT = new Date(0);
const there: Partial<Agent> = { skills: { fibra: 2 } };
const personOf = (more: Partial<Agent> = {}) => handsOf(availableAgent(AT, { ...there, ...more }));
const phoneAway = { up: false, autoAnswer: false };
const presence = (state: 'paused' | 'offline') => ({ state, reason: null, at: AT });

describe('who could take a contact of the queue now', () => {
  it.each<[why: string, agent: Partial<Agent>, voice: number, email: number, chat: number]>([
    ['available, with a phone and empty hands', {}, 1, 1, 1],
    ['without a phone that can be reached', { softphone: phoneAway }, 0, 1, 1],
    ['on a call, or in its wrap-up', { work: [work('voice')] }, 0, 0, 0],
    [
      'while a call is being offered',
      { work: [work('voice', { phase: 'hold', expiresAt: new Date(9) })] },
      0,
      0,
      0,
    ],
    [
      'while a mail is being offered',
      { work: [work('email', { phase: 'hold', expiresAt: new Date(9) })] },
      1,
      0,
      0,
    ],
    ['with a mail in hand', { work: [work('email')] }, 1, 1, 1],
    ['with room for a mail only', { work: [work('sms', { weight: 85 })] }, 1, 1, 0],
    ['full of text', { work: [work('sms', { weight: 100 })] }, 1, 0, 0],
    [
      'whose conversations all wait for the customer',
      { work: [work('sms', { weight: 100, counts: false })] },
      1,
      1,
      1,
    ],
    ['on a pause', { presence: presence('paused') }, 0, 0, 0],
    ['gone home', { presence: presence('offline') }, 0, 0, 0],
    ['of another queue', { queues: ['financeiro'] }, 0, 0, 0],
    ['switched off', { active: false }, 0, 0, 0],
  ])('%s', (_why, patch, voice, email, chat) => {
    const people = [personOf(patch)];
    expect([
      freeFor(people, [ask('voice')]),
      freeFor(people, [ask('email')]),
      freeFor(people, [ask('whatsapp')]),
    ]).toEqual([voice, email, chat]);
  });

  it('asks for the skills of what waits; one of these is enough', () => {
    const people = [personOf()];
    const english = ask('voice', { skills: ['ingles'] });
    const fibre = ask('voice', { skills: ['fibra'] });
    expect(freeFor(people, [english])).toBe(0);
    expect(freeFor(people, [english, fibre])).toBe(1);
  });

  it('counts a person once, whatever of all this it could take', () => {
    const people = [personOf()];
    expect(freeFor(people, [ask('voice'), ask('email'), ask('sms')])).toBe(1);
  });
});

describe('places for contacts of one kind', () => {
  const people = [
    personOf({ work: [work('voice')] }),
    personOf({ work: [work('sms'), work('email')] }),
    personOf({ softphone: phoneAway, work: [work('sms', { phase: 'hold', weight: 0 })] }),
    personOf({ presence: presence('paused') }),
  ];
  it.each<[Channel, number, number]>([
    ['voice', 2, 1],
    ['whatsapp', 12, 6],
    ['email', 18, 10],
  ])('%s: so many in all, so many free', (channel, all, free) => {
    expect(placesFor(people, ask(channel))).toEqual({ all, free });
  });
});
