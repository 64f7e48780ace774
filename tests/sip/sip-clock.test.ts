import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IncomingCall, SipDialog } from '../../src/voice/ports.ts';
import { embedded, type OpenedEdge } from '../contract/sip-edge-engines.ts';
import { inbox } from '../contract/sip-edge-inbox.ts';
import { type Leg, type Received, SDP, SipPeer, udpWire } from '../contract/sip-edge-peer.ts';
import { manualClock } from './sip-manual-clock.ts';

const NUMBER = 'sip:+551140004000@127.0.0.1';

/** Real datagrams, time by hand: what is lost is what the peer does not say or does not hear. */
describe('the embedded edge when time passes', () => {
  let opened: OpenedEdge;
  let clock = manualClock();
  let calls = inbox<IncomingCall>();
  let p: SipPeer;

  beforeEach(async () => {
    clock = manualClock();
    calls = inbox();
    opened = await embedded.open({ clock });
    opened.edge.onInvite((call) => calls.put(call));
    p = new SipPeer(await udpWire(opened.port));
    opened.edge.setTrunks([
      {
        ...{ id: 'demo', peers: ['127.0.0.1'], trustsAssertedIdentity: false },
        outboundUri: `sip:127.0.0.1:${p.wire.port}`,
      },
    ]);
  });
  afterEach(async () => {
    const stopped = opened.stop();
    clock.advance(1000);
    await stopped;
    p.close();
    expect(clock.pending()).toBe(0); // nothing that was started is left
  });

  async function answered(
    extra: [string, string][] = [],
  ): Promise<{ dialog: SipDialog; leg: Leg; ok: Received; ended: () => Promise<string> }> {
    const first = p.start('INVITE', NUMBER, extra, SDP(4000));
    const accepted = (await calls.next()).answer(SDP(5000));
    const ok = await p.final('INVITE');
    const leg = p.confirmed(first, ok);
    p.sendLeg(leg, 'ACK', 1);
    const dialog = await accepted;
    const end = inbox<string>();
    dialog.onEnd((cause) => end.put(cause));
    return { dialog, leg, ok, ended: end.next };
  }
  const place = (signal?: AbortSignal): Promise<SipDialog> =>
    opened.edge.invite({
      ...(signal && { signal }),
      to: { kind: 'trunk', trunkId: 'demo', number: '100' },
      callerUser: '200',
      localSdp: SDP(5000),
    });
  /** All that was sent before has arrived when this is answered. */
  async function settled(): Promise<void> {
    p.start('OPTIONS', NUMBER);
    await p.final('OPTIONS');
  }
  const count = (match: (m: Received) => boolean): number => p.heard.filter(match).length;

  describe('session timers (RFC 4028)', () => {
    const timer = (value: string): [string, string][] => [
      ['Session-Expires', value],
      ['Supported', 'timer'],
    ];

    it('a peer that promised to refresh and fell silent gets BYE a third before the end; the call ends', async () => {
      const { ok, ended } = await answered(timer('90;refresher=uac'));
      expect(ok.headers['session-expires']).toBe('90;refresher=uac');
      clock.advance(59_999);
      await settled();
      expect(count((m) => m.method === 'BYE')).toBe(0);
      clock.advance(1);
      const bye = await p.request('BYE');
      expect(bye.headers['reason']).toBe('SIP;cause=408;text="Session timer expired"');
      expect(await ended()).toBe('sessionTimer');
      p.answer(bye, 200);
      await settled();
      expect(opened.stats?.()).toMatchObject({ dialogs: 0 });
    });

    it('each refresh of the peer starts the interval anew', async () => {
      const { leg, ended } = await answered(timer('90;refresher=uac'));
      for (let seq = 2; seq < 5; seq++) {
        clock.advance(45_000);
        p.sendLeg(leg, 'UPDATE', seq, timer('90;refresher=uac'));
        expect((await p.final('UPDATE')).status).toBe(200);
      }
      clock.advance(60_000);
      p.answer(await p.request('BYE'), 200);
      expect(await ended()).toBe('sessionTimer');
    });

    it('we refresh at half time when that is ours to do, and hang up when nobody answers', async () => {
      const { ended } = await answered(timer('90;refresher=uas'));
      clock.advance(45_000);
      const first = await p.request('INVITE'); // its INVITE allowed no UPDATE
      expect(first.headers['session-expires']).toBe('90;refresher=uac');
      p.answer(first, 200, timer('90;refresher=uac'), SDP(4000));
      await p.request('ACK');
      clock.advance(45_000);
      await p.request('INVITE');
      clock.advance(32_000); // timer B: to us that is a 408 (RFC 4028 §10)
      p.answer(await p.request('BYE'), 200);
      expect(await ended()).toBe('sessionTimer');
    });

    it('the called side agreed to refresh our call and fell silent', async () => {
      const placed = place();
      const invite = await p.request('INVITE');
      expect(invite.headers['session-expires']).toBe('1800');
      p.answer(invite, 200, [...timer('600;refresher=uas'), ['Require', 'timer']], SDP(4000));
      await p.request('ACK');
      const ended = inbox<string>();
      (await placed).onEnd((cause) => ended.put(cause));
      clock.advance(568_000);
      p.answer(await p.request('BYE'), 200);
      expect(await ended.next()).toBe('sessionTimer');
    });
  });

  describe('what the network loses (RFC 3261 §17)', () => {
    it('our refusal: sent again until its ACK, and for each copy of the INVITE', async () => {
      const leg = p.start('INVITE', NUMBER, [], SDP(4000));
      (await calls.next()).reject(486, 'Busy Here');
      const first = await p.final('INVITE');
      clock.advance(500);
      expect((await p.final('INVITE')).raw).toBe(first.raw);
      clock.advance(1000);
      await p.final('INVITE');
      p.sendLeg(leg, 'INVITE', 1, [], SDP(4000), leg.via);
      expect((await p.final('INVITE')).raw).toBe(first.raw);
      p.sendLeg({ ...leg, remote: first.headers['to'] ?? '' }, 'ACK', 1, [], '', leg.via);
      await settled();
      clock.advance(32_000);
      await settled();
      expect(count((m) => m.status === 486)).toBe(0);
    });

    it('the INVITE: sent again by the peer it is still one call, before and after the answer', async () => {
      const leg = p.start('INVITE', NUMBER, [], SDP(4000));
      const call = await calls.next();
      const more: IncomingCall[] = [];
      opened.edge.onInvite((other) => more.push(other));
      call.ringing();
      await p.next((m) => m.status === 180, '180');
      p.sendLeg(leg, 'INVITE', 1, [], SDP(4000), leg.via);
      await p.next((m) => m.status === 180, '180 again');
      const accepted = call.answer(SDP(5000));
      const ok = await p.final('INVITE');
      p.sendLeg(leg, 'INVITE', 1, [], SDP(4000), leg.via);
      await settled();
      p.sendLeg(p.confirmed(leg, ok), 'ACK', 1);
      await accepted;
      expect(more).toEqual([]);
    });

    it('every ACK: the 200 goes 10 more times in 32 s, then the call is given up with BYE', async () => {
      p.start('INVITE', NUMBER, [], SDP(4000));
      const failed = expect((await calls.next()).answer(SDP(5000))).rejects.toMatchObject({ status: 408 });
      await p.final('INVITE');
      clock.advance(31_500);
      await settled();
      expect(count((m) => m.status === 200 && (m.headers['cseq'] ?? '').endsWith('INVITE'))).toBe(10);
      clock.advance(500);
      const bye = await p.request('BYE');
      expect(bye.headers['reason']).toContain('ACK timeout');
      p.answer(bye, 200);
      await failed;
    });

    it('our 200 to BYE: the copy of the BYE gets the same 200 for 32 s, then 481', async () => {
      const { leg } = await answered();
      const via = p.via();
      p.sendLeg(leg, 'BYE', 2, [], '', via);
      const first = await p.final('BYE');
      clock.advance(31_999);
      p.sendLeg(leg, 'BYE', 2, [], '', via);
      expect((await p.final('BYE')).raw).toBe(first.raw);
      clock.advance(16_001);
      p.sendLeg(leg, 'BYE', 2, [], '', via);
      expect((await p.final('BYE')).status).toBe(481);
    });

    it('our INVITE: sent again at 0.5, 1.5, 3.5 s; after 32 s the call has failed with 408', async () => {
      const failed = expect(place()).rejects.toMatchObject({ status: 408, unheard: true });
      const first = await p.request('INVITE');
      clock.advance(3500);
      for (let i = 0; i < 3; i++) expect((await p.request('INVITE')).raw).toBe(first.raw);
      clock.advance(28_500);
      await failed;
    });

    it('our BYE: sent again until answered', async () => {
      const { dialog } = await answered();
      const bye = dialog.bye();
      await p.request('BYE');
      clock.advance(500);
      p.answer(await p.request('BYE'), 200);
      await bye;
    });

    it('our ACK: the 200 again gets the ACK again, also after the call; a second branch of a fork is hung up', async () => {
      const placed = place();
      const invite = await p.request('INVITE');
      p.answer(invite, 200, [], SDP(4000));
      const ack = await p.request('ACK');
      const bye = (await placed).bye();
      p.answer(await p.request('BYE'), 200);
      await bye;
      await settled();
      clock.advance(10_000);
      p.answer(invite, 200, [], SDP(4000));
      expect((await p.request('ACK')).raw).toBe(ack.raw);
      p.answer(invite, 200, [], SDP(4000), 'otherbranch');
      expect((await p.request('ACK')).headers['to']).toContain('otherbranch');
      const second = await p.request('BYE');
      expect(second.headers['to']).toContain('otherbranch');
      p.answer(second, 200);
    });

    it('CANCEL after the answer is too late and says so with 200; the call goes on', async () => {
      const first = p.start('INVITE', NUMBER, [], SDP(4000));
      const accepted = (await calls.next()).answer(SDP(5000));
      const ok = await p.final('INVITE');
      p.sendLeg(first, 'CANCEL', 1, [], '', first.via);
      expect((await p.final('CANCEL')).status).toBe(200);
      p.sendLeg(p.confirmed(first, ok), 'ACK', 1);
      await accepted;
      expect(opened.stats?.()).toMatchObject({ dialogs: 1 });
    });
  });

  describe('a call of ours that is given up ends by itself, and whoever gave it up is free at once', () => {
    async function givenUp(ringing: number | undefined): Promise<Received> {
      const abort = new AbortController();
      const placed = place(abort.signal);
      const failed = expect(placed).rejects.toMatchObject({ status: 487 });
      const invite = await p.request('INVITE');
      if (ringing !== undefined) p.answer(invite, ringing);
      await settled();
      abort.abort();
      await failed; // no time has passed
      return invite;
    }
    const left = () => opened.stats?.();
    /** The last of it: what lingers for late copies has gone too. */
    const over = async (): Promise<void> => {
      clock.advance(64_000);
      await settled();
      clock.advance(64_000);
      expect(left()).toMatchObject({ dialogs: 0, transactions: 0 });
    };

    it('a trunk that answers nothing at all: no CANCEL may be sent (RFC 3261 §9.1), the INVITE runs out', async () => {
      await givenUp(undefined);
      clock.advance(32_000);
      await settled();
      expect(count((m) => m.method === 'CANCEL')).toBe(0);
      await over();
    });

    it('a first answer that comes late is answered with CANCEL', async () => {
      const invite = await givenUp(undefined);
      clock.advance(3000);
      p.answer(invite, 183);
      p.answer(await p.request('CANCEL'), 200);
      p.answer(invite, 487);
      await over();
    });

    it.each([180, 100])('a trunk that answers no CANCEL after %i', async (status) => {
      await givenUp(status);
      await p.request('CANCEL');
      await over();
    });

    it('a trunk that answers the CANCEL and never the INVITE', async () => {
      await givenUp(180);
      p.answer(await p.request('CANCEL'), 200);
      clock.advance(31_999);
      await settled();
      await over();
    });

    it.each([10_000, 40_000])('a 200 that comes %i ms later is acknowledged and hung up', async (ms) => {
      const invite = await givenUp(180);
      await p.request('CANCEL');
      clock.advance(ms);
      await settled();
      p.answer(invite, 200, [], SDP(4000));
      await p.request('ACK');
      p.answer(await p.request('BYE'), 200);
      await over();
    });

    it('a 200 to a call that nobody gave up but that ran out is hung up too', async () => {
      const failed = expect(place()).rejects.toMatchObject({ status: 408 });
      const invite = await p.request('INVITE');
      clock.advance(32_000);
      await failed;
      p.answer(invite, 200, [], SDP(4000));
      await p.request('ACK');
      p.answer(await p.request('BYE'), 200);
      await over();
    });
  });

  describe('hanging up', () => {
    it.each([200, 481, 503, 500])('is over at once; a BYE that gets %i leaves nothing', async (status) => {
      const { dialog } = await answered();
      await dialog.bye(); // nobody has answered
      p.answer(await p.request('BYE'), status);
      await settled();
      expect(opened.stats?.()).toMatchObject({ dialogs: 0 });
    });

    it('is over at once for a peer that is dead; the BYE runs out by itself', async () => {
      const { dialog } = await answered();
      await dialog.bye();
      await p.request('BYE');
      clock.advance(32_000);
      await settled();
      expect(opened.stats?.()).toMatchObject({ dialogs: 0 });
    });
  });

  describe('reliable provisional answers (RFC 3262)', () => {
    it('we never ask for them, and a PRACK for nothing gets 481', async () => {
      const { leg } = await answered([['Supported', '100rel']]);
      p.sendLeg(leg, 'PRACK', 2, [['RAck', '1 1 INVITE']]);
      expect((await p.final('PRACK')).status).toBe(481);
      const failed = expect(place()).rejects.toMatchObject({ status: 486 });
      const invite = await p.request('INVITE');
      expect(`${invite.headers['supported']} ${invite.headers['require']}`).not.toContain('100rel');
      p.answer(invite, 486);
      await failed;
    });
  });
});
