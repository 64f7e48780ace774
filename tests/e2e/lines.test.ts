import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InteractionView, TimelineEntry } from '../../src/contracts/interaction.ts';
import { createRtpPeer, level, levelAt, type RtpPeer, tone } from '../support/audio.ts';
import { type Baresip, startBaresip } from '../support/baresip.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { type SippCall, sippCall } from '../support/sipp.ts';

const { baresip, sipp } = programs;
const CUSTOMER_HZ = 700;
const OPERATOR_HZ = 1200;

/** Lines that fail without a word, hold their calls, or describe themselves late. */
describe.skipIf(sipp === undefined)('telephone lines as they are (sipp, baresip)', () => {
  let product: Product;
  const peers: RtpPeer[] = [];
  const calls: SippCall[] = [];
  const phones: Baresip[] = [];

  beforeAll(async () => {
    product = await startProduct();
  }, 60_000);
  afterEach(async () => {
    for (const call of calls.splice(0)) call.stop();
    await Promise.all(peers.splice(0).map((peer) => peer.close()));
    await Promise.all(phones.splice(0).map((phone) => phone.stop()));
  });
  afterAll(() => product.end());

  const newest = async (): Promise<InteractionView> => {
    const { items } = await product.api<{ items: InteractionView[] }>(
      'supervisor',
      'GET',
      '/api/v1/interactions?channel=voice&limit=1',
    );
    if (items[0] === undefined) throw new Error('no contact');
    return items[0];
  };
  /** Of this contact alone: those of one customer share a protocol, and its story. */
  const timeline = async (id: string): Promise<readonly TimelineEntry[]> =>
    (
      await product.api<{ timeline: TimelineEntry[] }>('supervisor', 'GET', `/api/v1/interactions/${id}`)
    ).timeline.filter((line) => line.data['interactionId'] === id);
  const until = (what: string, test: (i: InteractionView) => boolean, limitMs?: number) =>
    eventually(what, newest, test, limitMs);

  /** A customer with a voice, in the flow. */
  async function customer(
    more: Partial<Parameters<typeof sippCall>[1]> = {},
  ): Promise<{ peer: RtpPeer; call: SippCall }> {
    const peer = await createRtpPeer();
    peers.push(peer);
    const call = await sippCall(sipp ?? '', { sipPort: product.sipPort, rtpPort: peer.port, ...more });
    calls.push(call);
    peer.connect(await call.answered());
    peer.say(tone(CUSTOMER_HZ, 1000, -12));
    return { peer, call };
  }

  it.skipIf(baresip === undefined)(
    'the hold of a SIP phone is a hold: music for the customer, nothing lost, sound again on resume',
    { timeout: 120_000 },
    async () => {
      const account = await product.api<{ username: string; password: string }>(
        'ana',
        'GET',
        '/api/v1/me/softphone',
      );
      const phone = await startBaresip(baresip ?? '', {
        server: `127.0.0.1:${product.sipPort}`,
        user: account.username,
        password: account.password,
        hz: OPERATOR_HZ,
        answer: 'auto',
      });
      phones.push(phone);
      await product.api('ana', 'PUT', '/api/v1/me/presence', { state: 'available' });
      const { peer } = await customer({ hangUpMs: 50_000 });
      await peer.until(() => peer.packets.length > 60, 10_000);
      await peer.press('3');
      const { id } = await until('the conversation', (i) => i.state === 'active', 40_000);
      expect((await peer.untilTone(OPERATOR_HZ, 100, 15_000)).level).toBeGreaterThan(-25);
      phone.command('hold');
      await eventually(
        'hold',
        () => timeline(id),
        (lines) => lines.some((line) => line.kind === 'hold'),
      );
      const from = peer.packets.length;
      // Longer than the silence that loses a leg, and its answer.
      await peer.until(() => peer.packets.length > from + 900, 30_000);
      expect(levelAt(peer.last(1000), OPERATOR_HZ)).toBeLessThan(-30);
      expect(level(peer.last(1000))).toBeGreaterThan(-50);
      phone.command('resume');
      await eventually(
        'resume',
        () => timeline(id),
        (lines) => lines.some((line) => line.kind === 'resumed'),
      );
      await peer.untilTone(OPERATOR_HZ, 100, 15_000);
      const lines = await timeline(id);
      expect(lines.map((line) => line.kind)).not.toContain('agentLegLost');
      expect((await newest()).state).toBe('active');

      // The customer hangs up, and the journal says so.
      await until('the wrap-up', (i) => i.state === 'wrapUp', 45_000);
      expect((await timeline(id)).find((line) => line.kind === 'ended')).toMatchObject({
        actor: { kind: 'customer' },
        data: { by: 'customer', cause: 'bye' },
      });
      expect(product.log()).not.toContain('call ended by us');
    },
  );

  it('a key at once: in the queue at once, the protocol is told there; a line that vanishes is abandoned', {
    timeout: 120_000,
  }, async () => {
    const { peer, call } = await customer();
    await peer.until(() => peer.packets.length > 60, 10_000);
    await peer.press('2');
    const { id } = await until('the queue', (i) => i.state === 'queued', 5000);
    const told = await eventually(
      'the protocol',
      async () => (await timeline(id)).filter((line) => line.kind === 'flow.say'),
      (lines) => lines.length === 3,
    );
    expect(told.map((line) => [line.data['node'], line.data['outcome']])).toEqual([
      ['boasVindas', 'interrupted'],
      ['protocolo', 'skipped'],
      ['protocolo', 'heard'],
    ]);

    // No BYE, no sound: its power is gone.
    call.stop();
    await peer.close();
    peers.splice(0);
    expect((await until('the end', (i) => i.state !== 'queued', 75_000)).state).toBe('abandoned');
    expect((await timeline(id)).find((line) => line.kind === 'abandoned')).toMatchObject({
      actor: { kind: 'system' },
      data: { by: 'line', cause: 'unreachable' },
    });
  });

  it('who says nothing but answers lives on', { timeout: 90_000 }, async () => {
    // Knows a plain call and nothing else, and hangs up on whatever it does not expect.
    const plain = { sipPort: product.sipPort, answersOptions: false };
    const call = await sippCall(sipp ?? '', plain);
    calls.push(call);
    await eventually(
      'the copies of our answer acknowledged, at two looks',
      () => Promise.resolve(call.trace().match(/^ACK sip/gm)?.length ?? 0),
      (acks) => acks >= 3,
      60_000,
    );
    expect(call.trace()).not.toMatch(/^OPTIONS sip/m);
    expect((await newest()).state).toBe('queued');
  });

  it('an INVITE without a description: ours is the offer, the answer comes in the ACK', {
    timeout: 60_000,
  }, async () => {
    const { peer, call } = await customer({ describes: 'ack' });
    expect(call.trace()).not.toMatch(/INVITE sip[\s\S]{0,600}m=audio[\s\S]*SIP\/2\.0 200/);
    await peer.until(() => peer.packets.length > 100, 10_000);
    // The greeting is heard, and keys are.
    expect(level(peer.last(1000))).toBeGreaterThan(-40);
    await peer.press('1');
    const { id } = await until('the queue', (i) => i.state === 'queued', 5000);
    call.stop();
    expect((await timeline(id)).some((line) => line.kind === 'flow.menu' && line.data['key'] === '1')).toBe(
      true,
    );
  });
});
