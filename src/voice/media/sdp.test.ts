import { describe, expect, it } from 'vitest';
import { answerDirection, parseRemote, writeSdp } from './sdp.ts';

const offer = (lines: readonly string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 10.0.0.1', 's=-', 'c=IN IP4 10.0.0.1', 't=0 0', ...lines, ''].join('\r\n');

describe('SDP', () => {
  it('reads codecs in the order of the offer, the event type and a=rtcp without an address', () => {
    const remote = parseRemote(
      offer([
        'm=audio 4000 RTP/AVP 18 8 0 96',
        'a=rtpmap:96 telephone-event/8000',
        'a=rtcp:4009',
        'a=sendonly',
      ]),
      'rtp',
    );
    expect(remote).toMatchObject({
      host: '10.0.0.1',
      port: 4000,
      rtcpPort: 4009,
      codecs: ['PCMA', 'PCMU'],
      eventType: 96,
    });
    expect(answerDirection(remote.direction)).toBe('recvonly');
  });

  it('takes the zero address for hold in plain RTP', () => {
    const held = offer(['m=audio 4000 RTP/AVP 0']).replace('c=IN IP4 10.0.0.1', 'c=IN IP4 0.0.0.0');
    expect(parseRemote(held, 'rtp').direction).toBe('sendonly');
  });

  it('refuses a second m-line in its place', () => {
    const remote = parseRemote(offer(['m=video 5000 RTP/AVP 99', 'm=audio 4000 RTP/AVP 0']), 'rtp');
    const answer = writeSdp({
      sessionId: '1',
      version: 1,
      host: '10.0.0.2',
      port: 6000,
      codecs: ['PCMU'],
      eventType: undefined,
      direction: 'sendrecv',
      ssrc: 1,
      secure: undefined,
      remote,
    });
    expect(answer.match(/^m=.*$/gm)).toEqual(['m=video 0 RTP/AVP 99', 'm=audio 6000 RTP/AVP 0']);
  });

  it.each([
    ['a codec that we do not speak', offer(['m=audio 4000 RTP/AVP 18'])],
    ['a payload type 0 that is something else', offer(['m=audio 4000 RTP/AVP 0', 'a=rtpmap:0 L16/8000'])],
    ['a refused stream', offer(['m=audio 0 RTP/AVP 0'])],
    ['SRTP without WebRTC', offer(['m=audio 4000 RTP/SAVP 0'])],
    ['a host name', offer(['m=audio 4000 RTP/AVP 0']).replace('c=IN IP4 10.0.0.1', 'c=IN IP4 evil.example')],
  ])('refuses %s', (_what, sdp) => {
    expect(() => parseRemote(sdp, 'rtp')).toThrow(expect.objectContaining({ code: 'media.badSdp' }) as Error);
  });
});
