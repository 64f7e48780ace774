import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedMediaServer, ensureHoldMusic } from '../../src/voice/media/index.ts';
import type { MediaEndpoint, MediaServer } from '../../src/voice/ports.ts';
import {
  createRtpPeer,
  level,
  loudest,
  tone,
  writeToneWav,
  type RtpPeer,
  type RtpPeerOptions,
} from '../support/audio.ts';
import { createWebRtcPeer, type WebRtcPeer } from '../support/webrtc.ts';

const logger = { warn: () => undefined, error: () => undefined };

describe('media server: embedded', () => {
  let server: MediaServer;
  let folder: string;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'media-'));
    server = await createEmbeddedMediaServer({
      rtpPortMin: 28_000,
      rtpPortMax: 28_199,
      host: '127.0.0.1',
      advertiseAddress: '127.0.0.1',
      logger,
    });
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function rtpLeg(options?: RtpPeerOptions): Promise<{ peer: RtpPeer; leg: MediaEndpoint }> {
    const peer = await createRtpPeer(options);
    const leg = await server.createEndpoint({ kind: 'rtp', remoteSdp: peer.sdp() });
    peer.connect(leg.localSdp);
    closing.push(
      () => peer.close(),
      () => leg.destroy(),
    );
    return { peer, leg };
  }

  async function webRtcLeg(
    who: 'peer offers' | 'we offer',
  ): Promise<{ peer: WebRtcPeer; leg: MediaEndpoint }> {
    const peer = createWebRtcPeer();
    let leg: MediaEndpoint;
    if (who === 'peer offers') {
      leg = await server.createEndpoint({ kind: 'webrtc', remoteSdp: await peer.offer() });
      await peer.accept(leg.localSdp);
    } else {
      leg = await server.createEndpoint({ kind: 'webrtc' });
      await leg.setRemote(await peer.answer(leg.localSdp));
    }
    closing.push(
      () => peer.close(),
      () => leg.destroy(),
    );
    await Promise.all([leg.connected(), peer.connected()]);
    return { peer, leg };
  }

  it('plays a prompt to an RTP peer', async () => {
    const { peer, leg } = await rtpLeg();
    const file = await writeToneWav(join(folder, 'a.wav'), 440, 600);
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
    const file = await writeToneWav(join(folder, 'p.wav'), 440, 300);
    await a.leg.play([file]);
    b.peer.say(tone(800, 1000));
    await a.leg.bridge(b.leg);
    await a.peer.untilTone(800);
    await a.leg.unbridge();
    const music = new AbortController();
    const playing = a.leg.play([await ensureHoldMusic(folder)], { loop: true, signal: music.signal });
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
    const file = await writeToneWav(join(folder, 'short.wav'), 1000, 100);
    const stop = new AbortController();
    const playing = leg.play([file], { loop: true, signal: stop.signal });
    await peer.untilTone(1000, 600);
    stop.abort();
    await expect(playing).resolves.toBe('stopped');
    await peer.untilSilence();
  });

  it('plays one file after the other and says done', async () => {
    const { peer, leg } = await rtpLeg();
    const first = await writeToneWav(join(folder, 'one.wav'), 500, 310);
    const second = await writeToneWav(join(folder, 'two.wav'), 1500, 310);
    const done = leg.play([first, second]);
    await peer.untilTone(500, 100);
    await peer.untilTone(1500, 100);
    await expect(done).resolves.toBe('done');
    await expect(leg.play([join(folder, 'none.wav')])).rejects.toMatchObject({ code: 'media.badFile' });
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

  it('goes quiet towards a peer that holds, and comes back', async () => {
    const a = await rtpLeg();
    const b = await rtpLeg();
    await a.leg.bridge(b.leg);
    a.peer.say(tone(600, 1000));
    b.peer.say(tone(1100, 1000));
    await a.peer.untilTone(1100);
    const held = await a.leg.setRemote(a.peer.sdp('sendonly'));
    expect(held).toContain('a=recvonly');
    const before = (await a.leg.stats()).packetsSent;
    await b.peer.untilTone(600, 400);
    expect((await a.leg.stats()).packetsSent).toBe(before);
    expect(await a.leg.setRemote(a.peer.sdp())).toContain('a=sendrecv');
    await a.peer.untilTone(1100);
  });

  it('holds and resumes a WebRTC peer by re-offer', async () => {
    const { peer, leg } = await webRtcLeg('peer offers');
    const file = await writeToneWav(join(folder, 'h.wav'), 440, 200);
    void leg.play([file], { loop: true });
    await peer.untilTone(440);
    const held = await leg.setRemote(await peer.hold('sendonly'));
    expect(held).toContain('a=recvonly');
    await peer.accept(held);
    const count = (await leg.stats()).packetsSent;
    const resumed = await leg.setRemote(await peer.hold('sendrecv'));
    expect((await leg.stats()).packetsSent - count).toBeLessThanOrEqual(3);
    await peer.accept(resumed);
    await peer.untilTone(440);
  });

  it('tells silence once, and again after sound', async () => {
    const { peer, leg } = await rtpLeg();
    let silences = 0;
    const silent = new Promise<void>((resolve) =>
      leg.onSilence(200, () => {
        silences++;
        resolve();
      }),
    );
    peer.say(tone(600, 1000));
    await peer.until(() => peer.packets.length > 5);
    peer.stop();
    await silent;
    await peer.until(() => peer.packets.length > 30);
    expect(silences).toBe(1);
  });

  it('takes sound only from the host that the description names, and shrugs at garbage', async () => {
    const { peer, leg } = await rtpLeg();
    const stranger = await createRtpPeer({ host: '127.0.0.2' });
    closing.push(() => stranger.close());
    stranger.connect(leg.localSdp);
    stranger.say(tone(600, 1000));
    for (const size of [0, 1, 11, 12, 13, 200, 1_500, 9_000]) {
      peer.sendRaw(Buffer.alloc(size, 0xa5));
      peer.sendRaw(Buffer.alloc(size, 0xff));
      peer.sendRaw(Buffer.alloc(size, 0x00));
    }
    await peer.until(() => peer.packets.length > 10);
    expect((await leg.stats()).packetsReceived).toBeLessThan(10);
    peer.say(tone(900, 1000));
    await leg.connected();
    expect((await server.health()).ok).toBe(true);
    await leg.destroy();
    await leg.destroy();
    await expect(leg.stats()).rejects.toMatchObject({ code: 'media.gone' });
  });

  it('the port that the description names wins over a stream of an earlier call from the same host', async () => {
    const { peer, leg } = await rtpLeg();
    const earlier = await createRtpPeer();
    closing.push(() => earlier.close());
    earlier.connect(leg.localSdp);
    earlier.say(tone(600, 1000));
    await leg.connected();
    await earlier.until(() => earlier.packets.length > 10);
    peer.say(tone(900, 1000));
    await peer.until(() => peer.packets.length > 20);
    const before = earlier.packets.length;
    await peer.until(() => peer.packets.length > 40);
    expect(earlier.packets.length).toBe(before);
  });

  it('after a re-INVITE to another port only that one is heard; back again, the first', async () => {
    const { peer: first, leg } = await rtpLeg();
    const far = await rtpLeg();
    await leg.bridge(far.leg);
    first.say(tone(600, 4000));
    await far.peer.untilTone(600);
    const second = await createRtpPeer();
    closing.push(() => second.close());
    second.connect(await leg.setRemote(second.sdp()));
    const heardAtMove = (await leg.stats()).packetsReceived;
    // The sound goes to the new port at once, though nothing came from there and the old stream goes on.
    await second.until(() => second.packets.length > 20);
    expect((await leg.stats()).packetsReceived - heardAtMove).toBeLessThan(3);
    second.say(tone(900, 2000));
    await far.peer.untilTone(900);
    await leg.setRemote(first.sdp());
    await far.peer.untilTone(600);
  });

  it('offers anew all that it speaks, both ways, whatever was agreed, and takes the answer', async () => {
    const { peer, leg } = await rtpLeg({ codec: 'PCMU' });
    expect(await leg.setRemote(peer.sdp('sendonly'))).toContain('a=recvonly');
    const offer = await leg.offer();
    expect(offer).toContain('a=sendrecv');
    expect(offer).toMatch(/^m=audio \d+ RTP\/AVP 0 8 101\r$/m);
    expect(leg.codec).toBe('PCMU');
    const other = await createRtpPeer({ codec: 'PCMA' });
    closing.push(() => other.close());
    other.connect(await leg.setRemote(other.sdp()));
    expect(leg.codec).toBe('PCMA');
    await other.until(() => other.packets.length > 5);
    const browser = await webRtcLeg('peer offers');
    expect(browser.leg.localSdp).not.toContain('a=setup:actpass');
    expect(await browser.leg.offer()).toContain('a=setup:actpass');
  });

  it.each([
    '',
    'hello',
    'v=0\r\n',
    'v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\n',
  ])('refuses the description %j', async (remoteSdp) => {
    for (const kind of ['rtp', 'webrtc'] as const)
      await expect(server.createEndpoint({ kind, remoteSdp })).rejects.toMatchObject({
        code: 'media.badSdp',
      });
  });

  it('a description that names a place where no sound can go ends nobody else', async () => {
    const living = await rtpLeg();
    const port = (to: number) => (sdp: string) => sdp.replace(/m=audio \d+/, `m=audio ${to}`);
    const host = (to: string) => (sdp: string) => sdp.replace(/IP4 127\.0\.0\.1/g, to);
    for (const edit of [port(65_536), port(99_999), host('IP4 255.255.255.255')]) {
      const { peer, leg } = await rtpLeg();
      await expect(leg.setRemote(edit(peer.sdp()))).rejects.toMatchObject({ code: 'media.badSdp' });
      await expect(server.createEndpoint({ kind: 'rtp', remoteSdp: edit(peer.sdp()) })).rejects.toMatchObject(
        { code: 'media.badSdp' },
      );
    }
    // IPv6 where only IPv4 is spoken: nothing is sent, and nothing ends.
    const other = await rtpLeg();
    await other.leg.setRemote(host('IP6 ::1')(other.peer.sdp()));
    const file = await writeToneWav(join(folder, 'still-here.wav'), 440, 1000);
    const before = living.peer.packets.length;
    void other.leg.play([file]);
    await living.leg.play([file]);
    expect(living.peer.packets.length).toBeGreaterThan(before + 30);
  });

  it('says media.noPorts when the range is used up, and works again after', async () => {
    const small = await createEmbeddedMediaServer({
      rtpPortMin: 28_400,
      rtpPortMax: 28_403,
      host: '127.0.0.1',
      advertiseAddress: '127.0.0.1',
      logger,
    });
    const one = await small.createEndpoint({ kind: 'rtp' });
    await small.createEndpoint({ kind: 'rtp' });
    await expect(small.createEndpoint({ kind: 'rtp' })).rejects.toMatchObject({ code: 'media.noPorts' });
    await one.destroy();
    await expect(small.createEndpoint({ kind: 'rtp' })).resolves.toBeDefined();
    await small.stop();
    await expect(small.createEndpoint({ kind: 'rtp' })).rejects.toMatchObject({ code: 'media.stopped' });
    expect((await small.health()).ok).toBe(false);
  });
});
