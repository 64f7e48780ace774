import { afterEach, beforeEach } from 'vitest';
import type { IncomingCall, RegistrationChange, SipDialog, TrunkConfig } from '../../src/voice/ports.ts';
import { inbox } from './sip-edge-inbox.ts';
import type { Engine, OpenedEdge } from './sip-edge-engines.ts';
import { type Leg, type Received, SDP, SipPeer, udpWire, type Wire } from './sip-edge-peer.ts';

export const NUMBER = 'sip:+551140004000@127.0.0.1';
export const MULTIPART: [string, string] = ['Content-Type', 'multipart/mixed;boundary="b 1"'];
/** What SIP-I trunks send: ISUP beside the description (ITU-T Q.1912.5). */
export const withIsup = (sdp: string): string =>
  `--b 1\r\nContent-Type: application/isup;version=itu-t92+\r\n\r\n\u0001\u0010\r\n` +
  (sdp === '' ? '' : `--b 1\r\nContent-Type: application/sdp\r\n\r\n${sdp}`) +
  `--b 1--\r\n`;

/** An edge with a trunk on this machine, new for each test of the block that asks for it. */
export function edgeRig(engine: Engine) {
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

  return {
    get opened(): OpenedEdge {
      return opened;
    },
    get calls() {
      return calls;
    },
    get changes() {
      return changes;
    },
    setTrunk,
    peer,
  };
}

/** The same, and a call that has come in over the trunk. */
export function callRig(engine: Engine) {
  const rig = edgeRig(engine);
  /** An answered call from the trunk: our dialog and the peer's leg. */
  async function incoming(
    p: SipPeer,
    extra: [string, string][] = [],
  ): Promise<{ dialog: SipDialog; leg: Leg; ok: Received }> {
    const leg = p.start('INVITE', NUMBER, extra, SDP(4000));
    const call = await rig.calls.next();
    const answered = call.answer(SDP(5000));
    const ok = await p.final('INVITE');
    const done = p.confirmed(leg, ok);
    p.sendLeg(done, 'ACK', 1);
    return { dialog: await answered, leg: done, ok };
  }
  return Object.assign(rig, { incoming });
}
