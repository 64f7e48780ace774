import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Flow } from '../../src/voice/sip/embedded/flow.ts';
import { embedded, type OpenedEdge, PASSWORD } from '../contract/sip-edge-engines.ts';
import {
  type Received,
  register,
  SDP,
  SipPeer,
  tcpWire,
  udpWire,
  type Wire,
  wsWire,
} from '../contract/sip-edge-peer.ts';
import { manualClock } from './sip-manual-clock.ts';

/** RFC 4475, as the npm package `sip` carries it. */
const FOLDER = 'node_modules/sip/test/messages';
const MESSAGES = readdirSync(FOLDER).filter((name) => name.endsWith('.dat'));

/** Status of the one answer; undefined: silence. */
type Answer = number | undefined;
const silence = undefined;

/**
 * What each message gets over UDP; `tcp` and `ws` where they differ: a stream has to close on a length that is missing or
 * wrong, or waits for what was promised. The numbers are paragraphs of RFC 4475.
 */
const EXPECTED: Readonly<Record<string, Answer | { udp: Answer; tcp: Answer; ws: Answer }>> = {
  // 3.1.1 valid
  'wsinv.dat': 481, // of a dialog that is not ours
  'intmeth.dat': 501,
  'esc01.dat': 200,
  'escnull.dat': 401,
  'esc02.dat': 501, // RE%47IST%45R is not REGISTER, but a method that nobody knows
  'lwsdisp.dat': 200,
  'longreq.dat': 200,
  'dblreq.dat': 401, // what follows a datagram's message is ignored
  'semiuri.dat': 200,
  'transports.dat': 200,
  'mpart01.dat': 405, // MESSAGE
  'unreason.dat': silence, // a response to nothing
  'noreason.dat': silence,
  // 3.1.2 invalid
  'badinv01.dat': 400,
  'clerr.dat': { udp: 400, tcp: silence, ws: 400 },
  'ncl.dat': { udp: 400, tcp: silence, ws: 400 },
  'scalar02.dat': 400,
  'scalarlg.dat': silence, // a response
  'quotbal.dat': 400,
  'ltgtruri.dat': 400,
  'lwsruri.dat': silence, // no start line of SIP
  'lwsstart.dat': silence,
  'trws.dat': 200, // may be taken
  'escruri.dat': 200, // headers in the Request-URI are ignored
  'baddate.dat': 200, // nobody reads Date
  'regbadct.dat': 401,
  'badaspec.dat': 200,
  'baddn.dat': silence,
  'baddn_sep.dat': silence,
  'badvers.dat': 505,
  'mismatch01.dat': 400,
  'mismatch02.dat': 400,
  'bigcode.dat': silence,
  // 3.2 transactions, 3.3 application, 3.4 RFC 2543
  'badbranch.dat': 200,
  'insuf.dat': 400,
  'unkscm.dat': 416,
  'novelsc.dat': 416,
  'unksm2.dat': 400,
  'bext01.dat': 420,
  'invut.dat': 415,
  'regaut01.dat': 401,
  'multi01.dat': 400,
  'mcl01.dat': 400,
  'bcast.dat': silence,
  'zeromf.dat': 200,
  'cparam01.dat': 401,
  'cparam02.dat': 401,
  'regescrt.dat': 401,
  'sdp01.dat': 406,
  'inv2543.dat': { udp: 400, tcp: silence, ws: 400 }, // without Contact there is nobody to talk to (RFC 3261 §8.1.1.8)
  'badcseq.dat': 400,
  'test.dat': silence,
};

const statusOf = (text: string): number => Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1]);

/** What leaves by UDP, wherever the Via of a message sends it. */
function listener(): { wrap: (flow: Flow) => Flow; onText: (handler: (text: string) => void) => void } {
  let handler: (text: string) => void = () => undefined;
  return {
    onText: (next) => void (handler = next),
    wrap: (flow) => ({
      ...{ protocol: flow.protocol, address: flow.address, port: flow.port, reliable: false, open: true },
      close: () => undefined,
      send(text) {
        handler(text);
        flow.send(text);
      },
    }),
  };
}

