import { describe, expect, it } from 'vitest';
import { backoffMs, microphoneProblem, nextLine, watchSilence, type Line } from './phone-state.ts';

const dropped = (now: number) => ({ type: 'dropped', cause: 'closed', now, random: 0.5 }) as const;

describe('the line', () => {
  it('registers, is lost, comes back', () => {
    let line: Line = nextLine({ kind: 'off' }, { type: 'start' });
    line = nextLine(line, { type: 'registered' });
    expect(line).toEqual({ kind: 'ready' });
    line = nextLine(line, dropped(1000));
    expect(line).toMatchObject({ kind: 'lost', attempt: 1, retryAt: 1500 });
    line = nextLine(line, { type: 'retry' });
    expect(line).toEqual({ kind: 'connecting', attempt: 1 });
  });

  it('waits longer with each failure, up to 15 s', () => {
    expect([1, 2, 3, 4, 9].map((attempt) => backoffMs(attempt, 0.5))).toEqual([
      500, 1000, 2000, 4000, 15_000,
    ]);
    expect(backoffMs(9, 0)).toBe(11_250);
  });

  it('hears a drop once, and none when it is off', () => {
    const lost = nextLine({ kind: 'ready' }, dropped(0));
    expect(nextLine(lost, dropped(5))).toBe(lost);
    expect(nextLine({ kind: 'off' }, dropped(5))).toEqual({ kind: 'off' });
    expect(nextLine(lost, { type: 'registered' })).toBe(lost);
    expect(nextLine(lost, { type: 'stop' })).toEqual({ kind: 'off' });
  });
});

describe('the microphone', () => {
  it('is called silent after 6 s on a call, and heard again at once', () => {
    let state = watchSilence({ since: null, warned: false }, 0, true, 0);
    state = watchSilence(state, 0.0005, true, 5999);
    expect(state.warned).toBe(false);
    state = watchSilence(state, 0, true, 6000);
    expect(state.warned).toBe(true);
    expect(watchSilence(state, 0.05, true, 6100)).toEqual({ since: null, warned: false });
  });

  it('may be silent while muted or off the call', () => {
    const quiet = watchSilence({ since: 0, warned: true }, 0, false, 9000);
    expect(quiet).toEqual({ since: null, warned: false });
    expect(watchSilence(quiet, 0, false, 9100)).toBe(quiet);
  });

  it('tells why the browser gave none', () => {
    const named = (name: string): Error => Object.assign(new Error(), { name });
    expect(
      ['NotAllowedError', 'NotFoundError', 'NotReadableError', 'Odd'].map((n) => microphoneProblem(named(n))),
    ).toEqual(['denied', 'missing', 'busy', 'unknown']);
  });
});
