import type { Clock, Timer } from '../../../shared/clock.ts';
import { TRANSACTION_TIMEOUT } from './timers.ts';

const PARTS = 2;

/**
 * What is left of transactions that have ended: enough to answer late copies of their messages (timers J and K of
 * RFC 3261, L and M of RFC 6026). Each call leaves four, so they are small and share one timer: whole generations are
 * dropped, and a thing stays for 32 to 48 s. The RFC asks for 32 at least.
 */
export class Linger<Left> {
  private readonly clock: Clock;
  private generations: Map<string, Left>[] = [];
  private newest = new Map<string, Left>();
  private timer: Timer | undefined;
  private stopped = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get size(): number {
    return this.generations.reduce((sum, one) => sum + one.size, this.newest.size);
  }

  get(key: string): Left | undefined {
    const left = this.newest.get(key);
    if (left !== undefined) return left;
    for (const older of this.generations) {
      const found = older.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  keep(key: string, left: Left): void {
    if (this.stopped) return;
    this.newest.set(detached(key), left);
    this.timer ??= this.schedule();
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
    this.timer = undefined;
    this.generations = [];
    this.newest = new Map();
  }

  private schedule(): Timer {
    return this.clock.after(TRANSACTION_TIMEOUT / PARTS, () => {
      this.generations = [this.newest, ...this.generations.slice(0, PARTS - 1)];
      this.newest = new Map();
      this.timer = this.generations.some((one) => one.size > 0) ? this.schedule() : undefined;
    });
  }
}

/**
 * A copy that shares nothing with what it was cut from. V8 keeps the whole message alive behind a piece of it, and what
 * lingers would hold hundreds of megabytes of messages under load.
 */
export const detached = (text: string): string => Buffer.from(text).toString();
