import { describe, expect, it } from 'vitest';
import { arrivingContact } from '../../../tests/support/arriving.ts';
import type { AgentId } from '../../shared/ids.ts';
import { transition } from './transition.ts';
import type { InteractionEvent } from './events.ts';
import type { Interaction } from './types.ts';

const AT = new Date('2026-11-23T12:00:00Z');
const ANA = 'ana' as AgentId;

const after = (start: Interaction, ...events: readonly InteractionEvent[]): Interaction =>
  events.reduce((now, event) => {
    const outcome = transition(now, event, AT);
    if (!outcome.ok) throw new Error(`${outcome.error.code}: ${event.type}`);
    return outcome.value.next;
  }, start);

describe('an offer to the operator whom the customer prefers', () => {
  const sticky = { agentId: ANA, until: new Date(AT.getTime() + 60_000) };
  const offered = after(
    arrivingContact(AT, { channel: 'email', preferredAgent: ANA }),
    { type: 'enqueued', queue: 'suporte', sticky },
    { type: 'offered', agentId: ANA, hold: 'h1', ringMs: 20_000, wrapUpMs: 30_000 },
  );

  it('that was only taken back leaves the preference, and the place kept', () => {
    const { state } = after(offered, { type: 'offerRevoked', hold: 'h1', reason: 'presence' });
    expect(state).toMatchObject({ name: 'queued', waiting: { sticky } });
    expect(state).not.toHaveProperty('waiting.preferenceOver');
  });

  it.each<InteractionEvent>([
    { type: 'offerRejected', agentId: ANA, avoidUntil: AT },
    { type: 'offerTimedOut', hold: 'h1' },
  ])('that was $type ends both', (event) => {
    const { state } = after(offered, event);
    expect(state).toMatchObject({ name: 'queued', waiting: { sticky: null, preferenceOver: true } });
  });
});
