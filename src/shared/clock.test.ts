import { describe, expect, it } from 'vitest';
import { createClock, LONGEST_ALARM_MS, type TimeSource } from './clock.ts';

/** An operating system whose alarms the test lets ring. */
function rig() {
  const time = { wallMs: 1_000_000, steadyMs: 50 };
  const alarms: { delayMs: number; ring: () => void; cancelled: boolean }[] = [];
  const source: TimeSource = {
    wall: () => time.wallMs,
    steady: () => time.steadyMs,
    alarm(delayMs, ring) {
      const alarm = { delayMs, ring, cancelled: false };
      alarms.push(alarm);
      return { cancel: () => void (alarm.cancelled = true) };
    },
  };
  const clock = createClock(source);
  const runs: number[] = [];
  const after = (ms: number) => clock.after(ms, () => void runs.push(time.steadyMs));
  return { time, alarms, clock, runs, after };
}

describe('the clock', () => {
  it('sets an alarm that rang early again, for what is left, until the time has come', () => {
    const { time, alarms, runs, after } = rig();
    after(1_000);
    time.steadyMs = 1_048.6;
    alarms[0]!.ring();
    expect(runs).toEqual([]);
    expect(alarms[1]!.delayMs).toBe(2);
    time.steadyMs = 1_049.99;
    alarms[1]!.ring();
    expect(runs).toEqual([]);
    expect(alarms[2]!.delayMs).toBe(1);
    time.steadyMs = 1_050;
    alarms[2]!.ring();
    expect(runs).toEqual([1_050]);
    expect(alarms).toHaveLength(3);
  });

  it('asks the steady time only: the wall clock may go anywhere meanwhile', () => {
    const { time, alarms, clock, runs, after } = rig();
    after(1_000);
    time.wallMs += 86_400_000;
    alarms[0]!.ring();
    expect(runs).toEqual([]);
    time.wallMs -= 2 * 86_400_000;
    time.steadyMs = 1_050;
    alarms[1]!.ring();
    expect(runs).toEqual([1_050]);
    expect(clock.now()).toBe(1_000_000 - 86_400_000);
    expect(clock.steady()).toBe(1_050);
  });

  it('runs once, however often its alarm rings', () => {
    const { time, alarms, runs, after } = rig();
    after(10);
    time.steadyMs = 60;
    alarms[0]!.ring();
    alarms[0]!.ring();
    expect(runs).toEqual([60]);
  });

  it('does not run what was cancelled, although its alarm rings all the same', () => {
    const { time, alarms, runs, after } = rig();
    const timer = after(10);
    time.steadyMs = 55;
    alarms[0]!.ring();
    timer.cancel();
    expect(alarms[1]!.cancelled).toBe(true);
    time.steadyMs = 100;
    alarms[1]!.ring();
    expect(runs).toEqual([]);
  });

  it('waits longer than a 32-bit timer can', () => {
    const { time, alarms, runs, after } = rig();
    const forty = 40 * 86_400_000;
    after(forty);
    expect(alarms[0]!.delayMs).toBe(LONGEST_ALARM_MS);
    time.steadyMs += LONGEST_ALARM_MS;
    alarms[0]!.ring();
    expect(runs).toEqual([]);
    expect(alarms[1]!.delayMs).toBe(forty - LONGEST_ALARM_MS);
    time.steadyMs = 50 + forty;
    alarms[1]!.ring();
    expect(runs).toEqual([50 + forty]);
  });

  it('takes a moment that has passed as now', () => {
    const { alarms, runs, after } = rig();
    after(-5);
    expect(alarms[0]!.delayMs).toBe(0);
    alarms[0]!.ring();
    expect(runs).toEqual([50]);
  });
});
