import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedMediaServer } from '../../src/voice/media/index.ts';
import type { MediaEndpoint, MediaServer } from '../../src/voice/ports.ts';
import { createRtpPeer, tone, writeToneWav, type RtpPeer, type RtpPeerOptions } from '../support/audio.ts';
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
});
