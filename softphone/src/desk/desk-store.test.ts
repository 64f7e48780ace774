import { describe, expect, it } from 'vitest';
import { offerOf } from '../../../tests/e2e/desk-world.ts';
import type { Api } from '../session/api.ts';
import type { Live } from '../session/live.ts';
import { createStore } from '../ui/store.ts';
import { createDeskStore, type DeskDeps } from './desk-store.ts';

/** A desk whose list of contacts arrives when the test says so. */
function setup() {
  const handlers = new Map<string, (payload: unknown) => void>();
  let answer: (list: { items: unknown[] }) => void = () => undefined;
  const list = new Promise<{ items: unknown[] }>((resolve) => (answer = resolve));
  const api = {
    get: (url: string) => (url.startsWith('/api/v1/interactions?') ? list : Promise.reject(new Error(url))),
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
    drafts: { forget: () => undefined } as unknown as DeskDeps['drafts'],
    now: () => 0,
  });
  return { desk, answer, tell: (name: string, payload: unknown) => handlers.get(name)?.(payload) };
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
});
