import { describe, expect, it } from 'vitest';
import { inbox } from './sip-edge-inbox.ts';
import type { Engine } from './sip-edge-engines.ts';
import { SDP, tcpWire, udpWire } from './sip-edge-peer.ts';
import { callRig, NUMBER } from './sip-edge-rig.ts';

/** How calls end, and how they do not: hung up, given up, lost, refused. */
export function endSuite(engine: Engine): void {
  describe.skipIf(!engine.available)(`SipEdge, hanging up on ${engine.name}`, () => {
    const rig = callRig(engine);
    const { setTrunk, peer, incoming } = rig;

    for (const [name, wire] of [
      ['UDP', () => udpWire(rig.opened.port)],
      ['TCP', () => tcpWire(rig.opened.port)],
    ] as const) {
      it(`takes a call over ${name}; the caller hangs up`, async () => {
        const p = await peer(wire());
        const leg = p.start('INVITE', NUMBER, [], SDP(4000));
        const call = await rig.calls.next();
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

    it('gives up a call that the caller cancels', async () => {
      const p = await peer();
      const leg = p.start('INVITE', NUMBER, [], SDP(4000));
      const call = await rig.calls.next();
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
      const answered = (await rig.calls.next()).answer(SDP(5000));
      await p.final('INVITE');
      const again = await p.final('INVITE');
      p.sendLeg(p.confirmed(leg, again), 'ACK', 1);
      expect((await answered).remoteSdp).toBe(SDP(4000));
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

    it('acknowledges a repeated 200 and follows Record-Route', async () => {
      const p = await peer();
      setTrunk({ outboundUri: `sip:127.0.0.1:${p.wire.port}` });
      const placed = rig.opened.edge.invite({
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
      const busy = expect(rig.opened.edge.invite(call)).rejects.toMatchObject({
        status: 486,
        retryAfterS: 90,
      });
      p.answer(await p.request('INVITE'), 486, [['Retry-After', '90 (in a meeting)']]);
      await busy;
      await p.request('ACK');
      const abort = new AbortController();
      const aborted = expect(rig.opened.edge.invite({ ...call, signal: abort.signal })).rejects.toMatchObject(
        {
          status: 487,
        },
      );
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
        rig.opened.edge.invite({
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

    it('stops politely: BYE to every dialog, and says so in health before', async () => {
      const p = await peer();
      await incoming(p);
      expect((await rig.opened.edge.health()).ok).toBe(true);
      const stopped = rig.opened.edge.stop(2000);
      p.answer(await p.request('BYE'), 200);
      await stopped;
      if (rig.opened.stats) expect(rig.opened.stats()).toMatchObject({ dialogs: 0, transactions: 0 });
    });
  });
}
