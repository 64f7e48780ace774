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
    packet,
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
    twins.wait('1', 'rtp', 0);
    expect(twins.take('1', 'rtp', 2_001)).toBe(false);
    twins.wait('1', 'info', 2_001);
    twins.wait('2', 'info', 2_001);
    expect(twins.take('1', 'info', 3_001)).toBe(true);
    expect(twins.take('1', 'info', 3_001)).toBe(false);
    expect(twins.take('2', 'info', 3_002)).toBe(false);
  });
});

describe('keys that follow fast, by INFO and as events', () => {
  /** 1i: INFO of key 1. 2b, 2m, 2e: the event of key 2 begins, goes on, ends. '.': 20 ms for the far side. */
  function typed(script: string): string[][] {
    const { near, far, run } = bridged();
    let ts = 1000;
    for (const [key = '', what] of script.split(' ')) {
      if (key === '.') run(1);
      else if (what === 'i') near.leg.press(key as '1', performance.now());
      else if (what === 'e') near.end(key, ts);
      else near.begin(key, what === 'b' ? (ts += 2000) : ts);
    }
    run(40);
    return [near.keys, keysSent(far.sent)];
  }

  it.each([
    ['each by both ways, INFO first', '1i 1b 1e . 2i 2b 2e', '12'],
    ['the second told by INFO while it is down', '1i 1b 1e . 2b 2m 2i 2m 2e', '12'],
    ['the second told by INFO when it is over', '1i . 1b 1e . 2b 2m 2e . 2i', '12'],
    ['the second as an event only', '1i 1b 1e . 2b 2e', '12'],
    ['one by INFO only, at the moment of the other event', '1b 1m 2i 1m 1e', '12'],
    ['the same, when the event goes on after it', '1b 1m 2i . . . . . . . . . . 1m 1m 1e', '12'],
    ['both while the far side still hears another', '5i . 1b 1e 2i', '125'],
    ['the same key, each by both ways', '1b 1i 1e . . 1b 1i 1e', '11'],
    ['the same key, INFO of both first', '1i 1i 1b 1e 1b 1e', '11'],
    ['the same key, its second INFO while the event is down', '1i 1b 1i 1e', '11'],
  ])('%s', (_, script, keys) => {
    const [heard, passed] = typed(script);
    expect(heard?.sort().join('')).toBe(keys);
    expect(passed?.sort().join('')).toBe(keys);
  });

  it('an event while a prompt plays to the far side is one key there, and the prompt goes on', () => {
    const { near, far, run } = bridged();
    far.leg.play([Buffer.alloc(160 * 50, 0x55)], false, () => undefined);
    for (let i = 0; i < 5; i++) {
      near.begin('7', 1000);
      run(1);
    }
    near.end('7', 1000);
    run(20);
    expect(keysSent(far.sent)).toEqual(['7']);
    expect(payloadType(far.sent.at(-1) ?? Buffer.alloc(12))).toBe(0);
  });

  it('an event that is under way when its leg is joined to another goes to neither any more', () => {
    const { near, far } = bridged();
    const next = rig();
    near.begin('7', 1000);
    near.leg.join(next.leg);
    near.begin('7', 1000);
    near.end('7', 1000);
    expect([far.sent, next.sent].map((sent) => sent.map(payloadType))).toEqual([[EVENT], []]);
    near.end('8', 9000);
    expect(keysSent(next.sent)).toEqual(['8']);
    expect(near.keys).toEqual(['7', '8']);
  });

  it('keys that we send are followed by those that were asked for meanwhile', () => {
    const { leg, sent } = rig();
    const done: string[] = [];
    leg.sendDigits('12', () => done.push('12'));
    leg.tick(0);
    leg.sendDigits('3', () => done.push('3'));
    for (let i = 1; i < 30; i++) leg.tick(i * 20);
    expect([keysSent(sent), done]).toEqual([
      ['1', '2', '3'],
      ['12', '3'],
    ]);
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

describe('sound', () => {
  it('is counted apart from packets: digital silence and what was never agreed are none', () => {
    const { leg, packet } = rig();
    const voice = Buffer.alloc(160, 0x55).fill(0x54, 80, 81);
    packet(0, 160, Buffer.alloc(160, 0xff));
    packet(96, 320, voice);
    packet(0, 480, voice);
    expect(leg.snapshot(0)).toMatchObject({ packetsReceived: 3, soundReceived: 1 });
  });
});
