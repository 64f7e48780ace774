import { describe, expect, it, vi } from 'vitest';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { interactionOf, mariaContext } from '../../../tests/e2e/desk-world.ts';
import { windowTimers } from '../../../tests/support/window-timers.ts';
import { ApiError } from '../session/api.ts';
import { createLater, createRefresh } from './desk-refresh.ts';
import { emptyWork, type Work } from './work.ts';

type Deps = Parameters<typeof createRefresh>[0];

/** `answer` is what the server says of the contact, and may change what the desk knows of it meanwhile. */
function setup(
  known: InteractionView | null,
  answer: (know: (one: InteractionView | null) => void) => unknown,
) {
  const said: string[] = [];
  let work: Work = emptyWork({ id: 'u1', queues: [] });
  const know = (one: InteractionView | null): void => {
    work = { ...work, interactions: one === null ? {} : { [one.id]: one } };
  };
  know(known);
  const refresh = createRefresh({
    api: { get: () => Promise.resolve().then(() => answer(know)) } as unknown as Deps['api'],
    user: { id: 'u1' } as Deps['user'],
    tell: ({ type }) => said.push(type),
    work: () => work,
    later: (_id, inMs) => said.push(inMs === undefined ? 'again' : `again in ${inMs}`),
  });
  return async () => {
    await refresh('x');
    return said.splice(0);
  };
}

const version = (number: number): InteractionView => interactionOf({ id: 'x', version: number });
const detail = (one: InteractionView, state: 'loading' | 'ok' = 'ok') => {
  const context = mariaContext();
  const sections = Object.fromEntries(
    Object.entries(context.sections).map(([name, it]) => [name, { ...it, state }]),
  );
  return { interaction: one, timeline: [], context: { ...context, sections } };
};
const refuse = (status: number) => () => Promise.reject(new ApiError(status, 'x', 'x'));

describe('one contact that is asked for', () => {
  it.each([null, version(3)])('is let go where it is not ours to see, and only there', async (known) => {
    expect(await setup(known, refuse(404))()).toEqual(['gone']);
    for (const status of [0, 401, 403, 409, 500]) expect(await setup(known, refuse(status))()).toEqual([]);
  });

  it('is asked for again where it came to us while the answer said no, and let go where it went as well', async () => {
    const meanwhile = (one: InteractionView | null) => (know: (one: InteractionView | null) => void) => {
      know(one);
      return refuse(404)();
    };
    expect(await setup(null, meanwhile(version(1)))()).toEqual(['again']);
    expect(await setup(version(3), meanwhile(version(4)))()).toEqual(['again']);
    expect(await setup(version(3), meanwhile(null))()).toEqual(['gone']);
  });

  it('is told as it was answered, and asked for again where more is known by then', async () => {
    expect(await setup(version(3), () => detail(version(3)))()).toEqual(['detail']);
    expect(await setup(version(3), () => detail(version(2)))()).toEqual(['detail', 'again']);
  });

  it('of somebody else is looked at ten times more while its file loads, and anew when it was there once', async () => {
    let state: 'loading' | 'ok' = 'loading';
    const theirs = { ...version(3), agent: { id: 'u2', name: 'Bia' } };
    const ask = setup(theirs, () => detail(theirs, state));
    const looks = async () => {
      for (let n = 0; n < 20; n += 1) if ((await ask()).length === 1) return n;
      return 20;
    };
    expect(await looks()).toBe(10);
    expect(await ask()).toEqual(['detail', 'again in 1500']);
    state = 'ok';
    expect(await ask()).toEqual(['detail']);
    state = 'loading';
    expect(await looks()).toBe(10);
    const ours = { ...version(3), agent: { id: 'u1', name: 'Ana' } };
    expect(await setup(ours, () => detail(ours, 'loading'))()).toEqual(['detail']);
  });
});

describe('what is asked for later', () => {
  windowTimers();

  it('is asked for once in a burst, each contact by itself, and again in the next burst', () => {
    const ran: string[] = [];
    const later = createLater((id) => ran.push(id));
    for (const id of ['a', 'b', 'a', 'a']) later.run(id);
    vi.runAllTimers();
    expect(ran).toEqual(['a', 'b']);
    later.run('a');
    vi.runAllTimers();
    expect(ran).toEqual(['a', 'b', 'a']);
  });

  it('is not asked for by a desk that was left', () => {
    const later = createLater(() => undefined);
    later.run('a');
    later.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
