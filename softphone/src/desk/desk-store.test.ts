import { describe, expect, it, vi } from 'vitest';
import { interactionOf, mailTimeline, offerOf } from '../../../tests/e2e/desk-world.ts';
import { memoryStorage } from '../../../tests/support/memory-storage.ts';
import { windowTimers } from '../../../tests/support/window-timers.ts';
import { ApiError, type Api } from '../session/api.ts';
import type { Live } from '../session/live.ts';
import { createStore } from '../ui/store.ts';
import { createDeskStore, type DeskDeps } from './desk-store.ts';
import { waitingWork } from './work.ts';

interface Late {
  readonly promise: Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: Error): void;
}
function withResolvers(): Late {
  let settle: Omit<Late, 'promise'> = { resolve: () => undefined, reject: () => undefined };
  const promise = new Promise((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle };
}

/** A desk whose list of contacts arrives when the test says so. `detail`: what is answered to a question for one contact. */
function setup(
  detail?: (url: string) => Promise<unknown>,
  watched?: DeskDeps['watched'],
  memory: Storage = memoryStorage(),
  me?: () => Promise<{ role: string; queues: string[] }>,
) {
  const lists: string[] = [];
  const handlers = new Map<string, (payload: unknown) => void>();
  let answer: (list: { items: unknown[]; nextCursor?: null }) => void = () => undefined;
  const list = new Promise<{ items: unknown[]; nextCursor?: null }>((resolve) => (answer = resolve));
  const api = {
    get: (url: string) =>
      url.startsWith('/api/v1/interactions?')
        ? (lists.push(url), list)
        : (detail?.(url) ??
          Promise.reject(new ApiError(url.endsWith('/gone') ? 404 : 0, 'interaction.notFound', url))),
  } as unknown as Api;
  const live = {
    on: (name: string, handler: (payload: unknown) => void) => {
      handlers.set(name, handler);
      return () => void handlers.delete(name);
    },
  } as unknown as Live;
  const people = {
    store: createStore({}),
    reload: () => Promise.resolve(),
    stop: () => undefined,
  };
  const desk = createDeskStore({
    api,
    live,
    people,
    user: {
      id: 'u1',
      name: 'Ana',
      username: 'ana',
      role: 'operator',
      queues: ['suporte'],
    },
    drafts: {
      settle: () => undefined,
      store: createStore({}),
    } as unknown as DeskDeps['drafts'],
    now: () => 0,
    memory,
    ...(watched === undefined ? {} : { watched }),
    ...(me === undefined ? {} : { me: me as unknown as NonNullable<DeskDeps['me']> }),
  });
  return { desk, answer, lists, tell: (name: string, payload: unknown) => handlers.get(name)?.(payload) };
}

describe('the desk store', () => {
  it('keeps an offer that came while an older list was on its way', async () => {
    const { desk, answer, tell } = setup();
    desk.start();
    const reloaded = desk.reload();
    tell('offer', offerOf());
    answer({ items: [] });
    await reloaded;
    expect(desk.work.get().loaded).toBe(true);
    expect(desk.work.get().offers.map((one) => one.interaction.id)).toEqual(['o1']);
  });

  it('does not bring back an offer that was revoked meanwhile', async () => {
    const { desk, answer, tell } = setup();
    desk.start();
    const reloaded = desk.reload();
    tell('offer:revoked', { interactionId: 'o1' });
    answer({ items: [offerOf().interaction] });
    await reloaded;
    expect(desk.work.get().offers).toEqual([]);
  });

  it('follows other queues: it asks who this is and then for its lists anew', async () => {
    let queues = ['suporte'];
    const { desk, answer, tell } = setup(undefined, undefined, undefined, () =>
      Promise.resolve({ role: 'operator', queues }),
    );
    const shown = () => waitingWork(desk.work.get()).map((one) => one.queue);
    desk.start();
    answer({
      items: ['suporte', 'vendas'].map((queue) => interactionOf({ id: queue, state: 'queued', queue })),
    });
    await new Promise(setImmediate);
    expect(shown()).toEqual(['suporte']);
    queues = ['vendas'];
    tell('resync', { reason: 'reach' });
    await new Promise(setImmediate);
    expect(shown()).toEqual(['vendas']);
  });

  it.each([
    ['the same', { role: 'operator', queues: ['suporte'] }, [true]],
    ['of other queues', { role: 'operator', queues: ['vendas'] }, [true, true]],
    ['of another role', { role: 'supervisor', queues: ['suporte'] }, [true, false]],
  ])('asks for its lists as who this is now: %s', async (_what, who, own) => {
    const { desk, answer, lists, tell } = setup(undefined, undefined, undefined, () =>
      Promise.resolve({ id: 'u1', ...who }),
    );
    desk.start();
    answer({ items: [], nextCursor: null });
    await new Promise(setImmediate);
    lists.length = 0;
    tell('resync', { reason: 'reach' });
    await new Promise(setImmediate);
    const inHand = lists.filter((url) => url.includes('wrapUp'));
    expect(inHand.map((url) => url.includes('agent=u1'))).toEqual(own);
  });

  it('lets go of a contact that is not ours to see any more', async () => {
    const { desk, answer } = setup();
    desk.start();
    const reloaded = desk.reload();
    answer({ items: [interactionOf({ id: 'gone' })] });
    await reloaded;
    await new Promise(setImmediate);
    expect(desk.work.get()).toMatchObject({ interactions: {}, selected: null });
  });

  it('opens after F5 the contact that was open, and the first in hand when that one is gone', async () => {
    const memory = memoryStorage();
    const hands = ['a', 'b', 'c'].map((id) => interactionOf({ id, channel: 'email' }));
    const reloaded = async (items: unknown[]) => {
      const { desk, answer } = setup(undefined, undefined, memory);
      desk.start();
      answer({ items });
      await new Promise(setImmediate);
      return desk;
    };
    const before = await reloaded(hands);
    expect(before.work.get().selected).toBe('a');
    before.open('c');
    expect((await reloaded(hands)).work.get().selected).toBe('c');
    expect((await reloaded(hands.slice(0, 2))).work.get().selected).toBe('a');
    expect((await reloaded([])).work.get().selected).toBeNull();
  });

  describe('the next contact, which comes by itself after a close,', () => {
    const hands = ['a', 'b'].map((id) => interactionOf({ id, channel: 'whatsapp' }));
    const inbound = { ...mailTimeline()[0]!.message!, id: 'm1', text: 'Oi' };

    /** A is open; something is written in B; A is closed. */
    async function closed(hasFocus: boolean) {
      const { desk, answer, tell } = setup(undefined, (selected) => (hasFocus ? selected : null));
      desk.start();
      answer({ items: hands });
      await new Promise(setImmediate);
      desk.open('a');
      tell('message', { interactionId: 'b', message: inbound });
      expect(desk.work.get().unread['b']?.count).toBe(1);
      tell('interaction', { interaction: { ...hands[0]!, state: 'closed' } });
      expect(desk.work.get().selected).toBe('b');
      return desk.work.get().unread;
    }

    it('is read, because it is shown', async () => {
      expect(await closed(true)).toEqual({});
    });

    it('stays unread behind another window', async () => {
      expect((await closed(false))['b']?.count).toBe(1);
    });
  });

  describe('an answer that was asked before the contact changed', () => {
    windowTimers();
    const { interaction } = offerOf();
    const inHand = { ...interaction, version: 7, state: 'active' as const, deadline: undefined };

    /** The contact is in hand; what the server says of it is told when the test says so. */
    async function asked(first: (settle: Late) => void) {
      const questions: string[] = [];
      const late = withResolvers();
      const { desk, answer, tell } = setup((url) => {
        questions.push(url);
        return questions.length === 1
          ? late.promise
          : Promise.resolve({ interaction: inHand, timeline: [], context: null });
      });
      desk.start();
      answer({ items: [] });
      await vi.advanceTimersByTimeAsync(0);
      const refreshed = desk.refresh('o1');
      tell('interaction', { interaction: inHand });
      first(late);
      await refreshed;
      return { desk, questions };
    }

    it('does not take it out of the hand, and is asked again', async () => {
      const { desk, questions } = await asked((late) =>
        late.resolve({ interaction: { ...interaction, version: 6 }, timeline: [], context: null }),
      );
      expect(desk.work.get()).toMatchObject({ selected: 'o1', interactions: { o1: { version: 7 } } });
      const before = questions.length;
      await vi.advanceTimersByTimeAsync(5_000);
      expect(questions.length).toBeGreaterThan(before);
    });

    it('does not say that it is not ours when it came to us meanwhile', async () => {
      const { desk } = await asked((late) => late.reject(new ApiError(404, 'interaction.notFound', '')));
      expect(desk.work.get()).toMatchObject({ selected: 'o1', interactions: { o1: { version: 7 } } });
      await vi.advanceTimersByTimeAsync(5_000);
      expect(desk.work.get().selected).toBe('o1');
    });
  });
});
