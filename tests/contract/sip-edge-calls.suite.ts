import { describe, expect, it } from 'vitest';
import { inbox } from './sip-edge-inbox.ts';
import type { Engine } from './sip-edge-engines.ts';
import { SDP } from './sip-edge-peer.ts';
import { callRig, MULTIPART, NUMBER, withIsup } from './sip-edge-rig.ts';

/** What every SIP edge does with calls, whatever is under it. */
export function callSuite(engine: Engine): void {
  describe.skipIf(!engine.available)(`SipEdge, calls on ${engine.name}`, () => {
    const rig = callRig(engine);
    const { setTrunk, peer, incoming } = rig;

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
      (await rig.calls.next()).reject(486, 'Busy Here');
      expect(await p.final('INVITE')).toMatchObject({ status: 486, reason: 'Busy Here' });
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

    it('offers in the 200 to a caller that described nothing, and takes the answer from the ACK', async () => {
      const p = await peer();
      const leg = p.start('INVITE', NUMBER);
      const call = await rig.calls.next();
      expect(call.remoteSdp).toBe('');
      const answered = call.answer(SDP(5000));
      const ok = await p.final('INVITE');
      expect(ok.body).toBe(SDP(5000));
      p.sendLeg(p.confirmed(leg, ok), 'ACK', 1, [], SDP(4000));
      expect((await answered).remoteSdp).toBe(SDP(4000));
    });

    it('re-INVITE without a description: our offer, and its answer from the ACK, multipart or not', async () => {
      const p = await peer();
      const { dialog, leg } = await incoming(p);
      const heard = inbox<string>();
      dialog.onOfferWanted(() => Promise.resolve(SDP(5000, 7)));
      dialog.onModify((sdp) => {
        heard.put(sdp);
        return Promise.resolve(SDP(5000, 8));
      });
      p.sendLeg(leg, 'INVITE', 2);
      expect((await p.final('INVITE')).body).toBe(SDP(5000, 7));
      p.sendLeg(leg, 'ACK', 2, [MULTIPART], withIsup(SDP(4002, 2)));
      expect(await heard.next()).toBe(SDP(4002, 2));
      expect(dialog.remoteSdp).toBe(SDP(4002, 2));
      // The same answer again answers another offer.
      p.sendLeg(leg, 'INVITE', 3);
      await p.final('INVITE');
      p.sendLeg(leg, 'ACK', 3, [], SDP(4002, 2));
      expect(await heard.next()).toBe(SDP(4002, 2));
    });

    it('reads descriptions out of multipart bodies (SIP-I) in every message', async () => {
      const p = await peer();
      const leg = p.start('INVITE', NUMBER, [MULTIPART], withIsup(SDP(4000)));
      const call = await rig.calls.next();
      expect(call.remoteSdp).toBe(SDP(4000));
      const answered = call.answer(SDP(5000));
      const done = p.confirmed(leg, await p.final('INVITE'));
      p.sendLeg(done, 'ACK', 1);
      const dialog = await answered;
      const heard: string[] = [];
      dialog.onModify((sdp) => {
        heard.push(sdp);
        return Promise.resolve(SDP(5000, 2));
      });
      p.sendLeg(done, 'INVITE', 2, [MULTIPART], withIsup(SDP(4002, 2)));
      expect((await p.final('INVITE')).status).toBe(200);
      p.sendLeg(done, 'ACK', 2);
      p.sendLeg(done, 'UPDATE', 3, [MULTIPART], withIsup(SDP(4004, 3)));
      expect((await p.final('UPDATE')).status).toBe(200);
      p.sendLeg(done, 'UPDATE', 4, [MULTIPART], withIsup('')); // ISUP alone offers nothing
      expect((await p.final('UPDATE')).body).toBe('');
      p.sendLeg(done, 'INVITE', 5, [['Content-Type', 'text/plain']], 'hello');
      expect((await p.final('INVITE')).status).toBe(415);
      expect(heard).toEqual([SDP(4002, 2), SDP(4004, 3)]);
    });

    it('reads descriptions out of multipart answers to our INVITE and re-INVITE', async () => {
      const p = await peer();
      setTrunk({ outboundUri: `sip:127.0.0.1:${p.wire.port}` });
      const placed = rig.opened.edge.invite({
        to: { kind: 'trunk', trunkId: 'demo', number: '100' },
        callerUser: '200',
        localSdp: SDP(5000),
      });
      const invite = await p.request('INVITE');
      p.answer(invite, 200, [MULTIPART], withIsup(SDP(4000)));
      await p.request('ACK');
      const dialog = await placed;
      expect(dialog.remoteSdp).toBe(SDP(4000));
      const modified = dialog.modify(SDP(5002, 2));
      p.answer(await p.request('INVITE'), 200, [MULTIPART], withIsup(SDP(4002, 2)));
      expect(await modified).toBe(SDP(4002, 2));
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
      p.sendLeg(leg, 'INFO', 3, [['Content-Type', 'text/plain']], 'Signal=6');
      const unread = await p.final('INFO');
      expect([unread.status, unread.headers['accept']]).toEqual([
        415,
        'application/dtmf-relay, application/dtmf, multipart/mixed',
      ]);
      p.sendLeg(
        leg,
        'INFO',
        4,
        [
          ['Info-Package', 'foo'],
          ['Content-Type', 'application/dtmf'],
        ],
        '7',
      );
      const unknown = await p.final('INFO');
      expect([unknown.status, unknown.reason, unknown.headers['recv-info']]).toEqual([
        469,
        'Bad Info Package',
        '',
      ]);
      p.sendLeg(leg, 'REFER', 5, [['Refer-To', '<sip:1234@example.com>']]);
      expect((await p.final('REFER')).status).toBe(202);
      expect(await heard.next()).toBe('sip:1234@example.com');
      expect((await p.request('NOTIFY')).headers['event']).toBe('refer');
    });

    it.each(['MESSAGE', 'PUBLISH', 'SUBSCRIBE'])(
      'refuses %s inside of a call as outside, and the call goes on',
      async (method) => {
        const p = await peer();
        const { dialog, leg } = await incoming(p);
        p.sendLeg(
          leg,
          method,
          2,
          [
            ['Event', 'presence'],
            ['Expires', '60'],
            ['Content-Type', 'text/plain'],
          ],
          'hi',
        );
        const refused = await p.final(method);
        expect([refused.status, refused.headers['allow']]).toEqual([
          405,
          expect.stringContaining('INVITE, ACK'),
        ]);
        const heard = inbox<string>();
        dialog.onInfoDigit((digit) => heard.put(digit));
        p.sendLeg(leg, 'INFO', 3, [['Content-Type', 'application/dtmf-relay']], 'Signal=5');
        expect(await heard.next()).toBe('5');
      },
    );

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

    it('rejects what requires an unknown extension, takes 100rel without early answers', async () => {
      const p = await peer();
      p.start('INVITE', NUMBER, [['Require', 'nothingSupportsThis']], SDP(4000));
      const bad = await p.final('INVITE');
      expect(bad.status).toBe(420);
      const leg = p.start('INVITE', NUMBER, [['Require', '100rel']], SDP(4000));
      const call = await rig.calls.next();
      call.ringing();
      const answered = call.answer(SDP(5000));
      const ok = await p.final('INVITE');
      expect(p.heard.some((m) => m.status === 180)).toBe(false);
      p.sendLeg(p.confirmed(leg, ok), 'ACK', 1);
      await answered;
    });
  });
}
