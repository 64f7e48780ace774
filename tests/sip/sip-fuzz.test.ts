import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FramingError, StreamFraming } from '../../src/voice/sip/embedded/stream-framing.ts';
import { type SipLogger } from '../../src/voice/sip/index.ts';
import { embedded, silent } from '../contract/sip-edge-engines.ts';
import { SDP, SipPeer, tcpWire, udpWire } from '../contract/sip-edge-peer.ts';
import { createFuzzWatch } from './sip-fuzz-watch.ts';
import { readAll } from './sip-readers.ts';

/**
 * `SIP_FUZZ_SECONDS=600 npx vitest run tests/sip/sip-fuzz.test.ts` looks for long, from a seed of its own. With
 * `SIP_FUZZ_LOG=/tmp/fuzz` it tells how far it is and which inputs are slow, and leaves the one that it stands at.
 */
const seconds = Number(process.env['SIP_FUZZ_SECONDS'] ?? 0);
const seed = Number(process.env['SIP_FUZZ_SEED'] ?? (seconds > 0 ? Date.now() % 2 ** 31 : 20_261_126));
const TIMEOUT_MS = seconds * 1000 + 120_000;
const watch = createFuzzWatch(seconds > 0 ? process.env['SIP_FUZZ_LOG'] : undefined);
// The plugin looks at no values; its type does not say so.
const until = <T>(): fc.Parameters<T> =>
  ({
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    plugins: [fc.interruptAfterTimeLimit(seconds * 500)],
  }) as unknown as fc.Parameters<T>;
const rounds = <T = unknown>(few: number): fc.Parameters<T> =>
  seconds > 0 ? until() : { seed, numRuns: few };

const FOLDER = 'node_modules/sip/test/messages';
const TORTURE = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.dat'))
  .sort()
  .map((name) => readFileSync(join(FOLDER, name), 'latin1'));

const message = (start: string, extra: string, body = ''): string =>
  `${start}\r\nVia: SIP/2.0/UDP 127.0.0.1:5099;branch=z9hG4bKf;rport\r\nFrom: "A" <sip:+5511987654321;cpc=x@p>;tag=f\r\n` +
  `To: <sip:+551140004000@127.0.0.1>\r\nCall-ID: fuzz\r\nCSeq: 1 ${start.split(' ')[0] ?? ''}\r\nMax-Forwards: 70\r\n` +
  `Contact: <sip:p@127.0.0.1:5099>\r\n${extra}Content-Length: ${body.length}\r\n\r\n${body}`;
const NUMBER = 'sip:+551140004000@127.0.0.1';
const MIXED = `--b\r\nContent-Type: application/isup\r\n\r\nx\r\n--b\r\nContent-Type: application/sdp\r\n\r\n${SDP(4000)}--b--\r\n`;
const DIGEST =
  'Digest username="ana", realm="exemplo", nonce="a.b", uri="sip:x", response="0", algorithm=MD5, qop=auth, nc=1, cnonce="c"';
const CORPUS: readonly string[] = [
  ...TORTURE,
  message(`INVITE ${NUMBER} SIP/2.0`, 'Content-Type: application/sdp\r\n', SDP(4000)),
  message(`INVITE ${NUMBER} SIP/2.0`, 'Content-Type: multipart/mixed;boundary=b\r\n', MIXED),
  message(`INVITE tel:+551140004000;npdi SIP/2.0`, 'P-Asserted-Identity: <tel:+55>, "x" <sip:y@z>\r\n'),
  message('REGISTER sip:exemplo SIP/2.0', `Expires: 300\r\nAuthorization: ${DIGEST}\r\n`),
  message(`OPTIONS ${NUMBER} SIP/2.0`, 'Require: timer\r\nSession-Expires: 90;refresher=uac\r\n'),
  message(
    `INFO ${NUMBER} SIP/2.0`,
    'Content-Type: application/dtmf-relay\r\n',
    'Signal=5\r\nDuration=100\r\n',
  ),
  message(`BYE ${NUMBER} SIP/2.0`, 'Reason: Q.850;cause=16\r\n'),
  message(`CANCEL ${NUMBER} SIP/2.0`, ''),
  message(`ACK ${NUMBER} SIP/2.0`, ''),
  message('SIP/2.0 200 OK', 'Record-Route: <sip:a;lr>, <sip:b;lr>\r\n', SDP(4000)),
  message(
    'SIP/2.0 407 Proxy',
    'Proxy-Authenticate: Digest realm="x", nonce="y", stale=true, qop="auth,auth-int"\r\n',
  ),
];

