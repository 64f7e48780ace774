import type nodeDatachannel from 'node-datachannel';
import { describe, expect, it } from 'vitest';
import { parseRemote } from './sdp.ts';
import { createWebRtcTransport } from './webrtc-transport.ts';

const ANSWER = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=audio 4000 UDP/TLS/RTP/SAVPF 0',
  'c=IN IP4 127.0.0.1',
  'a=mid:0',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AA').join(':')}`,
  'a=setup:active',
  'a=rtcp-mux',
  'a=candidate:1 1 UDP 2122317823 127.0.0.1 4000 typ host',
  'a=sendrecv',
  '',
].join('\r\n');

/** The library as far as a description goes: it refuses the answer, and is then in this state. */
function refusing(state: string): typeof nodeDatachannel {
  class PeerConnection {
    addTrack = () => ({ onClosed: () => undefined, onMessage: () => undefined, close: () => undefined });
    onStateChange = () => undefined;
    setLocalDescription = () => undefined;
    setRemoteDescription = () => {
      throw new Error('Got a remote candidate without ICE transport');
    };
    gatheringState = () => 'complete';
    localDescription = () => ({ sdp: ANSWER });
    state = () => state;
    close = () => undefined;
  }
  class Audio {
    addAudioCodec = () => undefined;
    parseSdpLine = () => undefined;
    addSSRC = () => undefined;
  }
  return { PeerConnection, Audio } as unknown as typeof nodeDatachannel;
}

describe('an answer that WebRTC does not take', () => {
  it.each([
    ['closed', 'media.notConnected'],
    ['connecting', 'media.badSdp'],
  ])('with the association %s is told as %s', async (state, code) => {
    const transport = await createWebRtcTransport(
      {
        ...{ library: refusing(state), name: 'leg', host: '127.0.0.1', advertiseAddress: '127.0.0.1' },
        ...{ port: 4000, ssrc: 1, offer: undefined, eventType: 101 },
      },
      () => undefined,
    );
    expect(() => transport.setAnswer(ANSWER, parseRemote(ANSWER, 'webrtc'))).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
