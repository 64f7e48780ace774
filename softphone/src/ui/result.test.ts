import { describe, expect, it } from 'vitest';
import { createResult, RESULT_MS, runFor, type Later } from './result.ts';

function handClock() {
  const waiting: { run: () => void; ms: number }[] = [];
  const later: Later = (run, ms) => {
    const one = { run, ms };
    waiting.push(one);
    return () => void waiting.splice(waiting.indexOf(one), 1);
  };
  const pass = (): void => {
    for (const { run } of waiting.splice(0)) run();
  };
  return { later, waiting, pass };
}
const refused = (error: unknown): string => `refused: ${String(error)}`;

describe('the result of an act', () => {
  it('stands for 8 s when it went well, and goes by itself', () => {
    const clock = handClock();
    const result = createResult(clock.later);
    result.tell('Saved');
    expect(result.store.get()).toEqual({ ok: true, text: 'Saved' });
    expect(clock.waiting.map(({ ms }) => ms)).toEqual([RESULT_MS]);
    expect(RESULT_MS).toBe(8000);
    clock.pass();
    expect(result.store.get()).toBeNull();
  });

  it('stays when it was refused: nobody has to read quickly', () => {
    const clock = handClock();
    const result = createResult(clock.later);
    result.refuse('Not now');
    expect(clock.waiting).toEqual([]);
    clock.pass();
    expect(result.store.get()).toEqual({ ok: false, text: 'Not now' });
  });

  it('goes when the next act begins, not when it ends', async () => {
    const result = createResult(handClock().later);
    result.refuse('Not now');
    const open: (() => void)[] = [];
    const doing = new Promise<void>((resolve) => open.push(resolve));
    const running = runFor(result, doing, { refused });
    expect(result.store.get()).toBeNull();
    for (const finish of open) finish();
    expect(await running).toBe(true);
    expect(result.store.get()).toBeNull();
  });

  it('never takes away the result of a later act', () => {
    const clock = handClock();
    const result = createResult(clock.later);
    result.tell('First');
    result.tell('Second');
    expect(clock.waiting).toHaveLength(1);
    result.refuse('Third');
    clock.pass();
    expect(result.store.get()?.text).toBe('Third');
  });

  it('is the refusal in words when the act fails, and the promise ends well', async () => {
    const result = createResult(handClock().later);
    expect(await runFor(result, Promise.reject(new Error('no')), { said: 'Done', refused })).toBe(false);
    expect(result.store.get()).toEqual({ ok: false, text: 'refused: Error: no' });
    expect(await runFor(result, Promise.resolve(), { said: 'Done', refused })).toBe(true);
    expect(result.store.get()).toEqual({ ok: true, text: 'Done' });
  });
});
