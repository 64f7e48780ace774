import { describe, expect, it } from 'vitest';
import type { Clock } from '../shared/clock.ts';
import { isHeld, watchLeg } from './leg-watch.ts';
import type { Leg } from './call.ts';

const SDP = (direction: string, address = '10.0.0.1'): string =>
  `v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n${direction}`;

/** Time by hand; every step lets what hangs on it run. */
function handClock() {
  let now = 0;
  const timers = new Set<{ at: number; fn: () => void }>();
  const clock: Clock = {
    now: () => now,
    steady: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
  };
  return {
    clock,
    timers,
    async pass(ms: number) {
      now += ms;
      for (const timer of [...timers].filter((t) => t.at <= now)) {
        timers.delete(timer);
        timer.fn();
      }
      for (let i = 0; i < 20; i++) await Promise.resolve();
    },
  };
}

function rig(options: { soundMs?: number; answerMs?: number; alive?: () => Promise<boolean> }) {
  const time = handClock();
  const line = { sdp: SDP('a=sendrecv\r\n'), silentForMs: 20_000, dead: false, asked: 0 };
  let silence: () => void = () => undefined;
  const leg = {
    media: 'rtp',
    dialog: {
      get remoteSdp() {
        return line.sdp;
      },
      alive() {
        line.asked++;
        return options.alive?.() ?? Promise.resolve(true);
      },
    },
    endpoint: {
      stats: () =>
        line.dead ? Promise.reject(new Error('crashed')) : Promise.resolve({ silentForMs: line.silentForMs }),
      onSilence: (_ms: number, handler: () => void) => void (silence = handler),
    },
  } as unknown as Leg;
  const over = new AbortController();
  const lost: string[] = [];
  const { soundMs, answerMs } = options;
  watchLeg(leg, {
    clock: time.clock,
    silentMs: 20_000,
    ...(soundMs === undefined ? {} : { soundMs }),
    ...(answerMs === undefined ? {} : { answerMs }),
    over: over.signal,
    lost: (cause) => lost.push(cause),
  });
  const fallSilent = () => {
    silence();
    return time.pass(0);
  };
  return { ...time, line, over, lost, fallSilent };
}

describe('a leg that says nothing', () => {
  it('lives on while somebody answers, and is asked again', async () => {
    const r = rig({});
    await r.fallSilent();
    expect(r.line.asked).toBe(1);
    await r.pass(20_000);
    await r.pass(20_000);
    expect(r.line.asked).toBe(3);
    r.line.silentForMs = 40;
    await r.pass(20_000);
    expect(r.line.asked).toBe(3);
    expect(r.lost).toEqual([]);
    expect(r.timers.size).toBe(0);
    r.line.silentForMs = 20_000;
    await r.fallSilent();
    expect(r.line.asked).toBe(4);
  });

  it('is lost when nobody answers, once', async () => {
    const r = rig({ alive: () => Promise.resolve(false) });
    await r.fallSilent();
    await r.pass(60_000);
    expect(r.lost).toEqual(['unreachable']);
    expect(r.timers.size).toBe(0);
  });

  it('is lost when the answer takes too long', async () => {
    const r = rig({ answerMs: 8000, alive: () => new Promise(() => undefined) });
    await r.fallSilent();
    await r.pass(7999);
    expect(r.lost).toEqual([]);
    await r.pass(1);
    expect(r.lost).toEqual(['unreachable']);
  });

  it('lives on in silence on hold, but is asked there too: nobody else would find out that it died', async () => {
    for (const soundMs of [undefined, 20_000]) {
      const r = rig(soundMs === undefined ? {} : { soundMs });
      for (const held of ['a=sendonly\r\n', 'a=inactive\r\n', 'a=recvonly\r\n']) {
        r.line.sdp = SDP(held);
        await r.fallSilent();
        await r.pass(20_000);
      }
      expect(r.line.asked).toBeGreaterThanOrEqual(3);
      expect(r.lost).toEqual([]);
    }
    const dead = rig({ alive: () => Promise.resolve(false) });
    dead.line.sdp = SDP('a=inactive\r\n');
    await dead.fallSilent();
    expect(dead.lost).toEqual(['unreachable']);
  });

  it('that always sends is lost without its sound although it answers, after a moment to come back from hold', async () => {
    const r = rig({ soundMs: 20_000 });
    r.line.sdp = SDP('a=sendonly\r\n');
    await r.fallSilent();
    r.line.sdp = SDP('a=sendrecv\r\n');
    await r.pass(20_000);
    expect(r.lost).toEqual([]);
    await r.pass(20_000);
    expect(r.lost).toEqual(['silence']);
    const quiet = rig({ soundMs: 30_000 });
    await quiet.fallSilent();
    expect(quiet.lost).toEqual([]);
    quiet.line.silentForMs = 30_000;
    await quiet.pass(20_000);
    expect(quiet.lost).toEqual(['silence']);
  });

  it('of a dead engine is a loss of ours', async () => {
    const r = rig({});
    r.line.dead = true;
    await r.fallSilent();
    expect(r.lost).toEqual(['mediaLost']);
  });

  it('is left alone when the leg is over', async () => {
    const r = rig({});
    await r.fallSilent();
    r.over.abort();
    await r.pass(100_000);
    expect(r.line.asked).toBe(1);
    expect(r.lost).toEqual([]);
    expect(r.timers.size).toBe(0);
  });
});

it('hold is told by the audio section, else by the session, and by the zero address of RFC 2543', () => {
  expect(isHeld(SDP(''))).toBe(false);
  expect(isHeld(SDP('a=sendrecv\r\n'))).toBe(false);
  expect(isHeld(SDP('a=inactive\n'))).toBe(true);
  expect(isHeld(SDP('').replace('t=0 0', 't=0 0\r\na=sendonly'))).toBe(true);
  expect(isHeld(SDP('a=sendrecv\r\n').replace('t=0 0', 't=0 0\r\na=sendonly'))).toBe(false);
  expect(isHeld(SDP('a=sendrecv\r\nm=video 0 RTP/AVP 96\r\na=inactive\r\n'))).toBe(false);
  expect(isHeld(SDP('', '0.0.0.0'))).toBe(true);
  expect(isHeld(SDP('a=ice-ufrag:x\r\n', '0.0.0.0'))).toBe(false);
});
