import { describe, expect, it } from 'vitest';
import { PAYLOAD_TYPE } from './g711.ts';
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
      codecs: ['PCMA', 'PCMU'],
      eventType: 96,
    });
    expect(answerDirection(remote.direction)).toBe('recvonly');
  });

  it("takes the first port that is nobody else's, and the last that there is", () => {
    for (const port of [1024, 65_535])
      expect(parseRemote(offer([`m=audio ${port} RTP/AVP 0`]), 'rtp').port).toBe(port);
  });

  it('takes the zero address for hold in plain RTP', () => {
    const held = offer(['m=audio 4000 RTP/AVP 0']).replace('c=IN IP4 10.0.0.1', 'c=IN IP4 0.0.0.0');
    expect(parseRemote(held, 'rtp').direction).toBe('sendonly');
  });

  it.each([
    ['PCMA by another number', ['m=audio 4000 RTP/AVP 97', 'a=rtpmap:97 PCMA/8000'], ['PCMA'], { PCMA: 97 }],
    [
      'both, the dynamic one first',
      ['m=audio 4000 RTP/AVP 98 0', 'a=rtpmap:98 pcma/8000/1'],
      ['PCMA', 'PCMU'],
      { PCMA: 98, PCMU: 0 },
    ],
    [
      'one codec by two numbers: the first',
      ['m=audio 4000 RTP/AVP 8 98', 'a=rtpmap:98 PCMA/8000'],
      ['PCMA'],
      { PCMA: 8 },
    ],
    [
      'a static number for the other law',
      ['m=audio 4000 RTP/AVP 0', 'a=rtpmap:0 PCMA/8000'],
      ['PCMA'],
      { PCMA: 0 },
    ],
  ])('reads %s, and answers with the same number', (_, lines, codecs, payloadTypes) => {
    const remote = parseRemote(offer(lines), 'rtp');
    expect(remote).toMatchObject({ codecs, payloadTypes });
    const [codec = 'PCMU'] = remote.codecs;
    const answer = writeSdp({
      ...{ sessionId: '1', version: 1, host: '10.0.0.2', port: 6000, codecs: [codec], eventType: undefined },
      ...{ direction: 'sendrecv', ssrc: 1, secure: undefined, remote },
      payloadTypes: { ...PAYLOAD_TYPE, ...remote.payloadTypes },
    });
    expect(answer).toContain(`m=audio 6000 RTP/AVP ${remote.payloadTypes[codec] ?? -1}\r\n`);
    expect(answer).toContain(`a=rtpmap:${remote.payloadTypes[codec] ?? -1} ${codec}/8000`);
  });

  it('PCMU at another rate or with two channels is something else', () => {
    for (const map of ['PCMU/16000', 'PCMU/8000/2'])
      expect(() => parseRemote(offer(['m=audio 4000 RTP/AVP 97', `a=rtpmap:97 ${map}`]), 'rtp')).toThrow(
        'neither PCMU nor PCMA',
      );
  });

  it('refuses a second m-line in its place', () => {
    const remote = parseRemote(offer(['m=video 5000 RTP/AVP 99', 'm=audio 4000 RTP/AVP 0']), 'rtp');
    const answer = writeSdp({
      sessionId: '1',
      version: 1,
      host: '10.0.0.2',
      port: 6000,
      codecs: ['PCMU'],
      payloadTypes: PAYLOAD_TYPE,
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
    ['a stream of no format', offer(['m=audio 4000 RTP/AVP'])],
    ['a stream of no format behind a blank', offer(['m=audio 4000 RTP/AVP '])],
    ['a refused stream', offer(['m=audio 0 RTP/AVP 0'])],
    ['SRTP without WebRTC', offer(['m=audio 4000 RTP/SAVP 0'])],
    ...[1, 53, 123, 161, 1023].map((port): [string, string] => [
      `port ${port}, where another service listens`,
      offer([`m=audio ${port} RTP/AVP 0`]),
    ]),
    ['a port that does not exist', offer(['m=audio 65536 RTP/AVP 0'])],
    ['a payload type that does not exist', offer(['m=audio 4000 RTP/AVP 200', 'a=rtpmap:200 PCMA/8000'])],
    ...['255.255.255.255', '239.1.2.3', '0.0.0.1'].map((host): [string, string] => [
      `${host}, which is not one host`,
      offer(['m=audio 4000 RTP/AVP 0']).replace('c=IN IP4 10.0.0.1', `c=IN IP4 ${host}`),
    ]),
    ['a host name', offer(['m=audio 4000 RTP/AVP 0']).replace('c=IN IP4 10.0.0.1', 'c=IN IP4 evil.example')],
  ])('refuses %s', (_what, sdp) => {
    expect(() => parseRemote(sdp, 'rtp')).toThrow(expect.objectContaining({ code: 'media.badSdp' }) as Error);
  });
  it.each([
    ['IP6 ::1', '127.0.0.1'],
    ['IP6 fd00::7', '10.0.0.2'],
    ['IP4 10.0.0.1', 'fd00::2'],
  ])('refuses %s where we send from %s; the zero address holds by any', (connection, own) => {
    const at = (line: string) =>
      offer(['m=audio 4000 RTP/AVP 0']).replace('c=IN IP4 10.0.0.1', `c=IN ${line}`);
    expect(() => parseRemote(at(connection), 'rtp', own)).toThrow(`no sound goes from ${own}`);
    expect(parseRemote(at('IP4 0.0.0.0'), 'rtp', own).direction).toBe('sendonly');
    expect(parseRemote(at(connection), 'rtp', 'name.of.ours').port).toBe(4000);
  });
});
