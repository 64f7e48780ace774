import { afterEach, beforeEach, vi } from 'vitest';

/** Hooks of a suite whose subject sets timers of the browser's window: they are fake, and advanced by `vi`. */
export function windowTimers(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('window', globalThis);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
}
