import { describe, expect, it } from 'vitest';
import { createDeadlines, remainingMs, RETRY_MS } from './deadlines.ts';

/** A clock whose timers ring when the test says so, as often as it says. */
function rig() {
  const timers: { delayMs: number; fn: () => void; cancelled: boolean }[] = [];
  const errors: string[] = [];
  const ran: string[] = [];
  const deadlines = createDeadlines(
    {
      after(delayMs, fn) {
        const timer = { delayMs, fn, cancelled: false };
        timers.push(timer);
        return { cancel: () => void (timer.cancelled = true) };
      },
    },
    (error, key) => errors.push(`${key}: ${String(error)}`),
  );
  const set = (mark: string, inMs: number, run: () => unknown = () => ran.push(mark)) =>
    deadlines.set('k', { mark, inMs, run });
  return { timers, errors, ran, deadlines, set };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('deadlines', () => {
  it('run when their time has come, and are ahead until then', () => {
    const { timers, ran, deadlines, set } = rig();
    set('a', 500);
    expect(timers[0]!.delayMs).toBe(500);
    expect([deadlines.ahead('k'), deadlines.size]).toEqual([true, 1]);
    timers[0]!.fn();
    expect(ran).toEqual(['a']);
    expect([deadlines.ahead('k'), deadlines.size]).toEqual([false, 0]);
  });

  it('go on as they are when the record changes around them', () => {
    const { timers, ran, set } = rig();
    set('a', 500);
    set('a', 499);
    expect(timers).toHaveLength(1);
    timers[0]!.fn();
    // Carried out: the same mark does not begin again.
    set('a', 0);
    expect(timers).toHaveLength(1);
    expect(ran).toEqual(['a']);
  });

  it('give way to another one under the same key', () => {
    const { timers, ran, set } = rig();
    set('a', 500);
    set('b', 700);
    expect(timers[0]!.cancelled).toBe(true);
    timers[0]!.fn();
    expect(ran).toEqual([]);
    timers[1]!.fn();
    expect(ran).toEqual(['b']);
  });

  it('end with the change that makes them moot', () => {
    const { timers, ran, deadlines, set } = rig();
    set('a', 500);
    deadlines.set('k', null);
    expect(timers[0]!.cancelled).toBe(true);
    timers[0]!.fn();
    expect(ran).toEqual([]);
    set('a', 500);
    expect(timers).toHaveLength(2);
  });

  it('run once when their timer rings twice', () => {
    const { timers, ran, set } = rig();
    set('a', 500);
    timers[0]!.fn();
    timers[0]!.fn();
    expect(ran).toEqual(['a']);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('disk'))],
    [
      'throws',
      () => {
        throw new Error('disk');
      },
    ],
  ])('are tried again when carrying out %s, until it succeeds', async (_how, fail) => {
    const { timers, errors, ran, deadlines, set } = rig();
    let works = false;
    set('a', 500, () => (works ? ran.push('a') : fail()));
    timers[0]!.fn();
    await turn();
    expect(errors).toEqual(['k: Error: disk']);
    expect([timers[1]!.delayMs, deadlines.size]).toEqual([RETRY_MS, 1]);
    works = true;
    timers[1]!.fn();
    await turn();
    expect([ran, timers.length, deadlines.size]).toEqual([['a'], 2, 0]);
  });

  it('are not tried again when they became moot, or their owner stopped', async () => {
    const { timers, deadlines, set } = rig();
    set('a', 500, () => Promise.reject(new Error('disk')));
    timers[0]!.fn();
    deadlines.set('k', null);
    await turn();
    expect(timers).toHaveLength(1);
    set('b', 500, () => Promise.reject(new Error('disk')));
    timers[1]!.fn();
    deadlines.stop();
    await turn();
    expect(timers).toHaveLength(2);
  });

  it('all stop with their owner, who sets no more', () => {
    const { timers, ran, deadlines, set } = rig();
    set('a', 500);
    deadlines.stop();
    expect([timers[0]!.cancelled, deadlines.size]).toEqual([true, 0]);
    set('b', 500);
    expect(timers).toHaveLength(1);
    expect(ran).toEqual([]);
  });
});

describe('what an earlier process left of a deadline', () => {
  it('is the time to it by the wall clock, within the whole time that it had', () => {
    expect(remainingMs(new Date(5_000), 2_000, 60_000)).toBe(3_000);
    expect(remainingMs(new Date(5_000), 9_000, 60_000)).toBe(0);
    // The clock was set back by a day meanwhile.
    expect(remainingMs(new Date(86_405_000), 0, 60_000)).toBe(60_000);
  });
});
