import { describe, expect, it } from 'vitest';
import type { InteractionView, MessageView } from '../../../src/contracts/interaction.ts';
import { interactionOf, mailTimeline } from '../../../tests/e2e/desk-world.ts';
import { settleOrder } from './settled.ts';
import { memoryStorage } from '../../../tests/support/memory-storage.ts';
import { readUnread, unreadCount, writeUnread } from './unread.ts';
import { countsOf, filterWaiting } from './waiting.ts';
import { mayExtend } from './wrap-up.ts';
import { reduceWork, type WorkEvent } from './work-events.ts';
import { emptyWork, myWork, type Work } from './work.ts';

const text = (id: string, part: Partial<InteractionView> = {}): InteractionView =>
  interactionOf({ id, channel: 'whatsapp', ...part });
const message = (id: string, words: string, part: Partial<MessageView> = {}): MessageView => ({
  ...mailTimeline()[0]!.message!,
  id,
  text: words,
  ...part,
});
const play = (...events: WorkEvent[]): Work =>
  events.reduce(reduceWork, emptyWork({ id: 'u1', queues: ['suporte'] }));
const snapshot = (...interactions: InteractionView[]): WorkEvent => ({
  type: 'snapshot',
  interactions,
  presence: null,
});
const wrote = (
  interactionId: string,
  one: MessageView,
  now: number,
  watched: string | null = null,
): WorkEvent => ({
  type: 'message',
  interactionId,
  message: one,
  now,
  watched,
});

describe('what a customer wrote in a contact in hand', () => {
  const call = interactionOf({ id: 'v' });
  const hands = snapshot(call, text('a'), text('b'), text('c', { waitingForCustomer: true }));

  it('is counted once, however often it is told', () => {
    const work = play(hands, wrote('c', message('1', 'Oi'), 10), hands, wrote('c', message('1', 'Oi'), 10));
    expect(work.unread['c']).toMatchObject({ count: 1, words: 'Oi' });
  });

  const failed = message('9', 'Resposta', {
    direction: 'outbound',
    author: { kind: 'agent', name: 'Ana' },
    status: 'failed',
  });

  it('is marked as a reply that was refused is, which counts as well, once, and is read like a word', () => {
    const work = play(hands, wrote('c', failed, 10), wrote('c', failed, 10));
    expect(work.unread['c']).toMatchObject({ count: 1, words: '', failed: true });
    const more = reduceWork(work, wrote('c', message('1', 'Oi'), 20));
    expect(more.unread['c']).toMatchObject({ count: 2, words: 'Oi', failed: true });
    expect(play(hands, wrote('c', failed, 10, 'c')).unread).toEqual({});
    expect(reduceWork(work, { type: 'select', id: 'c' }).unread).toEqual({});
    const sent = { ...failed, status: 'sent' as const };
    expect(play(hands, wrote('c', sent, 10)).unread).toEqual({});
  });

  it('is not marked by a refused text that no person wrote, nor where somebody else has the contact, or nobody', () => {
    const automatic = { ...failed, author: { kind: 'automatic' as const } };
    expect(play(hands, wrote('c', automatic, 10)).unread).toEqual({});
    const others = snapshot(
      text('q', { state: 'queued', agent: null }),
      text('o', { agent: { id: 'u2', name: 'B' } }),
    );
    expect(play(others, wrote('q', failed, 1), wrote('o', failed, 2), wrote('z', failed, 3)).unread).toEqual(
      {},
    );
  });

  it('is the same after F5, the mark of a refused reply as well', () => {
    const { unread } = play(hands, wrote('a', message('1', 'Oi'), 5), wrote('c', failed, 10));
    const memory = memoryStorage();
    writeUnread(memory, 'u1', unread);
    expect(readUnread(memory, 'u1')).toEqual(unread);
    expect(readUnread(memory, 'u2')).toEqual({});
  });

  it('is counted with its first words, and comes after the call and before all else', () => {
    const work = play(
      hands,
      wrote('c', message('1', 'Oi,\n ainda sem   sinal'), 10),
      wrote('b', message('2', 'Olá'), 20),
      wrote('c', message('3', 'alguém?'), 30),
    );
    expect(work.unread['c']).toMatchObject({ count: 2, words: 'Oi, ainda sem sinal', since: 10 });
    expect(unreadCount(work.unread)).toBe(3);
    expect(myWork(work).map((one) => one.id)).toEqual(['v', 'c', 'b', 'a']);
  });

  it('is read where somebody looks, and when the contact is opened', () => {
    expect(play(hands, wrote('a', message('1', 'x'), 1, 'a')).unread).toEqual({});
    expect(play(hands, wrote('a', message('1', 'x'), 1), { type: 'select', id: 'a' }).unread).toEqual({});
    expect(play(hands, wrote('a', message('1', 'x'), 1), { type: 'seen', id: 'a' }).unread).toEqual({});
  });

  it('is not what we wrote, what waits in a queue, or what somebody else has', () => {
    const ours = message('1', 'x', { direction: 'outbound' });
    const others = snapshot(
      text('q', { state: 'queued', agent: null }),
      text('o', { agent: { id: 'u2', name: 'B' } }),
    );
    expect(play(hands, wrote('a', ours, 1)).unread).toEqual({});
    expect(play(others, wrote('q', message('2', 'x'), 1), wrote('o', message('3', 'x'), 1)).unread).toEqual(
      {},
    );
  });

  it('while the line was away is known by whose turn it is, and counted once', () => {
    const turned: WorkEvent = {
      type: 'interaction',
      interaction: text('c', { waitingForCustomer: false }),
      now: 5,
    };
    expect(play(hands, turned).unread['c']).toEqual({ count: 1, words: '', since: 5 });
    expect(play(hands, turned, wrote('c', message('1', 'Oi'), 6)).unread['c']).toMatchObject({
      count: 1,
      words: 'Oi',
      since: 5,
    });
    expect(play(hands, wrote('c', message('1', 'Oi'), 4), turned).unread['c']?.count).toBe(1);
  });

  it('leaves with the contact', () => {
    const gone: WorkEvent = { type: 'interaction', interaction: text('a', { state: 'closed' }), now: 2 };
    expect(play(hands, wrote('a', message('1', 'x'), 1), gone).unread).toEqual({});
  });
});

