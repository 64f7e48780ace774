import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IncomingCall, RegistrationChange } from '../../src/voice/ports.ts';
import { embedded, type OpenedEdge, PASSWORD } from '../contract/sip-edge-engines.ts';
import { inbox } from '../contract/sip-edge-inbox.ts';
import { register, SDP, SipPeer, tcpWire, udpWire, type Wire, wsWire } from '../contract/sip-edge-peer.ts';
import { manualClock } from './sip-manual-clock.ts';

const NUMBER = 'sip:+551140004000@127.0.0.1';
const TRUNK = '127.0.0.1';
const STRANGER = '127.0.0.2';

/** What strangers may not do to those who belong here (ADR 0016). Time is turned by hand. */
describe('strangers at the doors of SIP', () => {
  let clock = manualClock();
  let opened: OpenedEdge;
  let calls = inbox<IncomingCall>();
  let changes = inbox<RegistrationChange>();
  const wires: Wire[] = [];
  beforeEach(async () => {
    clock = manualClock();
    opened = await embedded.open({ clock });
    calls = inbox();
    changes = inbox();
    opened.edge.onInvite((call) => calls.put(call));
    opened.edge.onRegistration((change) => changes.put(change));
    opened.edge.setTrunks([{ id: 'demo', peers: [TRUNK], trustsAssertedIdentity: false }]);
  });
  afterEach(async () => {
    const stopped = opened.stop();
    clock.advance(1000);
    await stopped;
    for (const wire of wires.splice(0)) wire.close();
  });

  const kept = async (wire: Promise<Wire>): Promise<Wire> => {
    const made = await wire;
    wires.push(made);
    return made;
  };
  const peer = async (wire: Promise<Wire>): Promise<SipPeer> => new SipPeer(await kept(wire));
  const ws = (client?: string): Promise<Wire> => wsWire(opened.wsUrl, client);
  /** A round trip: whatever was sent before has been dealt with. */
  async function settled(p: SipPeer, status: number): Promise<void> {
    p.start('OPTIONS', NUMBER);
    expect((await p.final('OPTIONS')).status).toBe(status);
  }

  it.each([
    ['WebSocket', () => ws()],
    ['TCP connection', () => tcpWire(opened.port, STRANGER)],
  ])('an idle %s that never registers is closed after ten seconds, keep-alives or not', async (_, wire) => {
    const idle = await kept(wire());
    const lively = await peer(wire());
    await settled(lively, 403);
    lively.wire.send('\r\n\r\n');
    clock.advance(10_000);
    await Promise.all([idle.closed, lively.wire.closed]);
  });

  it('a registered telephone stays, and a call outlives its registration', async () => {
    const phone = await peer(ws());
    expect((await register(phone, 'ana', PASSWORD)).status).toBe(200);
    const leg = phone.start('INVITE', 'sip:100@exemplo', [], SDP(4000));
    const answered = (await calls.next()).answer(SDP(5000));
    const done = phone.confirmed(leg, await phone.final('INVITE'));
    phone.sendLeg(done, 'ACK', 1);
    await answered;
    /** Pings of the WebSocket are answered in between. */
    const aMinute = async (status: number): Promise<void> => {
      for (let i = 0; i < 6; i++) {
        clock.advance(10_000);
        await settled(phone, status);
      }
    };
    await aMinute(200);
    opened.edge.unregister('ana');
    await aMinute(403);
    phone.sendLeg(done, 'BYE', 2);
    expect((await phone.final('BYE')).status).toBe(200);
    clock.advance(20_000); // no call, no registration
    await phone.wire.closed;
  });

  it('a thousand idle connections of one stranger shrink to a hundred, and the trunk is heard', async () => {
    const idle: Wire[] = [];
    for (let i = 0; i < 10; i++)
      idle.push(
        ...(await Promise.all(Array.from({ length: 30 }, () => kept(tcpWire(opened.port, STRANGER))))),
      );
    await Promise.all(idle.slice(0, 200).map((wire) => wire.closed));
    const trunk = await peer(tcpWire(opened.port, TRUNK));
    trunk.start('INVITE', NUMBER, [], SDP(4000));
    expect((await calls.next()).source).toEqual({ kind: 'trunk', trunkId: 'demo' });
  });

  it('a telephone behind the same address as 200 idle sockets registers, and keeps its registration', async () => {
    const idle = await Promise.all(Array.from({ length: 150 }, () => kept(ws('203.0.113.9'))));
    const phone = await peer(ws('203.0.113.9'));
    expect((await register(phone, 'ana', PASSWORD)).status).toBe(200);
    await Promise.all(Array.from({ length: 150 }, () => kept(ws('203.0.113.9'))));
    await Promise.all(idle.map((wire) => wire.closed));
    expect((await register(phone, 'ana', PASSWORD)).status).toBe(200);
    await changes.next();
  });

  it('garbage of one client behind the proxy ends that client, and nobody else', async () => {
    const phone = await peer(ws('198.51.100.1'));
    await register(phone, 'ana', PASSWORD);
    const stranger = await kept(ws('203.0.113.9'));
    for (let i = 0; i < 20; i++) stranger.send('rubbish');
    await stranger.closed;
    expect((await register(phone, 'ana', PASSWORD)).status).toBe(200);
    const other = await peer(ws('198.51.100.2'));
    expect((await register(other, 'bruno', PASSWORD)).status).toBe(200);
  });

  it('garbage from behind the office’s own address stops no telephone there: old, new or yet to come', async () => {
    const office = '198.51.100.1';
    const rubbish = async (): Promise<void> => {
      const stranger = await kept(ws(office));
      for (let i = 0; i < 21; i++) stranger.send('rubbish');
      await stranger.closed;
    };
    await rubbish(); // before anybody is there
    const phone = await peer(ws(office));
    expect((await register(phone, 'ana', PASSWORD)).status).toBe(200);
    await rubbish();
    await rubbish();
    expect((await register(phone, 'ana', PASSWORD)).status).toBe(200);
    const other = await peer(ws(office));
    expect((await register(other, 'bruno', PASSWORD)).status).toBe(200);
    phone.start('INVITE', 'sip:100@exemplo', [], SDP(4000));
    expect((await calls.next()).source).toMatchObject({ username: 'ana' });
  });

  it('from a banned address nothing but a registration is answered, and guessing is cut off', async () => {
    const stranger = await kept(ws('203.0.113.9'));
    for (let i = 0; i < 20; i++) stranger.send('rubbish');
    await stranger.closed;
    const caller = await peer(ws('203.0.113.9'));
    caller.start('INVITE', NUMBER, [], SDP(4000));
    expect((await caller.final('INVITE')).status).toBe(403);
    await caller.wire.closed;
    const guesser = await peer(ws('203.0.113.9'));
    for (let i = 0; i < 8; i++) expect((await register(guesser, 'ana', `guess ${i}`)).status).toBe(403);
    guesser.start('REGISTER', 'sip:exemplo', [], '', { remote: '<sip:ana@exemplo>' });
    await guesser.final('REGISTER');
    void register(guesser, 'ana', 'guess 9').catch(() => undefined);
    await guesser.wire.closed;
  });

  it('what somebody sends in the name of a trunk keeps no call of it away', async () => {
    const trunk = await peer(udpWire(opened.port, TRUNK));
    for (let i = 0; i < 12; i++) await register(trunk, 'ana', `guess ${i}`);
    trunk.wire.send('rubbish\r\nrubbish');
    trunk.start('INVITE', NUMBER, [], SDP(4000));
    expect((await calls.next()).source).toEqual({ kind: 'trunk', trunkId: 'demo' });
    expect((await register(trunk, 'ana', PASSWORD)).status).toBe(403); // guessing is over all the same
  });

  it('datagrams of a stranger’s address are dropped when it went too far, those of a telephone there are not', async () => {
    const phone = await peer(udpWire(opened.port, STRANGER));
    expect((await register(phone, 'ana', PASSWORD)).status).toBe(200);
    const scanner = await peer(udpWire(opened.port, STRANGER));
    for (let i = 0; i < 40; i++) await settled(scanner, 403);
    scanner.start('OPTIONS', NUMBER); // dropped
    expect((await register(phone, 'ana', PASSWORD)).status).toBe(200);
    expect(scanner.heard).toEqual([]);
  });

  it('no trunk comes by WebSocket, whatever its address', async () => {
    const page = await peer(ws(TRUNK));
    page.start('INVITE', NUMBER, [], SDP(4000));
    expect((await page.final('INVITE')).status).toBe(403);
  });

  it.each([
    ['half a message', 'OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TCP x', 32_000],
    ['a body that never comes', 'OPTIONS sip:x SIP/2.0\r\nl: 60000\r\n\r\nabc', 32_000],
    ['a Content-Length beyond reason', 'OPTIONS sip:x SIP/2.0\r\nl: 999999999\r\n\r\n', 0],
    ['a flood of keep-alives', '\r\n\r\n'.repeat(60), 0],
  ])('a trunk’s connection with %s is closed, and its next one works', async (_, text, afterMs) => {
    const first = await peer(tcpWire(opened.port, TRUNK));
    await settled(first, 200);
    first.wire.send(text);
    const second = await peer(tcpWire(opened.port, TRUNK));
    await settled(second, 200);
    // Bytes of the first may still be on their way when the second was answered.
    for (let open = true; open; ) {
      clock.advance(afterMs);
      open = await Promise.race([first.wire.closed.then(() => false), settled(second, 200).then(() => true)]);
    }
    await settled(second, 200);
  });

  it('messages that come in pieces for longer than that are no half messages', async () => {
    const trunk = await peer(tcpWire(opened.port, TRUNK));
    const message = (call: number): string =>
      `OPTIONS ${NUMBER} SIP/2.0\r\nVia: SIP/2.0/TCP x;branch=z9hG4bK${call}\r\nFrom: <sip:a@x>;tag=1\r\n` +
      `To: <${NUMBER}>\r\nCall-ID: ${call}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`;
    let rest = '';
    for (let call = 0; call < 5; call++) {
      const text = rest + message(call);
      trunk.wire.send(text.slice(0, -20)); // the end of one comes with the beginning of the next
      rest = text.slice(-20);
      if (call === 0) continue;
      expect((await trunk.final('OPTIONS')).status).toBe(200);
      clock.advance(20_000);
    }
  });

  it('floods of WebSocket pings are cut off', async () => {
    const { WebSocket } = await import('ws');
    const socket = new WebSocket(opened.wsUrl, 'sip');
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.once('open', () => {
      for (let i = 0; i < 60; i++) socket.ping();
    });
    await closed;
  });
});
