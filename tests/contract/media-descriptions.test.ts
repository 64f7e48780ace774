import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEmbeddedMediaServer } from '../../src/voice/media/index.ts';
import { createRtpPeer, tone, writeToneWav } from '../support/audio.ts';
import { logger, mediaRig } from './media-rig.ts';

describe('media server: embedded, descriptions and where sound goes', () => {
  const rig = mediaRig(28_200);
  const { closing, rtpLeg, webRtcLeg } = rig;

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
    const file = await writeToneWav(join(rig.folder, 'h.wav'), 440, 200);
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
    expect((await rig.server.health()).ok).toBe(true);
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

  it('a description that names the same place again opens the leg to nobody else', async () => {
    const { peer, leg } = await rtpLeg();
    peer.say(tone(900, 200));
    await leg.connected();
    peer.stop();
    await leg.setRemote(peer.sdp());
    const other = await createRtpPeer();
    closing.push(() => other.close());
    other.connect(leg.localSdp);
    other.say(tone(600, 1000));
    const before = peer.packets.length;
    await peer.until(() => peer.packets.length > before + 30);
    expect(other.packets).toEqual([]);
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
      await expect(rig.server.createEndpoint({ kind, remoteSdp })).rejects.toMatchObject({
        code: 'media.badSdp',
      });
  });

  it('a description that names a place where no sound can go ends nobody else', async () => {
    const living = await rtpLeg();
    const port = (to: number) => (sdp: string) => sdp.replace(/m=audio \d+/, `m=audio ${to}`);
    const host = (to: string) => (sdp: string) => sdp.replace(/IP4 127\.0\.0\.1/g, to);
    const ports = [1, 123, 65_536, 99_999].map(port);
    // IPv6 where only IPv4 is spoken: an answer would promise a sound that never comes.
    for (const edit of [...ports, host('IP4 255.255.255.255'), host('IP6 ::1')]) {
      const { peer, leg } = await rtpLeg();
      await expect(leg.setRemote(edit(peer.sdp()))).rejects.toMatchObject({ code: 'media.badSdp' });
      await expect(
        rig.server.createEndpoint({ kind: 'rtp', remoteSdp: edit(peer.sdp()) }),
      ).rejects.toMatchObject({ code: 'media.badSdp' });
    }
    const file = await writeToneWav(join(rig.folder, 'still-here.wav'), 440, 1000);
    const before = living.peer.packets.length;
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
