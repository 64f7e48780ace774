import { systemClock } from '../../shared/clock.ts';
import type nodeDatachannel from 'node-datachannel';
import type { PeerConnection, Track } from 'node-datachannel';
import { AppError } from '../../shared/errors.ts';
import { PAYLOAD_TYPE } from './g711.ts';
import { isRtcp } from './rtp.ts';
import { onlyAudio, readSecureWords, type RemoteAudio, type SecureWords } from './sdp.ts';
import type { PacketHandler, Transport } from './transport.ts';

export interface WebRtcTransport extends Transport {
  readonly words: SecureWords;
  /** Ours was the offer and this is the peer's answer. */
  setAnswer(sdp: string, remote: RemoteAudio): void;
  /** ICE user fragment and fingerprint of the peer: a change of either is an ICE restart (RFC 8839 §4.4.1.1). */
  readonly peerIdentity: string | undefined;
}

export interface WebRtcOptions {
  readonly library: typeof nodeDatachannel;
  readonly name: string;
  /** Address that the one UDP port binds. */
  readonly host: string;
  readonly advertiseAddress: string;
  /** All WebRTC legs share this port. */
  readonly port: number;
  readonly ssrc: number;
  readonly offer: { readonly sdp: string; readonly remote: RemoteAudio } | undefined;
  readonly eventType: number;
}

export const identityOf = (remote: RemoteAudio): string =>
  `${remote.iceUfrag ?? ''} ${remote.fingerprint ?? ''}`;

/** ICE, DTLS and SRTP by libdatachannel; the RTP inside stays ours. */
export async function createWebRtcTransport(
  options: WebRtcOptions,
  onPacket: PacketHandler,
): Promise<WebRtcTransport> {
  const { offer } = options;
  const peer = openPeer(options);
  const track = peer.addTrack(describeTrack(options));
  const ready = whenOpen(peer, track);
  let open = false;
  let identity = offer === undefined ? undefined : identityOf(offer.remote);
  ready.then(
    () => (open = true),
    () => undefined,
  );
  // Without a handler the library keeps the closed track's native half for good.
  track.onClosed(() => undefined);
  track.onMessage((packet) => {
    if (!isRtcp(packet)) onPacket(packet);
  });
  try {
    if (offer !== undefined) peer.setRemoteDescription(onlyAudio(offer.sdp, offer.remote), 'offer');
    peer.setLocalDescription(offer === undefined ? 'offer' : 'answer');
  } catch (error) {
    closeBoth(track, peer);
    throw new AppError('media.badSdp', 422, `WebRTC refused the description: ${String(error)}`);
  }
  // Its own address is all that it gathers: done within a millisecond.
  await whenTrue(() => peer.gatheringState() === 'complete', 1);
  const sdp = peer.localDescription()?.sdp ?? '';
  const words: SecureWords = {
    ...readSecureWords(sdp),
    candidates: [
      {
        host: options.advertiseAddress,
        port: Number(/a=candidate:\S+ \d+ UDP \d+ \S+ (\d+)/i.exec(sdp)?.[1] ?? options.port),
      },
    ],
  };
  return {
    words,
    ready,
    get peerIdentity() {
      return identity;
    },
    setAnswer(answer, remote) {
      try {
        peer.setRemoteDescription(onlyAudio(answer, remote), 'answer');
        identity = identityOf(remote);
      } catch (error) {
        throw refusal(peer, error);
      }
    },
    send(packet) {
      if (!open) return;
      try {
        track.sendMessageBinary(packet);
      } catch {
        open = false;
      }
    },
    close() {
      if (peer.state() === 'closed') return;
      open = false;
      closeBoth(track, peer);
    },
  };
}

/**
 * Why an answer was not taken. A browser's first ICE check may come in while the library reads its answer: on a busy machine the
 * association then starts before the answer's fingerprint is known, and ends itself. Nothing is wrong with such an answer.
 */
function refusal(peer: PeerConnection, error: unknown): AppError {
  if (peer.state() === 'closed')
    return new AppError('media.notConnected', 504, 'WebRTC ended while the answer was read');
  return new AppError('media.badSdp', 422, `WebRTC refused the answer: ${String(error)}`);
}

function openPeer({ library, name, host, port }: WebRtcOptions): PeerConnection {
  return new library.PeerConnection(name, {
    iceServers: [],
    bindAddress: host,
    enableIceUdpMux: true,
    portRangeBegin: port,
    portRangeEnd: port,
    disableAutoNegotiation: true,
    forceMediaTransport: true,
  });
}

/**
 * Our own track with the offer's mid: without one the library mirrors the offer's codecs into the answer.
 * The event's rtpmap is written by hand, since the library gives it the clock of a voice codec (48000/2).
 */
function describeTrack({
  library,
  offer,
  ssrc,
  eventType,
}: WebRtcOptions): InstanceType<typeof library.Audio> {
  const audio = new library.Audio(offer?.remote.mid ?? '0', 'SendRecv');
  for (const codec of offer?.remote.codecs ?? (['PCMU', 'PCMA'] as const))
    audio.addAudioCodec(offer?.remote.payloadTypes[codec] ?? PAYLOAD_TYPE[codec], codec);
  const event = offer === undefined ? eventType : offer.remote.eventType;
  if (event !== undefined) audio.parseSdpLine(`a=rtpmap:${event} telephone-event/8000`);
  audio.addSSRC(ssrc, 'ramal', 'ramal', 'audio');
  return audio;
}

/**
 * What happens once in the life of a leg is looked for, not listened to: each handler of the library is looked at in every
 * wake-up of the process, so that 100 legs with two handlers less each cost 6 % less CPU.
 */
function whenTrue(test: () => boolean, everyMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      try {
        if (test()) resolve();
        else systemClock.after(everyMs, look);
      } catch (error) {
        // The library's word for a connection that was closed meanwhile.
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    systemClock.after(everyMs, look);
  });
}

function whenOpen(peer: PeerConnection, track: Track): Promise<void> {
  const ready = new Promise<void>((resolve, reject) => {
    // The library holds this handler till the end: so neither half is collected while its own threads still close it.
    const halves = new Set<object>([track, peer]);
    peer.onStateChange((state) => {
      if (state === 'closed') halves.clear();
      // Its worker opens the track right after it said so.
      if (state === 'connected') whenTrue(() => track.isOpen() || track.isClosed(), 1).then(resolve, reject);
      if (state === 'failed' || state === 'closed')
        reject(new AppError('media.notConnected', 504, `WebRTC is ${state}`));
    });
  });
  ready.catch(() => undefined);
  return ready;
}

/** Both: closing only the connection leaves the track's native half alive. */
function closeBoth(track: Track, peer: PeerConnection): void {
  for (const half of [track, peer]) {
    try {
      half.close();
    } catch {
      // Already gone: the peer closed first.
    }
  }
}
