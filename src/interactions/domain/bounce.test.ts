import { describe, expect, it } from 'vitest';
import { arrivingContact } from '../../../tests/support/arriving.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { InteractionEvent } from './events.ts';
import { transition } from './transition.ts';
import type { Channel, Interaction } from './types.ts';

const AT = new Date('2026-11-23T12:00:00Z');
const ANA = 'ana' as AgentId;
const enqueue: InteractionEvent = { type: 'enqueued', queue: 'suporte' };
const take = (hold: string): InteractionEvent => ({
  type: 'accepted',
  agentId: ANA,
  direct: { hold, wrapUpMs: 30_000 },
});
const lost: InteractionEvent = { type: 'agentLost', reason: 'offline' };
const movedAway: InteractionEvent = { type: 'requeued', queue: 'financeiro' };

/** Applies events one second apart; an error ends the test. */
const played = (channel: Channel, ...events: readonly InteractionEvent[]): Interaction =>
  events.reduce(
    (now, event, i) => {
      const outcome = transition(now, event, new Date(AT.getTime() + (i + 1) * 1000));
      if (!outcome.ok) throw new Error(`${outcome.error.code} for ${event.type}`);
      return outcome.value.next;
    },
    arrivingContact(AT, { channel }),
  );

const stays = ({ segments }: Interaction) =>
  segments.map(({ outcome, talkAt }) => [outcome, talkAt !== null]);

describe('a contact that was taken, and came back before a word', () => {
  it.each([
    ['email', lost],
    ['whatsapp', movedAway],
    ['voice', lost],
    ['voice', movedAway],
  ] as const)('was answered by nobody: %s, %o', (channel, back) => {
    const bounced = played(channel, enqueue, take('h1'), back, take('h2'), back);
    expect(stays(bounced)).toEqual([
      ['moved', false],
      ['moved', false],
      [null, false],
    ]);
    expect(bounced.segments.map(({ agentId }) => agentId)).toEqual([null, null, null]);
    expect(bounced.timestamps.acceptedAt).toBeNull();
  });

  it('is accepted when somebody keeps it', () => {
    const kept = played('email', enqueue, take('h1'), lost, take('h2'));
    expect(kept.timestamps.acceptedAt).toEqual(new Date(AT.getTime() + 4_000));
    expect(stays(kept)).toEqual([
      ['moved', false],
      ['answered', true],
    ]);
  });

  it.each([
    ['email', [{ type: 'replied', messageId: 'm1' }]],
    ['whatsapp', [{ type: 'replied', messageId: 'm1' }, { type: 'customerReplied' }]],
    ['voice', [{ type: 'connected' }]],
  ] as const)('stays answered after a word: %s', (channel, said) => {
    const back = played(channel, enqueue, take('h1'), ...said, lost);
    expect(stays(back)).toEqual([
      ['answered', true],
      [null, false],
    ]);
    expect(back.timestamps.acceptedAt).toEqual(new Date(AT.getTime() + 2_000));
    // A bounce later on takes nothing away from the word that was said.
    const said2 = transition(back, take('h2'), AT);
    if (!said2.ok) throw new Error(said2.error.code);
    const again = transition(said2.value.next, lost, AT);
    expect(again.ok && again.value.next.timestamps.acceptedAt).toEqual(new Date(AT.getTime() + 2_000));
    expect(again.ok && stays(again.value.next)).toEqual([
      ['answered', true],
      ['moved', false],
      [null, false],
    ]);
  });
});
