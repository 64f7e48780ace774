import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivingContact } from '../../../tests/support/arriving.ts';
import type { AgentId } from '../../shared/ids.ts';
import { transition } from './transition.ts';
import type { InteractionEvent } from './events.ts';
import type { Interaction } from './types.ts';

const AT = new Date('2026-11-23T12:00:00Z');

const agent = fc.constantFrom('ana' as AgentId, 'bruno' as AgentId);
const hold = fc.constantFrom('h1', 'h2', 'h3');
const anyEvent: fc.Arbitrary<InteractionEvent> = fc.oneof(
  fc.constantFrom<InteractionEvent>(
    { type: 'flowStarted', flow: 'principal' },
    { type: 'enqueued', queue: 'suporte' },
    { type: 'enqueued', queue: 'financeiro', priority: 2, protocolType: 'complaint' },
    { type: 'connected' },
    { type: 'held' },
    { type: 'resumed' },
    { type: 'customerSilent', forMs: 8000 },
    { type: 'customerHeard' },
    { type: 'agentLost' },
    { type: 'requeued', queue: 'financeiro' },
    { type: 'requeued', priority: 1 },
    { type: 'transferred', to: { type: 'queue', id: 'financeiro' }, mode: 'blind' },
    { type: 'transferred', to: { type: 'number', id: '+551140004000' }, mode: 'blind' },
    { type: 'customerLeft', by: 'customer' },
    { type: 'customerLeft', by: 'server', cause: 'trunk' },
    { type: 'agentEnded' },
    { type: 'endedByOrder', reason: 'x', by: { kind: 'system' } },
    { type: 'replied', messageId: 'm' },
    { type: 'customerReplied' },
    { type: 'replyFailed', messageId: 'm' },
    { type: 'missed', cause: 'crash' },
    { type: 'callbackScheduled', dueAt: AT },
    { type: 'recordingStarted' },
  ),
  fc.record({ a: agent, h: hold }).map(
    ({ a, h }): InteractionEvent => ({
      type: 'offered',
      agentId: a,
      hold: h,
      ringMs: 20_000,
      wrapUpMs: 30_000,
    }),
  ),
  agent.map((agentId): InteractionEvent => ({ type: 'accepted', agentId })),
  agent.map((agentId): InteractionEvent => ({ type: 'offerRejected', agentId, avoidUntil: AT })),
  fc
    .record({ a: agent, h: hold })
    .map(
      ({ a, h }): InteractionEvent => ({ type: 'accepted', agentId: a, direct: { hold: h, wrapUpMs: 1 } }),
    ),
  hold.chain((h) =>
    fc.constantFrom<InteractionEvent>(
      { type: 'offerTimedOut', hold: h },
      { type: 'offerRevoked', hold: h, reason: 'x' },
      { type: 'wrapUpExpired', hold: h },
      { type: 'holdVoided', hold: h },
    ),
  ),
  fc
    .constantFrom(null, 'a', 'b')
    .map((disposition): InteractionEvent => ({ type: 'closed', disposition, by: { kind: 'system' } })),
);

describe('any sequence of events', () => {
  const channel = fc.constantFrom<Interaction['channel']>('voice', 'email', 'whatsapp');
  const life = fc.record({
    channel,
    direction: fc.constantFrom<Interaction['direction']>('inbound', 'outbound'),
    events: fc.array(anyEvent, { maxLength: 60 }),
  });

  it('gives back each capacity that it takes, exactly once', () => {
    fc.assert(
      fc.property(life, ({ channel: by, direction, events }) => {
        let now = arrivingContact(AT, { channel: by, direction });
        let held: string | undefined;
        for (const event of events) {
          const outcome = transition(now, event, AT);
          if (!outcome.ok) continue;
          const released = outcome.value.effects.filter(
            (effect) => effect.kind === 'agent.release' || effect.kind === 'agent.noAnswer',
          );
          now = outcome.value.next;
          const claim = 'claim' in now.state ? now.state.claim.hold : undefined;
          const gone = held !== undefined && held !== claim ? [held] : [];
          expect(released.map((effect) => effect.hold)).toEqual(gone);
          held = claim;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('grows the version by one with each line, and writes nothing for what had happened', () => {
    fc.assert(
      fc.property(life, ({ channel: by, direction, events }) => {
        let now = arrivingContact(AT, { channel: by, direction });
        for (const event of events) {
          const outcome = transition(now, event, AT);
          if (!outcome.ok) continue;
          const { next, line, effects } = outcome.value;
          expect(next.version).toBe(now.version + (line === null ? 0 : 1));
          if (line === null) expect({ next, effects }).toEqual({ next: now, effects: [] });
          now = next;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps queue and segments together: one open stay while waiting, none at the end', () => {
    fc.assert(
      fc.property(life, ({ channel: by, direction, events }) => {
        let now = arrivingContact(AT, { channel: by, direction });
        for (const event of events) {
          const outcome = transition(now, event, AT);
          if (outcome.ok) now = outcome.value.next;
          const open = now.segments.filter((segment) => segment.endedAt === null);
          if (now.state.name === 'queued' || now.state.name === 'offered') {
            expect(open.map((segment) => segment.queue)).toEqual([now.queue]);
            expect(now.state.waiting.queue).toBe(now.queue);
          }
          if (['closed', 'abandoned', 'missed', 'wrapUp'].includes(now.state.name)) expect(open).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
