import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createEmbeddedMediaServer } from '../../src/voice/media/index.ts';
import type { MediaEndpoint, MediaServer } from '../../src/voice/ports.ts';
import { createRtpPeer, type RtpPeer, type RtpPeerOptions } from '../support/audio.ts';
import { createWebRtcPeer, type WebRtcPeer } from '../support/webrtc.ts';

export const logger = { warn: () => undefined, error: () => undefined };

/** A media server with two hundred ports from this one on, and a folder, for the block that asks for it. */
export function mediaRig(rtpPortMin: number) {
  let server: MediaServer;
  let folder: string;
  /** Done after each test. */
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'media-'));
    server = await createEmbeddedMediaServer({
      ...{ rtpPortMin, rtpPortMax: rtpPortMin + 199, logger },
      ...{ host: '127.0.0.1', advertiseAddress: '127.0.0.1' },
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

  return {
    closing,
    rtpLeg,
    webRtcLeg,
    get server() {
      return server;
    },
    get folder() {
      return folder;
    },
  };
}