describe('RFC 4475 torture messages', () => {
  let opened: OpenedEdge;
  const clock = manualClock();
  const out = listener();
  const peers: SipPeer[] = [];
  beforeEach(async () => {
    // A clock that stands still: nothing is repeated.
    opened = await embedded.open({ wrapUdp: out.wrap, clock });
    opened.edge.setTrunks([{ id: 'demo', peers: ['127.0.0.1'], trustsAssertedIdentity: false }]);
    opened.edge.onInvite((call) => void call.answer(SDP(5000)).catch(() => undefined));
  });
  afterEach(async () => {
    const stopped = opened.stop();
    clock.advance(1000); // calls whose peers are gone are not waited for
    await stopped;
    for (const peer of peers.splice(0)) peer.close();
  });

  async function callWorks(): Promise<void> {
    const peer = new SipPeer(await udpWire(opened.port));
    peers.push(peer);
    const leg = peer.start('INVITE', 'sip:100@127.0.0.1', [], SDP(4000));
    const ok = await peer.next((m) => m.status === 200, '200 after the torture');
    const done = peer.confirmed(leg, ok);
    peer.sendLeg(done, 'ACK', 1);
    peer.sendLeg(done, 'BYE', 2);
    expect((await peer.final('BYE')).status).toBe(200);
  }

  /** Sends one message; resolves to the statuses heard, as soon as the expected one is there. */
  async function torture(name: string, transport: 'udp' | 'tcp' | 'ws', wire: Wire): Promise<number[]> {
    const heard: number[] = [];
    const row = EXPECTED[name];
    const wanted = typeof row === 'object' ? row[transport] : row;
    const came = new Promise<void>((resolve) => {
      const hear = (text: string): void => {
        heard.push(statusOf(text));
        resolve();
      };
      if (transport === 'udp') out.onText(hear);
      else wire.onText(hear);
    });
    wire.send(readFileSync(join(FOLDER, name)));
    if (wanted !== undefined) await came;
    return heard;
  }

  it('are all there, and each has an expected answer', () => {
    expect(MESSAGES).toHaveLength(52);
    expect(Object.keys(EXPECTED).sort()).toEqual([...MESSAGES].sort());
  });

  for (const [transport, open] of [
    ['udp', () => udpWire(opened.port)],
    ['tcp', () => tcpWire(opened.port)],
    ['ws', () => wsWire(opened.wsUrl)],
  ] as const) {
    it(`over ${transport}: all 52 get the answer that the RFC asks for, and a call works right after`, async () => {
      const answers: Record<string, number[]> = {};
      const expected: Record<string, number[]> = {};
      for (const name of MESSAGES) {
        const wire = await open();
        const peer = new SipPeer(wire);
        peers.push(peer);
        // No trunk comes by WebSocket: there it is a telephone that says all this.
        if (transport === 'ws') expect((await register(peer, 'ana', PASSWORD)).status).toBe(200);
        answers[name] = await torture(name, transport, wire);
        const row = EXPECTED[name];
        const wanted = typeof row === 'object' ? row[transport] : row;
        expected[name] = wanted === undefined ? [] : [wanted];
        if (transport === 'ws') wire.close();
      }
      out.onText(() => undefined);
      await callWorks();
      expect(answers).toEqual(expected);
    });
  }

  it.each([
    ['Require: nothing-you-know', 'sip:100@127.0.0.1', 420],
    ['X-Plain: 1', 'weird:100', 416],
    ['Max-Forwards: many', 'sip:100@127.0.0.1', 400],
  ])('%s to %s: a refusal without a transaction is an answer like any other', async (header, uri, status) => {
    const wire = await udpWire(opened.port);
    const peer = new SipPeer(wire);
    peers.push(peer);
    // RFC 3581: the peer behind a NAT names another address and asks for the port that is seen.
    const ask = (to: string): void =>
      wire.send(
        `INVITE ${uri} SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9:5071;rport;branch=z9hG4bKsame\r\n` +
          `Via: SIP/2.0/UDP 10.0.0.8;branch=z9hG4bKfirst\r\nFrom: <sip:a@b.invalid>;tag=a\r\nTo: ${to}\r\n` +
          `Call-ID: refused\r\nCSeq: 1 INVITE\r\nContact: <sip:a@10.0.0.9>\r\n${header}\r\nContent-Length: 0\r\n\r\n`,
      );
    const answer = (): Promise<Received> => peer.next((m) => m.status === status, `a ${status}`);
    ask('"Ana" <sip:100@b.invalid>');
    const first = await answer();
    ask('"Ana" <sip:100@b.invalid>');
    const again = await answer();
    expect(first.headers['via']).toBe(
      `SIP/2.0/UDP 10.0.0.9:5071;branch=z9hG4bKsame;received=127.0.0.1;rport=${wire.port}, SIP/2.0/UDP 10.0.0.8;branch=z9hG4bKfirst`,
    );
    expect(first.headers['to']).toMatch(/^"Ana" <sip:100@b\.invalid>;tag=[0-9a-f]{16}$/);
    expect(again.headers['to']).toBe(first.headers['to']);
    ask('<sip:100@b.invalid>;tag=theirs');
    expect((await answer()).headers['to']).toBe('<sip:100@b.invalid>;tag=theirs');
  });

  it('random bytes are counted and nothing more', async () => {
    const wire = await udpWire(opened.port);
    peers.push(new SipPeer(wire));
    for (let i = 1; i < 200; i++) wire.send(Buffer.alloc(i * 7, i));
    await callWorks();
    expect(opened.stats?.().garbage).toBeGreaterThan(100);
  });
});