describe('a contact that leaves our hands', () => {
  const hands = snapshot(interactionOf({ id: 'v', state: 'wrapUp' }), text('a'));
  const closed = interactionOf({ id: 'v', state: 'closed', disposition: 'outros.engano' });

  it('gives its place to the next work, however its end is told', () => {
    const told: WorkEvent = { type: 'interaction', interaction: closed, now: 1 };
    const read: WorkEvent = { type: 'detail', interaction: closed, timeline: [], context: null };
    for (const event of [told, read, snapshot(text('a'))]) {
      const work = play(hands, { type: 'select', id: 'v' }, event);
      expect(work.selected).toBe('a');
    }
    expect(play(snapshot(interactionOf({ id: 'v', state: 'wrapUp' })), told).selected).toBeNull();
  });

  it('or is only being read: then it stays', () => {
    const other: WorkEvent = { type: 'interaction', interaction: closed, now: 1 };
    expect(play(hands, { type: 'select', id: 'a' }, other).selected).toBe('a');
    const waiting = text('q', { state: 'queued', agent: null });
    const taken: WorkEvent = { type: 'interaction', interaction: { ...waiting, state: 'active' }, now: 1 };
    expect(play(snapshot(waiting), { type: 'select', id: 'q' }, taken).selected).toBe('q');
  });
});

describe('lists', () => {
  it('keep their rows in place while the pointer is over them', () => {
    expect(settleOrder(['a', 'b', 'c'], ['c', 'd', 'a'])).toEqual(['a', 'c', 'd']);
  });

  it('of who waits are filtered by channel and queue', () => {
    const waiting = [text('1'), interactionOf({ id: '2' }), text('3', { queue: 'vendas' })];
    const ids = (channel: 'voice' | 'whatsapp' | null, queue: string | null): string[] =>
      filterWaiting(waiting, { channel, queue }).map((one) => one.id);
    expect(ids(null, null)).toEqual(['1', '2', '3']);
    expect(ids('whatsapp', null)).toEqual(['1', '3']);
    expect(ids('whatsapp', 'vendas')).toEqual(['3']);
    expect(countsOf(waiting)).toEqual({
      channels: [
        ['whatsapp', 2],
        ['voice', 1],
      ],
      queues: [
        ['suporte', 2],
        ['vendas', 1],
      ],
    });
  });
});

describe('more time for a wrap-up', () => {
  it('is offered until the limit of the queue after the talk', () => {
    const ended = Date.parse('2026-11-26T12:00:00Z');
    const at = (second: number): string => new Date(ended + second * 1000).toISOString();
    const may = (deadline: number, now: number, maxMs?: number): boolean =>
      mayExtend({ state: 'wrapUp', deadline: at(deadline), endedAt: at(0) }, maxMs, ended + now * 1000);
    expect(may(30, 10, 180_000)).toBe(true);
    expect(may(180, 10, 180_000)).toBe(false);
    expect(may(30, 31, 180_000)).toBe(false);
    expect(may(30, 10)).toBe(true);
  });
});
