import { describe, expect, it } from 'vitest';
import { eventOf, eventPayload, KeyTwins } from './dtmf.ts';
import { Leg } from './leg.ts';
import { payloadType, RTP_HEADER, timestamp, writeHeader } from './rtp.ts';

const EVENT = 101;

/** A leg, what it told, and what it sent. */
function rig() {
  const keys: string[] = [];
  const sent: Buffer[] = [];
  const leg = new Leg('a', Buffer.alloc(10, 1), 0, {
    digit: (digit) => void keys.push(digit),
    silence: () => undefined,
  });
  leg.eventType = EVENT;
  leg.transport = {
    send: (packet) => void sent.push(Buffer.from(packet)),
    ready: Promise.resolve(),
    close: () => undefined,
  };
  let seq = 0;
  const packet = (type: number, ts: number, payload: Buffer): void => {
    const bytes = Buffer.alloc(RTP_HEADER + payload.length);
    writeHeader(bytes, 0, type, seq++, ts, 7);
    payload.copy(bytes, RTP_HEADER);
    leg.receive(bytes);
  };
  return {
    leg,
    keys,
    sent,
    sound: (type: number) => packet(type, seq * 160, Buffer.alloc(160, 0x55)),
    /** A key as events: `ends` of its end packets arrive. */
    begin: (key: string, ts: number) => packet(EVENT, ts, eventPayload(eventOf(key), false, 160)),
    end: (key: string, ts: number, ends = 3) => {
      for (let i = 0; i < ends; i++) packet(EVENT, ts, eventPayload(eventOf(key), true, 800));
    },
  };
}

/** Keys that the far side heard: distinct timestamps of events. */
function keysSent(sent: readonly Buffer[]): string[] {
  const heard = new Map<number, string>();
  for (const packet of sent)
    if (payloadType(packet) === EVENT)
      heard.set(timestamp(packet), '0123456789*#ABCD'[packet[RTP_HEADER] ?? -1] ?? '?');
  return [...heard.values()];
}

function bridged() {
  const near = rig();
  const far = rig();
  near.leg.join(far.leg);
  const run = (ticks: number): void => {
    for (let i = 0; i < ticks; i++) far.leg.tick(i * 20);
  };
  return { near, far, run };
}

describe('keys by INFO', () => {
  it('are told like events and reach the bridged side as events, one after the other', () => {
    const { near, far, run } = bridged();
    near.leg.press('5', 0);
    near.leg.press('#', 1);
    run(20);
    expect([near.keys, keysSent(far.sent)]).toEqual([
      ['5', '#'],
      ['5', '#'],
    ]);
  });

  it.each([
    ['the event first', ['rtp', 'info']],
    ['INFO first', ['info', 'rtp']],
    ['INFO while the key is down', ['down', 'info', 'up']],
  ])('that come as events too count once, here and there: %s', (_, order) => {
    const { near, far, run } = bridged();
    let ts = 1000;
    const key = (): void => {
      ts += 4000;
      for (const step of order) {
        if (step === 'info') near.leg.press('1', performance.now());
        if (step === 'rtp' || step === 'down') near.begin('1', ts);
        if (step === 'rtp' || step === 'up') near.end('1', ts);
      }
      run(10);
    };
    key();
    expect([near.keys, keysSent(far.sent)]).toEqual([['1'], ['1']]);
    key();
    key();
    expect(near.keys).toEqual(['1', '1', '1']);
    expect(keysSent(far.sent)).toHaveLength(3);
  });

  it('the same one twice by INFO alone is two', () => {
    const { near } = bridged();
    near.leg.press('1', 0);
    near.leg.press('1', 100);
    expect(near.keys).toEqual(['1', '1']);
  });

  it('towards a side that takes no events are heard here all the same', () => {
    const { near, far, run } = bridged();
    far.leg.eventType = undefined;
    near.leg.press('9', 0);
    run(5);
    expect([near.keys, keysSent(far.sent)]).toEqual([['9'], []]);
  });

  it('a twin that comes too late is another key', () => {
    const twins = new KeyTwins();
    expect(twins.isTwin('1', 'rtp', 0)).toBe(false);
    expect(twins.isTwin('1', 'info', 2_001)).toBe(false);
    expect(twins.isTwin('2', 'rtp', 2_002)).toBe(false);
    expect(twins.isTwin('1', 'rtp', 2_003)).toBe(true);
  });
});

describe('payload types', () => {
  it('of the peer carry its codec in both directions', () => {
    const { near, far } = bridged();
    near.leg.codec = 'PCMA';
    near.leg.payloadTypes = { PCMU: 0, PCMA: 97 };
    near.sound(97);
    near.sound(8); // never agreed
    far.sound(0);
    expect(far.sent.map(payloadType)).toEqual([0]);
    expect(near.sent.map(payloadType)).toEqual([97]);
  });
});
