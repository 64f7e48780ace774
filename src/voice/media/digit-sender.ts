import { eventOf, eventPayload } from './dtmf.ts';
import type { OutStream } from './out-stream.ts';

/** 100 ms of key, then 60 ms of rest: what gateways tell apart reliably (ITU-T Q.24: 40 ms each at least). */
const KEY_FRAMES = 5;
const REST_FRAMES = 3;
/** RFC 4733 §2.5.1.4: the end packet goes out three times. */
const END_REPEATS = 3;

/** Sends keys as telephone events, one packet a 20 ms tick, the end packets at once. */
export class DigitSender {
  private readonly events: number[] = [];
  private readonly done: (() => void)[] = [];
  private index = 0;
  private frame = 0;
  private ts = 0;

  /** Keys after those that are on their way; `done` is called once all have gone, or were given up. */
  append(digits: string, done?: () => void): this {
    this.events.push(...Array.from(digits, eventOf).filter((event) => event >= 0));
    if (done !== undefined) this.done.push(done);
    return this;
  }

  /** One tick: emits what is due; false when all keys are sent. */
  tick(out: OutStream, type: number, nowMs: number, emit: (packet: Buffer) => void): boolean {
    const event = this.events[this.index];
    if (event === undefined) return false;
    if (this.frame === 0) this.ts = out.startEvent(this, nowMs);
    this.frame++;
    if (this.frame < KEY_FRAMES) {
      emit(out.event(eventPayload(event, false, this.frame * 160), type, this.frame === 1, this.ts, nowMs));
    } else if (this.frame === KEY_FRAMES) {
      const payload = eventPayload(event, true, this.frame * 160);
      for (let i = 0; i < END_REPEATS; i++) emit(out.event(payload, type, false, this.ts, nowMs));
    } else if (this.frame >= KEY_FRAMES + REST_FRAMES) {
      this.index++;
      this.frame = 0;
    }
    return this.index < this.events.length;
  }

  finish(): void {
    for (const done of this.done.splice(0)) done();
  }
}
