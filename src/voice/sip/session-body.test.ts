import { describe, expect, it } from 'vitest';
import { readSession, sdpOf } from './session-body.ts';

const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n';
const ISUP =
  'Content-Type: application/isup;version=itu-t92+\r\nContent-Disposition: signal;handling=optional\r\n';
const part = (headers: string, body: string, boundary = 'b1'): string =>
  `--${boundary}\r\n${headers}\r\n${body}\r\n`;
const sdpPart = (boundary?: string): string => part('Content-Type: application/sdp\r\n', SDP, boundary);
const message = (contentType: string | undefined, body: string, encoding?: string) => ({
  body,
  get: (name: string) =>
    name === 'content-type' ? contentType : name === 'content-encoding' ? encoding : undefined,
});

describe('bodies', () => {
  it.each([
    ['SDP alone', 'application/sdp', SDP],
    ['SDP with parameters and capitals', 'Application/SDP; charset=utf-8', SDP],
    ['SDP without a type', undefined, SDP],
    ['ISUP first', 'multipart/mixed;boundary=b1', `${part(ISUP, '\u0001\u0010')}${sdpPart()}--b1--\r\n`],
    ['ISUP last', 'multipart/mixed; boundary="b1"', `${sdpPart()}${part(ISUP, '\u0001\u0010')}--b1--`],
    [
      'a preamble and an epilogue',
      'multipart/mixed;boundary=b1',
      `hello\r\n${sdpPart()}--b1--\r\nv=0 not this`,
    ],
    ['a boundary with spaces in it', 'multipart/mixed; boundary="b 1"', `${sdpPart('b 1')}--b 1--`],
    ['no boundary told, as an engine that hands on the body alone', undefined, `${sdpPart()}--b1--`],
    [
      'alternatives inside',
      'multipart/mixed;boundary=b1',
      `${part('Content-Type: multipart/alternative;boundary=in\r\n', `${sdpPart('in')}--in--`)}--b1--`,
    ],
    [
      'compact and folded headers',
      'multipart/mixed;boundary=b1',
      `${part('c:\r\n application/sdp\r\n', SDP)}--b1--`,
    ],
  ])('%s', (_, contentType, body) => {
    expect(sdpOf(message(contentType, body)).trimEnd()).toBe(SDP.trimEnd());
  });

  it('lines that end in LF alone', () => {
    const body = `${sdpPart()}--b1--\r\n`.replaceAll('\r\n', '\n');
    expect(sdpOf(message('multipart/mixed;boundary=b1', body)).split(/\r?\n/)).toContain(
      'm=audio 4000 RTP/AVP 0',
    );
  });

  it.each([
    ['nothing', undefined, '', 'none'],
    ['ISUP alone', 'multipart/mixed;boundary=b1', `${part(ISUP, 'x')}--b1--`, 'none'],
    [
      'a part without a type, which is text',
      'multipart/mixed;boundary=b1',
      `${part('Content-Id: <1>\r\n', SDP)}--b1--`,
      'none',
    ],
    ['text', 'text/plain', 'hello', 'unreadable'],
    ['a multipart without its boundary', 'multipart/mixed', 'hello', 'unreadable'],
    ['bytes without a type', undefined, 'hello', 'unreadable'],
  ])('%s is no description', (_, contentType, body, kind) => {
    expect(readSession(message(contentType, body)).kind).toBe(kind);
  });

  it('a compressed body is not read', () => {
    expect(readSession(message('application/sdp', SDP, 'gzip')).kind).toBe('unreadable');
    expect(readSession(message('application/sdp', '', 'gzip')).kind).toBe('none');
    expect(readSession(message('application/sdp', SDP, 'identity')).kind).toBe('sdp');
  });

  it('bodies in bodies without end are not followed, and many parts cost little', () => {
    let nested = sdpPart('b9');
    for (let i = 9; i > 0; i--)
      nested = part(`Content-Type: multipart/mixed;boundary=b${i}\r\n`, nested, `b${i - 1}`);
    expect(readSession(message('multipart/mixed;boundary=b0', nested)).kind).toBe('none');
    expect(sdpOf(message('multipart/mixed;boundary=b1', '--b1\r\n\r\n'.repeat(6000)))).toBe('');
  });
});
