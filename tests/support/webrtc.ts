/** An independent WebRTC peer (werift) for contract tests: G.711, its own ICE, DTLS and SRTP. */
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpPacket } from 'werift';
import type { Codec } from '../../src/voice/media/g711.ts';
import { createHearing, createTalker, type Hearing, type Talker } from './audio.ts';

export interface WebRtcPeer extends Hearing, Talker {
  /** Full offer, candidates inside. */
  offer(): Promise<string>;
  /** Takes an offer, gives the answer. */
  answer(offer: string): Promise<string>;
  accept(answer: string): Promise<void>;
  /** A re-offer in the given direction. */
  hold(direction: 'sendonly' | 'sendrecv'): Promise<string>;
  connected(): Promise<void>;
  close(): Promise<void>;
}

export function createWebRtcPeer(codec: Codec = 'PCMU', eventType = 110): WebRtcPeer {
  const audio = (mimeType: string, payloadType: number): RTCRtpCodecParameters =>
    new RTCRtpCodecParameters({ mimeType, clockRate: 8000, channels: 1, payloadType });
  const peer = new RTCPeerConnection({
    codecs: {
      audio: [audio(`audio/${codec}`, codec === 'PCMU' ? 0 : 8), audio('audio/telephone-event', eventType)],
      video: [],
    },
    iceAdditionalHostAddresses: ['127.0.0.1'],
    iceUseIpv6: false,
  });
  const track = new MediaStreamTrack({ kind: 'audio' });
  const transceiver = peer.addTransceiver(track, { direction: 'sendrecv' });
  const hearing = createHearing(codec, eventType);
  const talker = createTalker(
    (packet) => {
      if (peer.connectionState !== 'connected') return;
      // Past the sender, which would give every packet the voice codec's payload type.
      const rtp = RtpPacket.deSerialize(packet);
      rtp.header.ssrc = transceiver.sender.ssrc;
      void transceiver.sender.dtlsTransport.sendRtp(rtp.payload, rtp.header);
    },
    codec,
    eventType,
  );
  // Told again after each re-offer; the track stays the same.
  peer.onTrack.once((remote) => {
    remote.onReceiveRtp.subscribe((packet: RtpPacket) => hearing.take(packet.serialize()));
  });
  const local = (): string => peer.localDescription?.sdp ?? '';
  return {
    ...hearing,
    ...talker,
    async offer() {
      await peer.setLocalDescription(await peer.createOffer());
      return local();
    },
    async answer(offer) {
      await peer.setRemoteDescription({ type: 'offer', sdp: offer });
      await peer.setLocalDescription(await peer.createAnswer());
      return local();
    },
    async accept(answer) {
      await peer.setRemoteDescription({ type: 'answer', sdp: answer });
    },
    async hold(direction) {
      transceiver.setDirection(direction);
      await peer.setLocalDescription(await peer.createOffer());
      return local();
    },
    connected: () =>
      peer.connectionState === 'connected'
        ? Promise.resolve()
        : peer.connectionStateChange.watch((state) => state === 'connected', 10_000).then(() => undefined),
    async close() {
      talker.stop();
      await peer.close();
    },
  };
}
