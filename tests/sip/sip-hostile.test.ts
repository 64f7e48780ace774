import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { parseSip } from '../../src/voice/sip/embedded/sip-message.ts';
import { parseNameAddress } from '../../src/voice/sip/embedded/sip-values.ts';
import { readAll } from './sip-readers.ts';

/** One datagram of a stranger. */
const LONG = 60_000;
/** All of it takes a second; a reader that goes back over what it saw takes minutes for one of them. */
const DEADLINE_MS = 60_000;

const PIECES = [
  ...[
    ' ',
    '\t',
    '<',
    '>',
    '"',
    ';',
    ',',
    '=',
    'a',
    '\\"',
    '[',
    '%41',
    '\n',
    '\r\n ',
    '--b\r\n',
    '@',
    ':',
    '.',
  ],
  ...[
    ';a="b"',
    ';a=" ',
    ';a= ',
    ' <',
    '< ',
    ';tag=',
    ';boundary=',
    'sip:a@b,',
    '"a" ',
    ' Digest ',
    'a="',
    'SIP/2.0/UDP h ',
  ],
] as const;
/** What stands before and after the run: some patterns are slow only when the end refuses. */
const FRAMES: readonly (readonly [string, string])[] = [
  ...([
    ['', ''],
    ['', '\nx\ny'],
    ['<', ''],
    ['"', ''],
    ['sip:a@b', ';;'],
    ['SIP/2.0/UDP h', ';;'],
    ['Digest ', ''],
  ] as const),
  ...([
    ['multipart/x', '\n'],
    ['1 ', 'x'],
  ] as const),
];
const FIELDS = [
  'Via',
  'From',
  'Contact',
  'Call-ID',
  'CSeq',
  'Authorization',
  'Content-Type',
  'Record-Route',
] as const;
const BODY = 'v=0\r\nm=audio 4000 RTP/AVP 0\r\n';

function* hostile(): Generator<string> {
  for (const piece of PIECES)
    for (const [before, after] of FRAMES) {
      const run = before + piece.repeat(LONG / piece.length) + after;
      yield `INVITE ${run.replace(/\s/g, '+')} SIP/2.0\r\nVia: x\r\n\r\n`;
      yield `SIP/2.0 200 ${run}\r\nVia: x\r\n\r\n`;
      yield `INFO sip:a@b SIP/2.0\r\nContent-Type: multipart/mixed\r\n\r\n--${run}`;
      yield `INFO sip:a@b SIP/2.0\r\nContent-Type: application/sdp\r\n\r\n${BODY}a=${run}\r\n`;
      for (const field of FIELDS)
        yield `INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n${field}: ${run}\r\n\r\n${BODY}`;
    }
}

describe('one datagram of a stranger', () => {
  it('costs what its length costs, whatever repeats in it', { timeout: DEADLINE_MS * 2 }, () => {
    let read = 0;
    const run = (): void => {
      for (const text of hostile()) {
        readAll(text);
        read++;
      }
    };
    // A pattern that does not come back can be stopped from here, and only from here.
    runInNewContext('run()', { run }, { timeout: DEADLINE_MS });
    expect(read).toBe(PIECES.length * FRAMES.length * (FIELDS.length + 4));
  });
});

describe('what is written oddly', () => {
  it.each([
    ['  "A <b>, \\"c\\""   <  sip:a@b  > ;tag=1', 'A <b>, "c"', 'sip:a@b', '1'],
    ['A  B<sip:a@b>;tag=1', 'A  B', 'sip:a@b', '1'],
    ['<sip:a@b;x=1>;tag=1', undefined, 'sip:a@b;x=1', '1'],
    ['sip:a@b ;tag=1', undefined, 'sip:a@b', '1'],
    ['"" <sip:a@b>;tag=1', undefined, 'sip:a@b', '1'],
  ] as const)('%s', (text, name, uri, tag) => {
    expect(parseNameAddress(text)).toEqual({ name, uri, params: { tag } });
  });

  it.each(['"A <sip:a@b>', 'A" <sip:a@b>', '"A" B <sip:a@b>', 'A <sip:a@b', '', '<'])(
    '%s is no address',
    (text) => {
      expect(parseNameAddress(text)).toBeUndefined();
    },
  );

  it('headers: folded, short, repeated, of any name', () => {
    const read = parseSip(
      'INVITE sip:x SIP/2.0\r\nv: 1\r\nVIA :  2\r\n 3\r\n__proto__: a\r\nconstructor: b\r\nX-Own: c\r\nl: 3\r\n\r\nabcdef',
    );
    expect({ ...read?.headers }).toEqual({
      ...{ via: '1,2\r\n 3', ['__proto__']: 'a', constructor: 'b', 'x-own': 'c', 'content-length': '3' },
    });
    expect(read?.body).toBe('abc');
    expect(parseSip('INVITE sip:x SIP/2.0\r\nno name\r\n\r\n')).toBeUndefined();
    expect(parseSip('INVITE sip:x SIP/2.0\r\nContent-Length: 2\r\n\r\né!')?.body).toBe('é');
  });
});
