import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startWatchdog } from './watchdog.ts';

describe('watchdog of the media process', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is content while it is answered', async () => {
    const onHang = vi.fn();
    const ask = vi.fn(() => Promise.resolve());
    const dog = startWatchdog(ask, 1_000, onHang);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onHang).not.toHaveBeenCalled();
    expect(ask.mock.calls.length).toBeGreaterThan(50);
    dog.stop();
  });

  it('barks once when nothing comes back', async () => {
    const onHang = vi.fn();
    startWatchdog(() => new Promise(() => undefined), 1_000, onHang);
    await vi.advanceTimersByTimeAsync(1_400);
    expect(onHang).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onHang).toHaveBeenCalledTimes(1);
  });

  it('counts turns, not the clock: after a stall of ours the answer that waited is heard first', async () => {
    const onHang = vi.fn();
    let answer = (): void => undefined;
    const dog = startWatchdog(() => new Promise<void>((resolve) => (answer = resolve)), 1_000, onHang);
    await vi.advanceTimersByTimeAsync(600);
    // The loop stood still for ten seconds: one turn is due, then what came in meanwhile.
    vi.setSystemTime(Date.now() + 10_000);
    await vi.advanceTimersByTimeAsync(500);
    answer();
    await vi.advanceTimersByTimeAsync(900);
    expect(onHang).not.toHaveBeenCalled();
    dog.stop();
  });
});
