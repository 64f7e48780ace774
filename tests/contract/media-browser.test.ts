/// <reference lib="dom" />
/** A real browser against the media server alone: ICE restart by re-offer, and a page that was loaded anew. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedMediaServer } from '../../src/voice/media/index.ts';
import type { MediaServer } from '../../src/voice/ports.ts';
import { createRtpPeer, tone, writeToneWav } from '../support/audio.ts';
import { openBrowser } from '../support/desk.ts';
import { freePort } from '../support/ports.ts';
import { programs } from '../support/programs.ts';
import { createWebRtcPeer } from '../support/webrtc.ts';

const PAGE = 'http://localhost/phone';

/** In the page: one peer connection with the microphone; descriptions with their candidates inside. */
async function offerInPage(restart: boolean): Promise<string> {
  const page = window as unknown as { phone?: RTCPeerConnection };
  if (page.phone === undefined) {
    page.phone = new RTCPeerConnection();
    // Chromium feeds a remote track to Web Audio only while an element plays it too.
    page.phone.addEventListener('track', ({ track }) => {
      const player = new Audio();
      player.srcObject = new MediaStream([track]);
      void player.play();
    });
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of microphone.getTracks()) page.phone.addTrack(track, microphone);
  }
  const { phone } = page;
  await phone.setLocalDescription(await phone.createOffer({ iceRestart: restart }));
  while (phone.iceGatheringState !== 'complete')
    await new Promise((wake) => phone.addEventListener('icegatheringstatechange', wake, { once: true }));
  return phone.localDescription?.sdp ?? '';
}

async function acceptInPage(sdp: string): Promise<void> {
  const { phone } = window as unknown as { phone: RTCPeerConnection };
  await phone.setRemoteDescription({ type: 'answer', sdp });
}

describe('media server: browsers and restarts', () => {
  let server: MediaServer;
  let folder: string;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'media-browser-'));
    const min = 44_000 + (((await freePort()) * 7) % 50) * 200;
    server = await createEmbeddedMediaServer({
      rtpPortMin: min,
      rtpPortMax: min + 199,
      host: '127.0.0.1',
      advertiseAddress: '127.0.0.1',
      logger: { warn: () => undefined, error: () => undefined },
    });
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function customer() {
    const peer = await createRtpPeer();
    const leg = await server.createEndpoint({ kind: 'rtp', remoteSdp: peer.sdp() });
    peer.connect(leg.localSdp);
    closing.push(
      () => peer.close(),
      () => leg.destroy(),
    );
    peer.say(tone(600, 1000));
    return { peer, leg };
  }

  it.skipIf(programs.chromium === undefined)(
    'Chromium restarts ICE by a re-offer: sound goes on both ways',
    async () => {
      const { peer, leg } = await customer();
      const browser = await openBrowser(programs.chromium!, 1200);
      closing.push(() => browser.close());
      await browser.page.route(PAGE, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<title>phone</title>' }),
      );
      await browser.page.goto(PAGE);
      const offer = await browser.page.evaluate(offerInPage, false);
      const operator = await server.createEndpoint({ kind: 'webrtc', remoteSdp: offer });
      closing.push(() => operator.destroy());
      await browser.page.evaluate(acceptInPage, operator.localSdp);
      await operator.connected();
      await leg.bridge(operator);
      const tonal = (): Promise<unknown> => Promise.all([browser.untilHeard(600), peer.untilTone(1200, 120)]);
      await tonal();
      for (let times = 0; times < 2; times++) {
        const again = await browser.page.evaluate(offerInPage, true);
        expect(/a=ice-ufrag:(\S+)/.exec(again)?.[1]).not.toBe(/a=ice-ufrag:(\S+)/.exec(offer)?.[1]);
        const before = operator.localSdp;
        const from = performance.now();
        await browser.page.evaluate(acceptInPage, await operator.setRemote(again));
        expect(/a=ice-ufrag:(\S+)/.exec(operator.localSdp)?.[1]).not.toBe(
          /a=ice-ufrag:(\S+)/.exec(before)?.[1],
        );
        await operator.connected();
        const silentMs = performance.now() - from;
        const received = (await operator.stats()).packetsReceived;
        await tonal();
        expect((await operator.stats()).packetsReceived).toBeGreaterThan(received);
        expect(silentMs).toBeLessThan(5_000);
      }
    },
    60_000,
  );

  it('a page that was loaded anew takes its leg over by a re-offer; the old one is heard until then', async () => {
    const { peer, leg } = await customer();
    const old = createWebRtcPeer();
    closing.push(() => old.close());
    const operator = await server.createEndpoint({ kind: 'webrtc', remoteSdp: await old.offer() });
    closing.push(() => operator.destroy());
    await old.accept(operator.localSdp);
    await Promise.all([operator.connected(), old.connected()]);
    await leg.bridge(operator);
    old.say(tone(1200, 1000));
    await Promise.all([old.untilTone(600), peer.untilTone(1200)]);

    const fresh = createWebRtcPeer();
    closing.push(() => fresh.close());
    const answer = await operator.setRemote(await fresh.offer());
    // The answer has not reached anybody: nothing may be lost yet.
    await Promise.all([old.untilTone(600), peer.untilTone(1200)]);
    await fresh.accept(answer);
    await Promise.all([operator.connected(), fresh.connected()]);
    old.stop();
    fresh.say(tone(1500, 1000));
    await Promise.all([fresh.untilTone(600), peer.untilTone(1500)]);
  });

  it('a restart that never comes up can be tried again, and the old sound outlives it', async () => {
    const browser = createWebRtcPeer();
    closing.push(() => browser.close());
    const operator = await server.createEndpoint({ kind: 'webrtc', remoteSdp: await browser.offer() });
    closing.push(() => operator.destroy());
    await browser.accept(operator.localSdp);
    await Promise.all([operator.connected(), browser.connected()]);
    const file = await writeToneWav(join(folder, 'p.wav'), 440, 500);
    void operator.play([file], { loop: true }).catch(() => undefined);
    await browser.untilTone(440);
    const [lost, fresh] = [createWebRtcPeer(), createWebRtcPeer()];
    closing.push(
      () => lost.close(),
      () => fresh.close(),
    );
    await operator.setRemote(await lost.offer());
    await browser.untilTone(440);
    await fresh.accept(await operator.setRemote(await fresh.offer()));
    await Promise.all([operator.connected(), fresh.connected()]);
    await fresh.untilTone(440);
  });
});
