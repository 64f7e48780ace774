import { describe, expect, it } from 'vitest';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { interactionOf } from '../../../tests/e2e/desk-world.ts';
import { createMissed } from './missed-store.ts';
import { isCallable, missedCalls } from './missed.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const at = (minute: number): string => new Date(NOW - 3_600_000 + minute * 60_000).toISOString();
const call = (id: string, minute: number, part: Partial<InteractionView> = {}): InteractionView =>
  interactionOf({ id, agent: null, timestamps: { arrivedAt: at(minute) }, ...part });
const lost = (id: string, minute: number, part: Partial<InteractionView> = {}): InteractionView =>
  call(id, minute, { state: 'missed', endCause: 'serverRestart', ...part });
const ours = (id: string, minute: number, part: Partial<InteractionView> = {}): InteractionView =>
  call(id, minute, { direction: 'outbound', state: 'closed', agent: { id: 'u1', name: 'Ana' }, ...part });
const kinds = (...contacts: InteractionView[]): string[] =>
  missedCalls(contacts, NOW).map((one) => one.followUp.kind);

describe('lost calls', () => {
  it('are to be called back until somebody spoke with the customer', () => {
    expect(kinds(lost('l', 1))).toEqual(['open']);
    expect(kinds(lost('l', 1), ours('o', 2, { state: 'active' }))).toEqual(['withNow']);
    expect(kinds(lost('l', 1), ours('o', 2, { endCause: 'notAnswered' }))).toEqual(['tried']);
    expect(kinds(lost('l', 1), ours('o', 2, { endCause: 'customer' }))).toEqual(['calledBack']);
    const served = call('i', 2, { state: 'closed', timestamps: { arrivedAt: at(2), acceptedAt: at(3) } });
    expect(kinds(lost('l', 1), served)).toEqual(['cameBack']);
    expect(kinds(lost('l', 1), ours('a', 2), ours('b', 3, { endCause: 'busy' }))).toEqual(['calledBack']);
  });

  it('are not settled by an earlier call, another number, or a customer who gave up again', () => {
    const other = ours('x', 5, { contact: { address: '+5511900000000' } });
    expect(kinds(lost('l', 3), ours('o', 1), other, call('a', 4, { state: 'abandoned' }))).toEqual(['open']);
  });

  it('stand in order: longest lost first, done ones last, those of last month nowhere', () => {
    const number = (address: string) => ({ contact: { address } });
    const list = missedCalls(
      [
        lost('new', 30, number('+5511900000001')),
        lost('done', 20, number('+5511900000002')),
        ours('o', 21, number('+5511900000002')),
        lost('old', 10, number('+5511900000003')),
        lost('ancient', -60 * 24 * 30, number('+5511900000004')),
      ],
      NOW,
    );
    expect(list.map((one) => one.contact.id)).toEqual(['old', 'new', 'done']);
  });

  it('of a hidden number are settled by no other hidden one', () => {
    const hidden = { contact: { address: 'anonymous' } };
    expect(kinds(lost('l', 1, hidden), ours('o', 2, hidden))).toEqual(['open']);
  });

  it('without a number cannot be called', () => {
    expect(isCallable(lost('l', 1))).toBe(true);
    expect(isCallable(lost('l', 1, { contact: { address: 'anonymous' } }))).toBe(false);
  });

  it('are read when the desk opens, and followed live', async () => {
    const asked: string[] = [];
    const heard = new Map<string, (payload: unknown) => void>();
    const pages: Record<string, InteractionView[]> = {
      missed: [lost('l', 1)],
      all: [lost('l', 1), call('z', -9)],
    };
    const store = createMissed({
      now: () => NOW,
      api: {
        get: (path: string) => {
          asked.push(path);
          const items = path.includes('state=missed') ? pages['missed'] : pages['all'];
          return Promise.resolve({ items, nextCursor: 'more' });
        },
      } as never,
      live: {
        on: (name: string, handler: never) => (heard.set(name, handler), () => heard.delete(name)),
      } as never,
    });
    await store.reload();
    // What is older than the oldest lost call is not asked for.
    expect(asked).toHaveLength(2);
    store.start();
    heard.get('interaction')?.({ interaction: ours('o', 4) });
    expect(store.calls.get().map((one) => one.followUp.kind)).toEqual(['calledBack']);
    store.stop();
    expect(heard.size).toBe(0);
  });
});
