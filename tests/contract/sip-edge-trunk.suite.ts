import { describe, expect, it } from 'vitest';
import type { SipFailure } from '../../src/voice/ports.ts';
import { inbox } from './sip-edge-inbox.ts';
import type { Engine } from './sip-edge-engines.ts';
import { SDP, tcpWire, udpWire } from './sip-edge-peer.ts';
import { callRig, NUMBER } from './sip-edge-rig.ts';

/** What every SIP edge does with trunks: who they are, and how a number is called over them. */
export function trunkSuite(engine: Engine): void {
  describe.skipIf(!engine.available)(`SipEdge, trunks on ${engine.name}`, () => {
    const rig = callRig(engine);
    const { setTrunk, peer } = rig;

    it('refuses a stranger with 403, whatever it calls, and tells nobody', async () => {
      const stranger = await peer(udpWire(rig.opened.port, '127.0.0.2'));
      for (const uri of [NUMBER, 'sip:ana@127.0.0.1', 'sip:nobody@127.0.0.1']) {
        stranger.start('INVITE', uri, [], SDP(4000));
        const refused = await stranger.final('INVITE');
        expect(refused.status).toBe(403);
      }
      stranger.start('OPTIONS', NUMBER);
      expect((await stranger.final('OPTIONS')).status).toBe(403);
    });

    it('calls a number over a trunk, with its password, early ring and hang-up', async () => {
      const p = await peer();
      setTrunk({
        outboundUri: `sip:127.0.0.1:${p.wire.port}`,
        digest: { username: 'trunk', password: 'secret' },
      });
      let rang = false;
      const placed = rig.opened.edge.invite({
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

    it('tells that a trunk was heard before it refuses, and of a 408 whether anything came before it', async () => {
      const p = await peer();
      setTrunk({
        outboundUri: `sip:127.0.0.1:${p.wire.port}`,
        digest: { username: 'trunk', password: 'secret' },
      });
      const place = (onHeard: () => void) =>
        rig.opened.edge.invite({
          to: { kind: 'trunk', trunkId: 'demo', number: '+5511912345678' },
          ...{ callerUser: '+551140004000', localSdp: SDP(5000), onHeard },
        });
      const refused = async (before: readonly number[], status: number) => {
        let heard = 0;
        const failed = place(() => heard++).catch((error: unknown) => error);
        const invite = await p.request('INVITE');
        for (const sign of before) {
          if (sign !== 407) p.answer(invite, sign);
          else p.answer(invite, 407, [['Proxy-Authenticate', 'Digest realm="carrier", nonce="abc"']]);
        }
        if (before.includes(407)) await p.request('ACK');
        p.answer(before.includes(407) ? await p.request('INVITE') : invite, status);
        await p.request('ACK');
        const { unheard = false } = (await failed) as SipFailure;
        return [unheard, heard];
      };
      expect(await refused([180], 408)).toEqual([false, 1]);
      expect(await refused([], 408)).toEqual([true, 0]);
      expect(await refused([], 486)).toEqual([false, 0]);
      if (!rig.opened.edge.showsTrying) return;
      expect(await refused([100], 408)).toEqual([false, 1]);
      expect(await refused([407], 408)).toEqual([false, 1]);
    });

    it.skipIf(engine.name !== 'embedded')(
      'registers at a trunk: its calls are known by the registrar’s address, and ours go through its proxy',
      async () => {
        const carrier = await peer(udpWire(rig.opened.port, '127.0.0.3'));
        const registrar = `sip:127.0.0.3:${carrier.wire.port}`;
        rig.opened.edge.setTrunks([
          {
            ...{ id: 'reg', peers: [], trustsAssertedIdentity: false, userPhone: true, proxy: registrar },
            registration: {
              registrar: 'sip:carrier.invalid',
              username: 'acct',
              password: 'p',
              expiresS: 600,
            },
            prefixes: [
              { prefix: '+55', strip: 3, prepend: '0' },
              { prefix: '+', strip: 1, prepend: '00' },
            ],
          },
        ]);
        const asked = await carrier.request('REGISTER');
        expect(asked.headers['contact']).toMatch(/^<sip:acct@127\.0\.0\.1:\d+>$/);
        carrier.answer(asked, 200);
        carrier.start('INVITE', 'sip:acct@127.0.0.1', [], SDP(4000), {
          remote: '<sip:+551140004000@carrier.invalid>',
        });
        expect(await rig.calls.next()).toMatchObject({
          source: { kind: 'trunk', trunkId: 'reg' },
          calledUser: '+551140004000',
        });
        expect(rig.opened.edge.registrationOf('reg')).toMatchObject({ state: 'registered' });
        const placed = rig.opened.edge.invite({
          to: { kind: 'trunk', trunkId: 'reg', number: '+5511912345678' },
          callerUser: '+551140004000',
          localSdp: SDP(5000),
        });
        const invite = await carrier.request('INVITE');
        expect(invite.uri).toBe('sip:011912345678@carrier.invalid;user=phone');
        expect(invite.headers['from']).toContain('<sip:+551140004000@carrier.invalid;user=phone>');
        carrier.answer(invite, 486);
        await expect(placed).rejects.toMatchObject({ status: 486 });
      },
    );

    // drachtio-srf answers one challenge of a request, whatever it says.
    const repeats = engine.name === 'embedded';
    it.for([
      ['an old nonce is answered once more', ['', ', stale=true'], 3],
      ['an old nonce again and again is not', ['', ', stale=true', ', stale=true', ', stale=true'], 3],
      ['a wrong password is told at once', ['', ''], 2],
    ] as const)('of a carrier’s challenges %s', async ([, challenges, invites], { skip }) => {
      skip(!repeats && invites > 2, 'drachtio-srf answers one challenge');
      const p = await peer();
      setTrunk({
        outboundUri: `sip:127.0.0.1:${p.wire.port}`,
        digest: { username: 'trunk', password: 'secret' },
      });
      const placed = rig.opened.edge
        .invite({
          to: { kind: 'trunk', trunkId: 'demo', number: '100' },
          callerUser: '200',
          localSdp: SDP(5000),
        })
        .then(
          () => 'answered',
          (error: unknown) => (error as { status?: number }).status,
        );
      const nonces: string[] = [];
      for (const [at, more] of challenges.slice(0, invites).entries()) {
        const invite = await p.request('INVITE');
        nonces.push(/nonce="(\w+)"/.exec(invite.headers['proxy-authorization'] ?? '')?.[1] ?? 'none');
        p.answer(invite, 407, [
          ['Proxy-Authenticate', `Digest realm="c", nonce="n${at}", qop="auth"${more}`],
        ]);
        await p.request('ACK');
      }
      if (challenges.length >= invites) expect(await placed).toBe(407);
      else {
        const last = await p.request('INVITE');
        expect(last.headers['proxy-authorization']).toContain('nonce="n1"');
        p.answer(last, 200, [], SDP(4000));
        await p.request('ACK');
        expect(await placed).toBe('answered');
      }
      expect(nonces).toEqual(['none', 'n0', 'n1'].slice(0, nonces.length));
    });

    it('asserted identity counts only from a trunk that may assert', async () => {
      const p = await peer();
      const asserted: [string, string][] = [['P-Asserted-Identity', '"Maria" <sip:+5511900000000@carrier>']];
      p.start('INVITE', NUMBER, asserted, SDP(4000));
      expect((await rig.calls.next()).callerUser).toBe('5511987654321');
      setTrunk({ trustsAssertedIdentity: true });
      p.start('INVITE', NUMBER, asserted, SDP(4000));
      expect(await rig.calls.next()).toMatchObject({ callerUser: '+5511900000000', callerName: 'Maria' });
    });

    it('reads numbers without their parameters and escapes, in From and in what was called', async () => {
      const p = await peer();
      const from = { local: '<sip:%2B5511987654321;cpc=ordinary@carrier;user=phone>;tag=1' };
      p.start('INVITE', 'sip:%2B551140004000;npdi@127.0.0.1;user=phone', [], SDP(4000), from);
      expect(await rig.calls.next()).toMatchObject({
        callerUser: '+5511987654321',
        calledUser: '+551140004000',
      });
      setTrunk({ trustsAssertedIdentity: true });
      const asserted: [string, string][] = [['P-Asserted-Identity', '<tel:+5511900000000;cpc=ordinary>']];
      p.start('INVITE', NUMBER, asserted, SDP(4000));
      expect((await rig.calls.next()).callerUser).toBe('+5511900000000');
    });

    it.each(['sips:carrier.example', 'sip:127.0.0.1;transport=tls', 'SIP:127.0.0.1;Transport=TLS'])(
      'calls nobody in clear who asks for encryption: %s',
      async (outboundUri) => {
        setTrunk({ outboundUri });
        const placed = rig.opened.edge.invite({
          to: { kind: 'trunk', trunkId: 'demo', number: '100' },
          callerUser: '200',
          localSdp: SDP(5000),
        });
        await expect(placed).rejects.toMatchObject({ status: 503, reason: 'No TLS' });
      },
    );

    it('tells who sent a call on, and takes it for nobody', async () => {
      const p = await peer();
      p.start('INVITE', NUMBER, [['Diversion', '<sip:+551133334444@pbx>;reason=user-busy']], SDP(4000));
      const call = await rig.calls.next();
      expect(call.diversion).toEqual({ by: '+551133334444', reason: 'user-busy' });
      expect(call.callerUser).not.toBe('+551133334444');
      call.reject(486);
      p.start('INVITE', NUMBER, [], SDP(4000));
      const direct = await rig.calls.next();
      expect(direct.diversion).toBeUndefined();
      direct.reject(486);
    });

    it('hears from a trunk what was agreed, and nothing else', async () => {
      setTrunk({ transports: ['tcp'] });
      const datagrams = await peer();
      datagrams.start('INVITE', NUMBER, [], SDP(4000));
      expect((await datagrams.final('INVITE')).status).toBe(403);
      const stream = await peer(tcpWire(rig.opened.port));
      stream.start('INVITE', NUMBER, [], SDP(4000));
      const call = await rig.calls.next();
      expect(call.peer.transport).toBe('tcp');
      call.reject(486);
    });

    // Our own edge is the carrier here: the call comes back as it was sent. A drachtio-server sends nothing to itself.
    it.skipIf(engine.name !== 'embedded')('calls over the transport that was agreed', async () => {
      setTrunk({ transports: ['tcp'], outboundUri: `sip:127.0.0.1:${rig.opened.port}` });
      const placed = rig.opened.edge
        .invite({
          to: { kind: 'trunk', trunkId: 'demo', number: '+551140004000' },
          callerUser: '+551140004001',
          localSdp: SDP(5000),
        })
        .catch((error: unknown) => error);
      const back = await rig.calls.next();
      expect(back.peer.transport).toBe('tcp');
      back.reject(486);
      expect(await placed).toMatchObject({ status: 486 });
    });
  });
}
