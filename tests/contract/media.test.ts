import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureHoldMusic } from '../../src/voice/media/index.ts';
import { level, loudest, tone, writeToneWav } from '../support/audio.ts';
import { mediaRig } from './media-rig.ts';

describe('media server: embedded, what is heard', () => {
  const rig = mediaRig(28_000);
  const { rtpLeg, webRtcLeg } = rig;

  it('plays a prompt to an RTP peer', async () => {
    const { peer, leg } = await rtpLeg();
    const file = await writeToneWav(join(rig.folder, 'a.wav'), 440, 600);
    const done = leg.play([file]);
    const heard = await peer.untilTone(440);
    expect(heard.level).toBeCloseTo(-12, 0);
    await expect(done).resolves.toBe('done');
  });

  it.each(['peer offers', 'we offer'] as const)('bridges WebRTC and RTP both ways, %s', async (who) => {
    const a = await rtpLeg();
    const b = await webRtcLeg(who);
    await a.leg.bridge(b.leg);
    a.peer.say(tone(600, 1000));
    b.peer.say(tone(1200, 1000, -20));
    const [atB, atA] = await Promise.all([b.peer.untilTone(600), a.peer.untilTone(1200)]);
    expect(atB.level).toBeCloseTo(-12, 0);
    expect(atA.level).toBeCloseTo(-20, 0);
  });

  it('converts between the laws when the legs disagree', async () => {
    const a = await rtpLeg({ codec: 'PCMU' });
    const b = await rtpLeg({ codec: 'PCMA' });
    expect([a.leg.codec, b.leg.codec]).toEqual(['PCMU', 'PCMA']);
    await a.leg.bridge(b.leg);
    a.peer.say(tone(500, 1000, -18));
    b.peer.say(tone(900, 1000, -18));
    const [atB, atA] = await Promise.all([b.peer.untilTone(500), a.peer.untilTone(900)]);
    expect(atB.level).toBeCloseTo(-18, 0);
    expect(atA.level).toBeCloseTo(-18, 0);
  });

  it('relays packets as they are: same bytes, continuous numbers, one SSRC', async () => {
    const a = await rtpLeg();
    const b = await rtpLeg();
    await a.leg.bridge(b.leg);
    a.peer.say(tone(700, 1000));
    await b.peer.untilTone(700, 400);
    const heard = b.peer.packets;
    expect(new Set(heard.map((p) => p.ssrc)).size).toBe(1);
    for (let i = 1; i < heard.length; i++) {
      expect((heard[i]!.seq - heard[i - 1]!.seq) & 0xffff).toBe(1);
      expect((heard[i]!.ts - heard[i - 1]!.ts) >>> 0).toBeGreaterThanOrEqual(160);
    }
    // Markers open talkspurts only.
    expect(heard[0]?.marker).toBe(true);
    expect(heard.filter((p) => p.marker).length).toBeLessThan(heard.length / 4);
  });

  it('stays continuous over prompt, bridge and hold music', async () => {
    const a = await rtpLeg();
    const b = await rtpLeg();
    const file = await writeToneWav(join(rig.folder, 'p.wav'), 440, 300);
    await a.leg.play([file]);
    b.peer.say(tone(800, 1000));
    await a.leg.bridge(b.leg);
    await a.peer.untilTone(800);
    await a.leg.unbridge();
    const music = new AbortController();
    const playing = a.leg.play([await ensureHoldMusic(rig.folder)], { loop: true, signal: music.signal });
    await a.peer.until(
      () => level(a.peer.last(300)) > -40 && Math.abs(loudest(a.peer.last(300)).hz - 800) > 20,
    );
    music.abort();
    await expect(playing).resolves.toBe('stopped');
    const numbers = a.peer.packets.map((p) => p.seq);
    for (let i = 1; i < numbers.length; i++) expect((numbers[i]! - numbers[i - 1]!) & 0xffff).toBe(1);
    expect(new Set(a.peer.packets.map((p) => p.ssrc)).size).toBe(1);
  });

  it('stops a prompt at once when aborted, and loops until then', async () => {
    const { peer, leg } = await rtpLeg();
    const file = await writeToneWav(join(rig.folder, 'short.wav'), 1000, 100);
    const stop = new AbortController();
    const playing = leg.play([file], { loop: true, signal: stop.signal });
    await peer.untilTone(1000, 600);
    stop.abort();
    await expect(playing).resolves.toBe('stopped');
    await peer.untilSilence();
  });

  it('plays one file after the other and says done', async () => {
    const { peer, leg } = await rtpLeg();
    const first = await writeToneWav(join(rig.folder, 'one.wav'), 500, 310);
    const second = await writeToneWav(join(rig.folder, 'two.wav'), 1500, 310);
    const done = leg.play([first, second]);
    await peer.untilTone(500, 100);
    await peer.untilTone(1500, 100);
    await expect(done).resolves.toBe('done');
    await expect(leg.play([join(rig.folder, 'none.wav')])).rejects.toMatchObject({ code: 'media.badFile' });
  });

  it('sends comfort silence to a leg that only listens', async () => {
    const { peer } = await rtpLeg();
    await peer.until(() => peer.packets.length >= 15);
    expect(level(peer.last(200))).toBeLessThan(-60);
    const gaps = peer.packets.slice(1).map((p, i) => p.ts - peer.packets[i]!.ts);
    expect(new Set(gaps.map((g) => g >>> 0))).toEqual(new Set([160]));
  });

  it('reports each key once, lost and repeated end packets included, and bridges keys to the other payload type', async () => {
    const a = await rtpLeg({ eventType: 96 });
    const b = await webRtcLeg('peer offers');
    const keys: string[] = [];
    a.leg.onDigit((digit) => void keys.push(digit));
    await a.leg.bridge(b.leg);
    a.peer.say(tone(600, 1000));
    await b.peer.untilTone(600);
    await a.peer.press('12');
    await a.peer.press('#', { ends: 0 });
    await a.peer.press('9', { ends: 1 });
    await b.peer.until(() => b.peer.keys().length === 4);
    expect(b.peer.keys()).toEqual([1, 2, 11, 9]);
    await b.peer.untilTone(600);
    await a.peer.until(() => keys.length === 4);
    expect(keys).toEqual(['1', '2', '#', '9']);
  });

  it('hears keys from a browser and sends keys to both', async () => {
    const a = await rtpLeg({ eventType: 96 });
    const b = await webRtcLeg('peer offers');
    const keys: string[] = [];
    b.leg.onDigit((digit) => void keys.push(digit));
    await a.leg.bridge(b.leg);
    await b.peer.press('5*');
    await a.peer.until(() => a.peer.keys().length === 2 && keys.length === 2);
    expect(keys).toEqual(['5', '*']);
    await a.leg.sendDigits('407');
    await a.peer.until(() => a.peer.keys().length === 5);
    expect(a.peer.keys().slice(2)).toEqual([4, 0, 7]);
    await b.leg.sendDigits('8');
    await b.peer.until(() => b.peer.keys().length === 1);
  });
});
