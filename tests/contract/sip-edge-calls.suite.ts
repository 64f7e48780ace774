/* eslint-disable max-lines -- one harness for all that a call does */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IncomingCall, RegistrationChange, SipDialog, TrunkConfig } from '../../src/voice/ports.ts';
import { inbox } from './sip-edge-inbox.ts';
import type { Engine, OpenedEdge } from './sip-edge-engines.ts';
import { type Leg, type Received, SDP, SipPeer, tcpWire, udpWire, type Wire } from './sip-edge-peer.ts';

const NUMBER = 'sip:+551140004000@127.0.0.1';

/** What every SIP edge does with calls, whatever is under it. */
export function callSuite(engine: Engine): void {
  describe.skipIf(!engine.available)(`SipEdge on ${engine.name}`, () => {
    let opened: OpenedEdge;
    let calls = inbox<IncomingCall>();
    let changes = inbox<RegistrationChange>();
    const peers: SipPeer[] = [];

    beforeEach(async () => {
      opened = await engine.open();
      calls = inbox();
      changes = inbox();
      opened.edge.onInvite((call) => calls.put(call));
      opened.edge.onRegistration((change) => changes.put(change));
      setTrunk({});
    });
    afterEach(async () => {
      await opened.stop();
      for (const peer of peers.splice(0)) peer.close();
    });

    function setTrunk(more: Partial<TrunkConfig>): void {
      opened.edge.setTrunks([{ id: 'demo', peers: ['127.0.0.1'], trustsAssertedIdentity: false, ...more }]);
    }
    async function peer(wire?: Promise<Wire>): Promise<SipPeer> {
      const made = new SipPeer(await (wire ?? udpWire(opened.port)));
      peers.push(made);
      return made;
    }

    /** An answered call from the trunk: our dialog and the peer's leg. */
    async function incoming(
      p: SipPeer,
      extra: [string, string][] = [],
    ): Promise<{ dialog: SipDialog; leg: Leg; ok: Received }> {
      const leg = p.start('INVITE', NUMBER, extra, SDP(4000));
      const call = await calls.next();
      const answered = call.answer(SDP(5000));
      const ok = await p.final('INVITE');
      const done = p.confirmed(leg, ok);
      p.sendLeg(done, 'ACK', 1);
      return { dialog: await answered, leg: done, ok };
    }

    for (const [name, wire] of [
      ['UDP', () => udpWire(opened.port)],
      ['TCP', () => tcpWire(opened.port)],
    ] as const) {
      it(`takes a call over ${name}; the caller hangs up`, async () => {
        const p = await peer(wire());
        const leg = p.start('INVITE', NUMBER, [], SDP(4000));
        const call = await calls.next();
        expect(call).toMatchObject({
          source: { kind: 'trunk', trunkId: 'demo' },
          callerUser: '5511987654321',
          calledUser: '+551140004000',
          remoteSdp: SDP(4000),
          peer: { transport: name.toLowerCase(), address: '127.0.0.1' },
        });
        call.ringing();
        await p.next((m) => m.status === 180, '180');
        const answered = call.answer(SDP(5000));
        const ok = await p.final('INVITE');
        expect(ok.body).toBe(SDP(5000));
        const done = p.confirmed(leg, ok);
        p.sendLeg(done, 'ACK', 1);
        const dialog = await answered;
        const ended = inbox<string>();
        dialog.onEnd((cause) => ended.put(cause));
        p.sendLeg(done, 'BYE', 2);
        expect((await p.final('BYE')).status).toBe(200);
        expect(await ended.next()).toBe('bye');
        await dialog.bye();
      });

      it(`takes a call over ${name}; we hang up, with a reason`, async () => {
        const p = await peer(wire());
        const { dialog } = await incoming(p);
        const bye = dialog.bye('Done');
        const request = await p.request('BYE');
        expect(request.headers['reason']).toContain('Done');
        p.answer(request, 200);
        await bye;
      });
    }

    it('refuses a stranger with 403, whatever it calls, and tells nobody', async () => {
      const stranger = await peer(udpWire(opened.port, '127.0.0.2'));
      for (const uri of [NUMBER, 'sip:ana@127.0.0.1', 'sip:nobody@127.0.0.1']) {
        stranger.start('INVITE', uri, [], SDP(4000));
        const refused = await stranger.final('INVITE');
        expect(refused.status).toBe(403);
      }
      stranger.start('OPTIONS', NUMBER);
      expect((await stranger.final('OPTIONS')).status).toBe(403);
    });

    it('answers OPTIONS of a trunk, and 481 to what belongs to no dialog', async () => {
      const p = await peer();
      p.start('OPTIONS', NUMBER);
      expect((await p.final('OPTIONS')).status).toBe(200);
      p.start('BYE', NUMBER, [], '', { remote: `<${NUMBER}>;tag=gone` });
      expect((await p.final('BYE')).status).toBe(481);
    });

    it('refuses with the status of the application', async () => {
      const p = await peer();
      p.start('INVITE', NUMBER, [], SDP(4000));
      (await calls.next()).reject(486, 'Busy Here');
      expect(await p.final('INVITE')).toMatchObject({ status: 486, reason: 'Busy Here' });
    });

    it('gives up a call that the caller cancels', async () => {
      const p = await peer();
      const leg = p.start('INVITE', NUMBER, [], SDP(4000));
      const call = await calls.next();
      const cancelled = inbox<true>();
      call.onCancel(() => cancelled.put(true));
      call.ringing();
      await p.next((m) => m.status === 180, '180');
      p.sendLeg(leg, 'CANCEL', 1, [], '', leg.via);
      expect((await p.final('CANCEL')).status).toBe(200);
      expect((await p.final('INVITE')).status).toBe(487);
      await cancelled.next();
      await expect(call.answer(SDP(5000))).rejects.toMatchObject({ status: 487 });
    });

    it('sends 200 again until the ACK comes', async () => {
      const p = await peer();
      const leg = p.start('INVITE', NUMBER, [], SDP(4000));
      const answered = (await calls.next()).answer(SDP(5000));
      await p.final('INVITE');
      const again = await p.final('INVITE');
      p.sendLeg(p.confirmed(leg, again), 'ACK', 1);
      expect((await answered).remoteSdp).toBe(SDP(4000));
    });

    it('answers re-INVITE and UPDATE by the application, and a refresh by itself', async () => {
      const p = await peer();
      const { dialog, leg } = await incoming(p);
      const offers: string[] = [];
      dialog.onModify((sdp) => {
        offers.push(sdp);
        return Promise.resolve(SDP(5000, offers.length + 1));
      });
      p.sendLeg(leg, 'INVITE', 2, [], SDP(4002, 2));
      const ok = await p.final('INVITE');
      expect(ok.body).toBe(SDP(5000, 2));
      p.sendLeg(leg, 'ACK', 2);
      p.sendLeg(leg, 'UPDATE', 3, [], SDP(4004, 3));
      expect((await p.final('UPDATE')).body).toBe(SDP(5000, 3));
      p.sendLeg(leg, 'UPDATE', 4, [
        ['Session-Expires', '120;refresher=uac'],
        ['Supported', 'timer'],
      ]);
      expect((await p.final('UPDATE')).headers['session-expires']).toBe('120;refresher=uac');
      expect(offers).toEqual([SDP(4002, 2), SDP(4004, 3)]);
      expect(dialog.remoteSdp).toBe(SDP(4004, 3));
    });

    it('asks whether the peer is still there: OPTIONS in the dialog, and 481 is no', async () => {
      const p = await peer();
      const { dialog } = await incoming(p);
      for (const [status, alive] of [
        [200, true],
        [501, true],
        [481, false],
      ] as const) {
        const asked = dialog.alive();
        p.answer(await p.request('OPTIONS'), status);
        expect(await asked).toBe(alive);
      }
    });

    it('offers in the 200 to a caller that described nothing, and takes the answer from the ACK', async () => {
      const p = await peer();
      const leg = p.start('INVITE', NUMBER);
      const call = await calls.next();
      expect(call.remoteSdp).toBe('');
      const answered = call.answer(SDP(5000));
      const ok = await p.final('INVITE');
      expect(ok.body).toBe(SDP(5000));
      p.sendLeg(p.confirmed(leg, ok), 'ACK', 1, [], SDP(4000));
      expect((await answered).remoteSdp).toBe(SDP(4000));
    });

    it('modifies, and tries again after 491', async () => {
      const p = await peer();
      const { dialog } = await incoming(p);
      const modified = dialog.modify(SDP(5002, 2));
      p.answer(await p.request('INVITE'), 491);
      await p.request('ACK');
      const again = await p.request('INVITE');
      expect(again.body).toBe(SDP(5002, 2));
      p.answer(again, 200, [], SDP(4006, 2));
      await p.request('ACK');
      expect(await modified).toBe(SDP(4006, 2));
      expect(dialog.localSdp).toBe(SDP(5002, 2));
    });

    it('answers 491 to a re-INVITE that crosses ours', async () => {
      const p = await peer();
      const { dialog, leg } = await incoming(p);
      const modified = dialog.modify(SDP(5002, 2));
      const ours = await p.request('INVITE');
      p.sendLeg(leg, 'INVITE', 2, [], SDP(4002, 2));
      expect((await p.final('INVITE')).status).toBe(491);
      p.answer(ours, 200, [], SDP(4000, 2));
      expect(await modified).toBe(SDP(4000, 2));
    });

    it('hears INFO keys and REFER, and reports the transfer', async () => {
      const p = await peer();
      const { dialog, leg } = await incoming(p);
      const heard = inbox<string>();
      dialog.onInfoDigit((digit, ms) => heard.put(`${digit} ${ms}`));
      dialog.onRefer((to) => heard.put(to));
      p.sendLeg(leg, 'INFO', 2, [['Content-Type', 'application/dtmf-relay']], 'Signal=5\r\nDuration=160\r\n');
      expect((await p.final('INFO')).status).toBe(200);
      expect(await heard.next()).toBe('5 160');
      p.sendLeg(leg, 'REFER', 3, [['Refer-To', '<sip:1234@example.com>']]);
      expect((await p.final('REFER')).status).toBe(202);
      expect(await heard.next()).toBe('sip:1234@example.com');
      expect((await p.request('NOTIFY')).headers['event']).toBe('refer');
    });

    it('agrees on a session timer and refuses one that is too short', async () => {
      const p = await peer();
      const { ok } = await incoming(p, [
        ['Session-Expires', '120;refresher=uas'],
        ['Supported', 'timer'],
      ]);
      expect(ok.headers['session-expires']).toBe('120;refresher=uas');
      p.start(
        'INVITE',
        NUMBER,
        [
          ['Session-Expires', '30'],
          ['Supported', 'timer'],
        ],
        SDP(4000),
      );
      const small = await p.next((m) => m.status === 422, '422');
      expect(small.headers['min-se']).toBe('90');
    });

    it('calls a number over a trunk, with its password, early ring and hang-up', async () => {
      const p = await peer();
      setTrunk({
        outboundUri: `sip:127.0.0.1:${p.wire.port}`,
        digest: { username: 'trunk', password: 'secret' },
      });
      let rang = false;
      const placed = opened.edge.invite({
        to: { kind: 'trunk', trunkId: 'demo', number: '+5511912345678' },
        callerUser: '+551140004000',
        callerName: 'Exemplo "Internet"',
        localSdp: SDP(5000),
        headers: { 'X-Ref': '42' },
        onRinging: () => {
          rang = true;
        },
      });
      const first = await p.request('INVITE');
      expect(first.uri).toBe(`sip:+5511912345678@127.0.0.1:${p.wire.port}`);
      expect(first.headers['from']).toContain('sip:+551140004000@');
      expect(first.raw).toContain('X-Ref: 42');
      const asked = 'Digest realm="carrier", nonce="abc", algorithm=MD5, qop="auth"';
      p.answer(first, 407, [['Proxy-Authenticate', asked]]);
      await p.request('ACK');
      const second = await p.request('INVITE');
      expect(second.headers['proxy-authorization']).toContain('username="trunk"');
      p.answer(second, 180);
      p.answer(second, 200, [], SDP(4000));
      await p.request('ACK');
      const dialog = await placed;
      expect(rang).toBe(true);
      expect(dialog.remoteSdp).toBe(SDP(4000));
      const ended = inbox<string>();
      dialog.onEnd((cause) => ended.put(cause));
      p.sendLeg(p.legOf(second), 'BYE', 1);
      expect((await p.final('BYE')).status).toBe(200);
      expect(await ended.next()).toBe('bye');
    });

    it('acknowledges a repeated 200 and follows Record-Route', async () => {
      const p = await peer();
      setTrunk({ outboundUri: `sip:127.0.0.1:${p.wire.port}` });
      const placed = opened.edge.invite({
        to: { kind: 'trunk', trunkId: 'demo', number: '100' },
        callerUser: '200',
        localSdp: SDP(5000),
      });
      const invite = await p.request('INVITE');
      // RFC 3261 §12.1.2: the caller takes the routes in reverse order, so the nearest proxy stands last.
      const near = `<sip:127.0.0.1:${p.wire.port};lr;x=1>`;
      const routes: [string, string][] = [['Record-Route', `<sip:10.9.9.9;lr>, ${near}`]];
      p.answer(invite, 200, routes, SDP(4000));
      const ack = await p.request('ACK');
      expect(ack.headers['route']).toBe(`${near},<sip:10.9.9.9;lr>`);
      p.answer(invite, 200, routes, SDP(4000));
      expect((await p.request('ACK')).raw).toBe(ack.raw);
      const bye = (await placed).bye();
      const request = await p.request('BYE');
      expect(request.headers['route']).toBe(ack.headers['route']);
      p.answer(request, 200);
      await bye;
    });

    it('tells why a call failed, and cancels when aborted', async () => {
      const p = await peer();
      setTrunk({ outboundUri: `sip:127.0.0.1:${p.wire.port}` });
      const call = {
        to: { kind: 'trunk', trunkId: 'demo', number: '100' } as const,
        callerUser: '200',
        localSdp: SDP(5000),
      };
      const busy = expect(opened.edge.invite(call)).rejects.toMatchObject({ status: 486 });
      p.answer(await p.request('INVITE'), 486);
      await busy;
      await p.request('ACK');
      const abort = new AbortController();
      const aborted = expect(opened.edge.invite({ ...call, signal: abort.signal })).rejects.toMatchObject({
        status: 487,
      });
      const invite = await p.request('INVITE');
      p.answer(invite, 180);
      abort.abort();
      const cancel = await p.request('CANCEL');
      p.answer(cancel, 200);
      p.answer(invite, 487);
      await aborted;
    });

    it('hangs up when answer and abort cross', async () => {
      const p = await peer();
      setTrunk({ outboundUri: `sip:127.0.0.1:${p.wire.port}` });
      const abort = new AbortController();
      const aborted = expect(
        opened.edge.invite({
          to: { kind: 'trunk', trunkId: 'demo', number: '100' },
          callerUser: '200',
          localSdp: SDP(5000),
          signal: abort.signal,
        }),
      ).rejects.toMatchObject({ status: 487 });
      const invite = await p.request('INVITE');
      abort.abort();
      p.answer(invite, 200, [], SDP(4000));
      p.answer(await p.request('BYE'), 200);
      await aborted;
    });

    it('asserted identity counts only from a trunk that may assert', async () => {
      const p = await peer();
      const asserted: [string, string][] = [['P-Asserted-Identity', '"Maria" <sip:+5511900000000@carrier>']];
      p.start('INVITE', NUMBER, asserted, SDP(4000));
      expect((await calls.next()).callerUser).toBe('5511987654321');
      setTrunk({ trustsAssertedIdentity: true });
      p.start('INVITE', NUMBER, asserted, SDP(4000));
      expect(await calls.next()).toMatchObject({ callerUser: '+5511900000000', callerName: 'Maria' });
    });

    it('rejects what requires an unknown extension, takes 100rel without early answers', async () => {
      const p = await peer();
      p.start('INVITE', NUMBER, [['Require', 'nothingSupportsThis']], SDP(4000));
      const bad = await p.final('INVITE');
      expect(bad.status).toBe(420);
      const leg = p.start('INVITE', NUMBER, [['Require', '100rel']], SDP(4000));
      const call = await calls.next();
      call.ringing();
      const answered = call.answer(SDP(5000));
      const ok = await p.final('INVITE');
      expect(p.heard.some((m) => m.status === 180)).toBe(false);
      p.sendLeg(p.confirmed(leg, ok), 'ACK', 1);
      await answered;
    });

    it('stops politely: BYE to every dialog, and says so in health before', async () => {
      const p = await peer();
      await incoming(p);
      expect((await opened.edge.health()).ok).toBe(true);
      const stopped = opened.edge.stop(2000);
      p.answer(await p.request('BYE'), 200);
      await stopped;
      if (opened.stats) expect(opened.stats()).toMatchObject({ dialogs: 0, transactions: 0 });
    });
  });
}
