import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embedded, type OpenedEdge } from '../contract/sip-edge-engines.ts';
import { SDP, SipPeer, tcpWire, udpWire, type Wire, wsWire } from '../contract/sip-edge-peer.ts';

/** RFC 4475, as the npm package `sip` carries it. */
const FOLDER = 'node_modules/sip/test/messages';
const MESSAGES = readdirSync(FOLDER)
  .filter((name) => /\.dat[a]?$/.test(name))
  .map((name) => ({ name, data: readFileSync(join(FOLDER, name)) }));

describe('RFC 4475 torture messages', () => {
  let opened: OpenedEdge;
  const peers: SipPeer[] = [];
  beforeEach(async () => {
    opened = await embedded.open();
    opened.edge.setTrunks([{ id: 'demo', peers: ['127.0.0.1'], trustsAssertedIdentity: false }]);
    opened.edge.onInvite((call) => void call.answer(SDP(5000)).catch(() => undefined));
  });
  afterEach(async () => {
    await opened.stop();
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

  it('are all there', () => expect(MESSAGES.length).toBeGreaterThanOrEqual(49));

  for (const [name, wire] of [
    ['UDP', () => udpWire(opened.port)],
    ['TCP', () => tcpWire(opened.port)],
    ['WebSocket', () => wsWire(opened.wsUrl)],
  ] as const) {
    it(`over ${name}: the process lives and a call works right after`, async () => {
      for (const { data } of MESSAGES) {
        const one: Wire = await wire();
        one.send(data);
        if (name !== 'UDP') one.close();
        else peers.push(new SipPeer(one));
      }
      await callWorks();
    });
  }

  it('valid ones get an answer, the malformed 400 (or silence)', async () => {
    const answers = new Map<string, number[]>();
    for (const { name, data } of MESSAGES) {
      const socket = await tcpWire(opened.port);
      const heard: number[] = [];
      answers.set(name, heard);
      socket.onText((text) => heard.push(Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1])));
      peers.push(new SipPeer(socket));
      socket.send(data);
    }
    await callWorks();
    for (const name of ['badinv01.dat', 'clerr.dat', 'ncl.dat', 'scalar02.dat', 'mcl01.dat', 'insuf.dat'])
      for (const status of answers.get(name) ?? []) expect([400, 403], name).toContain(status);
    expect(answers.get('wsinv.dat')).toEqual([481]); // well formed, of a dialog that is not ours
    expect(answers.get('esc01.dat')).toContain(200);
    expect(answers.get('badvers.dat')).toEqual([]); // Via of another version: nowhere to answer to
    expect(answers.get('unkscm.dat')).toEqual([416]);
    expect(answers.get('bext01.dat')).toEqual([420]);
  });

  it('random bytes are counted and nothing more', async () => {
    const wire = await udpWire(opened.port);
    peers.push(new SipPeer(wire));
    for (let i = 1; i < 200; i++) wire.send(Buffer.alloc(i * 7, i));
    await callWorks();
    expect(opened.stats?.().garbage).toBeGreaterThan(100);
  });
});
