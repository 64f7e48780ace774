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

/**
 * Finds keys in a stream of event packets: one report a key, at its first end packet. The end is sent three times
 * (§2.5.1.4), may be lost altogether, and packets may repeat or come late.
 *
 *   idle ──packet──► pressed ──end / next key / silence──► reported (till another timestamp)
 */
export class DtmfReceiver {
  private readonly report: (digit: Digit, nowMs: number) => void;
  private ts = -1;
  private event = -1;
  private duration = 0;
  private reported = true;
  private lastAtMs = 0;

  constructor(report: (digit: Digit, nowMs: number) => void) {
    this.report = report;
  }

  /** The key that is down now. */
  get pressed(): Digit | undefined {
    return this.reported ? undefined : digitOf(this.event);
  }

  packet(payload: Buffer, start: number, ts: number, nowMs: number): void {
    if (payload.length < start + 4) return;
    const event = payload[start] ?? 0;
    const end = ((payload[start + 1] ?? 0) & 0x80) !== 0;
    const duration = payload.readUInt16BE(start + 2);
    if (ts !== this.ts) {
      const behind = this.ts >= 0 && ((ts - this.ts) | 0) < 0 && nowMs - this.lastAtMs < 2_000;
      if (behind) return;
      // §2.5.1.3: a key longer than 0xFFFF units goes on as a new segment that starts where the last one ended.
      const segment = !this.reported && event === this.event && (this.ts + this.duration) >>> 0 === ts;
      if (!segment) {
        this.flush();
        this.reported = false;
      }
      this.ts = ts;
      this.event = event;
    }
    this.duration = duration;
    this.lastAtMs = nowMs;
    if (end) this.flush();
  }

  /** Called regularly: a key whose end packets were all lost counts once it has been quiet for 100 ms. */
  idle(nowMs: number): void {
    if (!this.reported && nowMs - this.lastAtMs > 100) this.flush();
  }

  private flush(): void {
    if (this.reported) return;
    this.reported = true;
    const digit = digitOf(this.event);
    if (digit !== undefined) this.report(digit, this.lastAtMs);
  }
}

/** The same key by its other way comes within this, ms: INFO is repeated after 0.5 and 1.5 s when it was lost. */
const TWIN_MS = 2_000;
type Way = 'rtp' | 'info';

/**
 * Gateways that tell keys by INFO often send them as events too. Each key waits for its twin by the other way: whichever
 * comes second is not reported. Two keys by the same way are two keys.
 */
export class KeyTwins {
  private waiting: { readonly digit: Digit; readonly way: Way; readonly atMs: number }[] = [];

  /** Tells of a key; true when its twin was told of before. */
  isTwin(digit: Digit, way: Way, nowMs: number): boolean {
    const at = this.find(digit, way === 'rtp' ? 'info' : 'rtp', nowMs);
    if (at === -1) this.waiting.push({ digit, way, atMs: nowMs });
    else this.waiting.splice(at, 1);
    return at !== -1;
  }

  /** This key came by this way and its twin did not come yet. */
  told(digit: Digit, way: Way, nowMs: number): boolean {
    return this.waiting.length > 0 && this.find(digit, way, nowMs) !== -1;
  }

  private find(digit: Digit, way: Way, nowMs: number): number {
    this.waiting = this.waiting.filter((key) => nowMs - key.atMs <= TWIN_MS);
    return this.waiting.findIndex((key) => key.digit === digit && key.way === way);
  }
}
