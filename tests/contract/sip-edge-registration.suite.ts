import { describe, expect, it } from 'vitest';
import { embedded, type Engine, PASSWORD } from './sip-edge-engines.ts';
import { authorize, type Received, register, SDP, tcpWire, udpWire, wsWire } from './sip-edge-peer.ts';
import { inbox } from './sip-edge-inbox.ts';
import { edgeRig } from './sip-edge-rig.ts';

/** What every SIP edge does with softphones, whatever is under it. */
export function registrationSuite(engine: Engine): void {
  describe.skipIf(!engine.available)(`SipEdge registrations on ${engine.name}`, () => {
    const rig = edgeRig(engine);
    const { peer } = rig;

    it('asks a phone whether it is there: any answer of its own is one, silence and no registration are none', async () => {
      const p = await peer();
      expect(await rig.opened.edge.answers('ana')).toBe(false);
      await register(p, 'ana', PASSWORD);
      for (const [status, there] of [
        [200, true],
        [405, true],
        [486, true],
        [480, false],
      ] as const) {
        const asked = rig.opened.edge.answers('ana');
        p.answer(await p.request('OPTIONS'), status);
        expect(await asked).toBe(there);
      }
    });

    for (const [name, wire] of [
      ['UDP', () => udpWire(rig.opened.port)],
      ['TCP', () => tcpWire(rig.opened.port)],
      ['WebSocket', () => wsWire(rig.opened.wsUrl)],
    ] as const) {
      it(`registers a softphone over ${name}, calls it, is called by it`, async () => {
        const p = await peer(wire());
        expect((await register(p, 'ana', PASSWORD)).status).toBe(200);
        expect(await rig.changes.next()).toMatchObject({ username: 'ana', contacts: 1 });

        const placed = rig.opened.edge.invite({
          to: { kind: 'softphone', username: 'ana' },
          callerUser: '55',
          localSdp: SDP(5000),
        });
        const invite = await p.request('INVITE');
        p.answer(invite, 200, [], SDP(4000));
        await p.request('ACK');
        const dialog = await placed;
        const bye = dialog.bye();
        p.answer(await p.request('BYE'), 200);
        await bye;

        let leg = p.start('INVITE', 'sip:100@exemplo', [], SDP(4000));
        if (name === 'UDP') {
          const asked = await p.final('INVITE');
          expect(asked.status).toBe(407);
          p.sendLeg({ ...leg, remote: asked.headers['to'] ?? '' }, 'ACK', 1, [], '', leg.via);
          const value = authorize(
            asked.headers['proxy-authenticate'] ?? '',
            'ana',
            PASSWORD,
            'INVITE',
            'sip:100@exemplo',
          );
          leg = { ...leg, seq: 2 };
          p.sendLeg(leg, 'INVITE', 2, [['Proxy-Authorization', value]], SDP(4000));
        }
        const call = await rig.calls.next();
        expect(call).toMatchObject({ source: { kind: 'softphone', username: 'ana' }, calledUser: '100' });
        const answered = call.answer(SDP(5000));
        const ok = await p.final('INVITE');
        p.sendLeg(p.confirmed(leg, ok), 'ACK', leg.seq);
        await answered;
        p.sendLeg(p.confirmed(leg, ok), 'BYE', 3);
        expect((await p.final('BYE')).status).toBe(200);
      });
    }

    it('unknown user and wrong password get the same answer', async () => {
      const p = await peer();
      const shape = (m: Received): string => m.raw.replace(/^(Via|From|To|Call-ID): .*\r\n/gm, '');
      const wrong = await register(p, 'ana', 'wrong');
      const unknown = await register(p, 'nobody', 'wrong');
      expect(wrong.status).toBe(403);
      expect(shape(unknown)).toBe(shape(wrong));
    });

    it('a nonce count is good once, a shorter expiry than 60 s is not, Contact * removes all', async () => {
      const p = await peer();
      const leg = p.start('REGISTER', 'sip:exemplo', [], '', {
        local: '<sip:ana@exemplo>;tag=1',
        remote: '<sip:ana@exemplo>',
      });
      const asked = await p.final('REGISTER');
      const value = authorize(
        asked.headers['www-authenticate'] ?? '',
        'ana',
        PASSWORD,
        'REGISTER',
        'sip:exemplo',
      );
      p.sendLeg(leg, 'REGISTER', 2, [
        ['Authorization', value],
        ['Expires', '300'],
      ]);
      expect((await p.final('REGISTER')).status).toBe(200);
      p.sendLeg(leg, 'REGISTER', 3, [
        ['Authorization', value],
        ['Expires', '300'],
      ]);
      const replayed = await p.final('REGISTER');
      expect(replayed.status).toBe(401);
      expect(replayed.headers['www-authenticate']).toContain('stale=true');
      expect(await register(p, 'ana', PASSWORD, [['Expires', '10']])).toMatchObject({ status: 423 });
      expect(await rig.changes.next()).toMatchObject({ contacts: 1 });
      expect(await register(p, 'ana', PASSWORD, [['Expires', '0']])).toMatchObject({ status: 200 });
      expect(await rig.changes.next()).toMatchObject({ contacts: 0 });
      await expect(
        rig.opened.edge.invite({
          to: { kind: 'softphone', username: 'ana' },
          callerUser: '1',
          localSdp: SDP(1),
        }),
      ).rejects.toMatchObject({ status: 480 });
    });

    it('an expired password goes on refreshing on its connection, and opens no other', async () => {
      const p = await peer(wsWire(rig.opened.wsUrl));
      await register(p, 'ana', PASSWORD);
      rig.opened.auth.valid = false;
      expect((await register(p, 'ana', PASSWORD)).status).toBe(200);
      const other = await peer(wsWire(rig.opened.wsUrl));
      expect((await register(other, 'ana', PASSWORD)).status).toBe(403);
    });

    it.skipIf(engine !== embedded)(
      'a WebSocket that closes takes its bindings and calls with it',
      async () => {
        const p = await peer(wsWire(rig.opened.wsUrl));
        await register(p, 'ana', PASSWORD);
        await rig.changes.next();
        const placed = rig.opened.edge.invite({
          to: { kind: 'softphone', username: 'ana' },
          callerUser: '55',
          localSdp: SDP(5000),
        });
        p.answer(await p.request('INVITE'), 200, [], SDP(4000));
        const dialog = await placed;
        await p.request('ACK');
        const ended = inbox<string>();
        dialog.onEnd((cause) => ended.put(cause));
        p.close();
        expect(await ended.next()).toBe('transport');
        expect(await rig.changes.next()).toMatchObject({ username: 'ana', contacts: 0 });
      },
    );
  });
}
