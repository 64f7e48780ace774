import { describe, expect, it } from 'vitest';
import { arrivingContact } from '../../../tests/support/arriving.ts';
import type { AgentId } from '../../shared/ids.ts';
import { transition } from './transition.ts';
import type { InteractionEvent } from './events.ts';
import type { Interaction } from './types.ts';

const START = Date.parse('2026-11-23T12:00:00Z');
const ANA = 'ana' as AgentId;
const by = { kind: 'agent', id: 'ana', name: 'Ana' } as const;
const contact = arrivingContact(new Date(START), {
  state: {
    name: 'active',
    claim: { agentId: ANA, hold: 'h1', wrapUpMs: 30_000 },
    waiting: null,
    acceptedAt: new Date(START),
    connectedAt: new Date(START),
    onHold: false,
    waitingForCustomer: false,
  },
  queue: 'suporte',
  agent: { id: ANA, name: 'Ana' },
  timestamps: {
    arrivedAt: new Date(START),
    queuedAt: null,
    offeredAt: null,
    acceptedAt: new Date(START),
    closedAt: null,
  },
});

/** Events with their second after the start; an error ends the test. */
function play(...events: readonly (readonly [second: number, event: InteractionEvent])[]): Interaction {
  return events.reduce((now, [second, event]) => {
    const outcome = transition(now, event, new Date(START + second * 1000));
    if (!outcome.ok) throw new Error(outcome.error.code);
    return outcome.value.next;
  }, contact);
}
const hungUp = { type: 'customerLeft', by: 'customer' } as const;
const draft = (disposition: string | null, note: string | null): InteractionEvent => ({
  type: 'drafted',
  draft: { disposition, note },
});
const more = { type: 'wrapUpExtended', byMs: 60_000, maxMs: 120_000, actor: by } as const;
const expired = { type: 'wrapUpExpired', hold: 'h1' } as const;

describe('a wrap-up that ends by itself', () => {
  it('is closed with what was typed until then, in the call or after it', () => {
    const closed = play(
      [1, draft(null, 'loja sem luz')],
      [10, hungUp],
      [20, draft('suporte.lentidao', 'loja')],
    );
    const outcome = transition(closed, expired, new Date(START + 40_000));
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        next: { state: { name: 'closed' }, disposition: 'suporte.lentidao' },
        line: {
          kind: 'closed',
          data: { disposition: 'suporte.lentidao', note: 'loja', wrapUpExpired: true },
        },
        effects: expect.arrayContaining([
          { kind: 'contact.closed', disposition: 'suporte.lentidao' },
        ]) as unknown,
      },
    });
    const fromTheCall = transition(
      play([1, draft(null, 'loja')], [10, hungUp]),
      expired,
      new Date(START + 40_000),
    );
    expect(fromTheCall).toMatchObject({ value: { line: { data: { disposition: null, note: 'loja' } } } });
  });

  it('without a word typed is closed without a reason, which is still welcome later', () => {
    const closed = play([10, hungUp], [40, expired]);
    expect(closed).toMatchObject({ state: { name: 'closed' }, disposition: null });
    const late = { type: 'closed', disposition: 'outros.engano', by } as const;
    expect(transition(closed, late, new Date(START + 50_000))).toMatchObject({
      value: { next: { disposition: 'outros.engano' } },
    });
  });

  it('keystrokes are stored once each, without a line in the journal', () => {
    const typed = transition(contact, draft(null, 'a'), new Date(START));
    expect(typed).toMatchObject({ value: { unlogged: true, effects: [] } });
    const again = transition(play([1, draft(null, 'a')]), draft(null, 'a'), new Date(START + 2000));
    expect(again).toMatchObject({ ok: true, value: { line: null } });
    expect(
      transition(play([10, hungUp], [40, expired]), draft(null, 'a'), new Date(START + 50_000)),
    ).toMatchObject({
      ok: false,
      error: { code: 'interaction.ended' },
    });
  });
});

describe('more time for a wrap-up', () => {
  const deadlineOf = ({ state }: Interaction): number | null =>
    state.name === 'wrapUp' ? (state.deadline.getTime() - START) / 1000 : null;

  it('counts from the press, and ends at the limit after the talk', () => {
    expect(deadlineOf(play([10, hungUp]))).toBe(40);
    expect(deadlineOf(play([10, hungUp], [30, more]))).toBe(90);
    expect(deadlineOf(play([10, hungUp], [30, more], [80, more]))).toBe(130);
    const full = transition(play([10, hungUp], [80, more]), more, new Date(START + 100_000));
    expect(full).toMatchObject({ ok: false, error: { code: 'wrapUp.limit' } });
  });

  it('is told, and means nothing while the customer is on the line', () => {
    expect(transition(play([10, hungUp]), more, new Date(START + 20_000))).toMatchObject({
      value: { line: { kind: 'wrapUpExtended', actor: by } },
    });
    expect(transition(contact, more, new Date(START))).toMatchObject({ ok: false });
  });
});
