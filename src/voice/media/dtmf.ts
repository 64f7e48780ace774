import type { Digit } from '../ports.ts';

/** RFC 4733 telephone events: event codes 0–15 in the order of its table 3. */
const DIGITS = '0123456789*#ABCD';

export const digitOf = (event: number): Digit | undefined => DIGITS[event] as Digit | undefined;
export const eventOf = (digit: string): number => DIGITS.indexOf(digit.toUpperCase());

/** Volume 10 (−10 dBm0) as most gateways send. */
const VOLUME = 10;

/** The 4 bytes of RFC 4733 §2.3. `duration` in timestamp units (1/8000 s). */
export function eventPayload(event: number, end: boolean, duration: number): Buffer {
  return Buffer.from([event, (end ? 0x80 : 0) | VOLUME, duration >>> 8, duration & 0xff]);
}

/** What is told of keys; undefined for events that are none, a hook flash say. */
export interface DtmfEvents {
  begin(digit: Digit | undefined, nowMs: number): void;
  end(digit: Digit, nowMs: number): void;
}

/**
 * Finds keys in a stream of event packets: one begin and one end a key, at its first end packet. The end is sent three times
 * (§2.5.1.4), may be lost altogether, and packets may repeat or come late.
 *
 *   idle ──packet──► pressed ──end / next key / silence──► reported (till another timestamp)
 */
export class DtmfReceiver {
  private readonly events: DtmfEvents;
  private ts = -1;
  private event = -1;
  private duration = 0;
  private reported = true;
  private lastAtMs = 0;

  constructor(events: DtmfEvents) {
    this.events = events;
  }

  /** The key that is down now. */
  get pressed(): Digit | undefined {
    return this.reported ? undefined : digitOf(this.event);
  }

  /** True when it is of the newest key, its repeated ends too; false when it came late or is cut short. */
  packet(payload: Buffer, start: number, ts: number, nowMs: number): boolean {
    if (payload.length < start + 4) return false;
    const event = payload[start] ?? 0;
    const end = ((payload[start + 1] ?? 0) & 0x80) !== 0;
    const duration = payload.readUInt16BE(start + 2);
    if (ts !== this.ts) {
      const behind = this.ts >= 0 && ((ts - this.ts) | 0) < 0 && nowMs - this.lastAtMs < 2_000;
      if (behind) return false;
      // §2.5.1.3: a key longer than 0xFFFF units goes on as a new segment that starts where the last one ended.
      const segment = !this.reported && event === this.event && (this.ts + this.duration) >>> 0 === ts;
      if (!segment) {
        this.flush();
        this.reported = false;
      }
      this.ts = ts;
      this.event = event;
      if (!segment) this.events.begin(digitOf(event), nowMs);
    }
    this.duration = duration;
    this.lastAtMs = nowMs;
    if (end) this.flush();
    return true;
  }

  /** Called regularly: a key whose end packets were all lost counts once it has been quiet for 100 ms. */
  idle(nowMs: number): void {
    if (!this.reported && nowMs - this.lastAtMs > 100) this.flush();
  }

  private flush(): void {
    if (this.reported) return;
    this.reported = true;
    const digit = digitOf(this.event);
    if (digit !== undefined) this.events.end(digit, this.lastAtMs);
  }
}

/**
 * How long a key by one way waits for its twin by the other, ms. INFO after the end of its event: it is repeated after 0.5 and 1.5 s
 * when it was lost (RFC 3261 §17.1.2.2). The beginning of an event after its INFO: sound is not repeated, so later it is another press.
 */
const TWIN_MS = { info: 2_000, rtp: 1_000 } as const;
type Way = keyof typeof TWIN_MS;

/**
 * Gateways that tell keys by INFO often send them as events too. Each key waits for its twin by the other way: whichever
 * comes second is not reported. Two keys by the same way are two keys.
 */
export class KeyTwins {
  private waiting: { readonly digit: Digit; readonly way: Way; readonly untilMs: number }[] = [];

  /** A key that came by this way alone until now. */
  wait(digit: Digit, way: Way, nowMs: number): void {
    this.waiting.push({ digit, way, untilMs: nowMs + TWIN_MS[way === 'rtp' ? 'info' : 'rtp'] });
  }

  /** True, once, when its twin came by this way. */
  take(digit: Digit, way: Way, nowMs: number): boolean {
    this.waiting = this.waiting.filter((key) => nowMs <= key.untilMs);
    const at = this.waiting.findIndex((key) => key.digit === digit && key.way === way);
    if (at !== -1) this.waiting.splice(at, 1);
    return at !== -1;
  }
}