/** What breaks parsers: separators, quotes, escapes, numbers at the edge, runs of one thing. */
const SPICE = fc.oneof(
  fc.constantFrom(
    ...[
      ';',
      ',',
      '<',
      '>',
      '"',
      '\\',
      ':',
      '@',
      '%',
      '=',
      '/',
      '?',
      '\0',
      ' ',
      '\t',
      '\r',
      '\n',
      '\r\n',
      '\r\n\r\n',
    ],
    ...[
      '%00',
      '%zz',
      '%C3',
      '[::1]',
      '[',
      '-1',
      '0',
      '4294967296',
      '99999999999999999999',
      '__proto__',
      'é',
      '\u2028',
    ],
    ...[
      'sip:',
      'sips:',
      'tel:',
      ';tag=',
      ';lr',
      ';rport',
      ';phone-context=+',
      'Content-Length: 5\r\n',
      '--b',
      '*',
    ],
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc
    .record({
      what: fc.constantFrom(
        ...['<', '"', '(', ';', ',', '\\"', '\r\n', '\n', ' ', '%41', '[', ';a=b', '--b\r\n', 'a', '='],
        ...[';a="b"', ';a=" ', ' <', ';boundary=', ' Digest ', '\r\n ', '\r\nVia: ', 'sip:a@b,', ' \n'],
      ),
      times: fc.nat(20_000),
    })
    .map(({ what, times }) => what.repeat(times)),
);
const EDIT = fc.record({ at: fc.nat(4000), remove: fc.nat({ max: 60 }), insert: SPICE });

/** A known message with some pieces cut out, put in or put together with another. */
const MUTATED = fc
  .record({
    first: fc.constantFrom(...CORPUS),
    second: fc.constantFrom(...CORPUS),
    splice: fc.option(fc.nat(2000), { freq: 3 }),
    edits: fc.array(EDIT, { maxLength: 6 }),
  })
  .map(({ first, second, splice, edits }) => {
    let text = splice === null ? first : first.slice(0, splice) + second.slice(splice);
    for (const { at, remove, insert } of edits) {
      const from = at % (text.length + 1);
      text = text.slice(0, from) + insert + text.slice(from + remove);
    }
    return text.slice(0, 65_000);
  });

describe(`SIP that nobody should send (seed ${seed})`, () => {
  it('no reader throws, and what it reads is what it says', { timeout: TIMEOUT_MS }, () => {
    fc.assert(
      fc.property(MUTATED, (text) => {
        const done = watch.begin('readers', text);
        readAll(text);
        done();
      }),
      rounds(400),
    );
  });

  it('a stream is cut the same way in whatever pieces it comes', { timeout: TIMEOUT_MS }, () => {
    const frames = (chunks: readonly Buffer[]): unknown[] => {
      const framing = new StreamFraming();
      const found: unknown[] = [];
      try {
        for (const chunk of chunks) found.push(...framing.push(chunk));
      } catch (error) {
        expect(error).toBeInstanceOf(FramingError);
      }
      // An empty line may be half a ping: how many of them are seen depends on the pieces.
      return found.filter((frame) => (frame as { kind: string }).kind === 'message');
    };
    fc.assert(
      fc.property(
        fc.array(MUTATED, { maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 3000 })),
        (texts, sizes) => {
          const done = watch.begin('stream', texts.join(''));
          const bytes = Buffer.from(texts.join(''));
          const pieces: Buffer[] = [];
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = sizes.length === 0 ? 700 : (sizes[i % sizes.length] ?? 700);
            pieces.push(bytes.subarray(at, at + size));
            at += size;
          }
          // Where the stream ends in nonsense, what came before it may have been given or not.
          const [whole, cut] = [frames([bytes]), frames(pieces)];
          expect(cut.slice(0, whole.length)).toEqual(whole.slice(0, cut.length));
          done();
        },
      ),
      rounds(60),
    );
  });

  it('the edge lives on: nothing is left unhandled, calls work', { timeout: TIMEOUT_MS }, async () => {
    const faults: unknown[] = [];
    const logger: SipLogger = { ...silent, error: (fields, text) => void faults.push([text, fields]) };
    const opened = await embedded.open({ logger });
    opened.edge.setTrunks([{ id: 'demo', peers: ['127.0.0.1'], trustsAssertedIdentity: true }]);
    opened.edge.onInvite((call) => {
      call.ringing();
      call.answer(SDP(5000)).then(
        (dialog) => {
          dialog.onModify(() => Promise.resolve(SDP(5000, 2)));
        },
        () => undefined,
      );
    });
    const wire = await udpWire(opened.port);
    const peer = new SipPeer(await udpWire(opened.port));
    const answers = async (): Promise<void> => {
      peer.heard.length = 0;
      peer.start('OPTIONS', NUMBER);
      expect((await peer.final('OPTIONS')).status).toBe(200);
      expect(faults).toEqual([]);
    };
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(MUTATED, { minLength: 1, maxLength: 20 }), async (texts) => {
          const done = watch.begin('edge', texts.join('\n=====\n'));
          const stream = await tcpWire(opened.port);
          for (const text of texts) {
            wire.send(Buffer.from(text).subarray(0, 60_000));
            stream.send(text);
          }
          await answers();
          stream.close();
          done();
        }),
        rounds(25),
      );
    } finally {
      wire.close();
      peer.close();
      await opened.stop();
    }
  });
});
