import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRtpPeer, type RtpPeer, tone } from '../support/audio.ts';
import { contacts, phoneIs } from '../support/contacts.ts';
import { type JsSipPhone, openJsSip, type SipAccount } from '../support/jssip.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { type SippCall, sippCall } from '../support/sipp.ts';

const { sipp, chromium } = programs;
const CUSTOMER_HZ = 700;
const OPERATOR_HZ = 1200;

describe.skipIf(sipp === undefined || chromium === undefined)(
  "JsSIP as an operator's phone (sipp, chromium)",
  () => {
    let product: Product;
    let phone: JsSipPhone;
    let caller: RtpPeer;
    let call: SippCall | undefined;

    beforeAll(async () => {
      product = await startProduct();
      const account = await product.api<SipAccount & Record<string, unknown>>(
        'ana',
        'GET',
        '/api/v1/me/softphone',
      );
      phone = await openJsSip(chromium ?? '', product, account, OPERATOR_HZ);
      await phoneIs(product, 'ana', true);
      await product.api('ana', 'PUT', '/api/v1/me/presence', { state: 'available' });
      await product.api('admin', 'PATCH', '/api/v1/admin/queues/suporte', { wrapUpMs: 0 });
      caller = await createRtpPeer();
    }, 120_000);
    afterAll(async () => {
      call?.stop();
      await caller.close();
      await phone.close();
      await product.end();
    });

    /** A call of Maria, who presses 1. */
    async function ringing(hangUpMs = 600_000): Promise<SippCall> {
      call = await sippCall(sipp ?? '', { sipPort: product.sipPort, rtpPort: caller.port, hangUpMs });
      caller.connect(await call.answered());
      caller.say(tone(CUSTOMER_HZ, 1000, -12));
      await caller.press('1');
      const from = await phone.rings();
      expect(from).toEqual({ user: '+5511987654321', name: 'Maria Souza' });
      return call;
    }
    const newest = async () => (await contacts(product, 'channel=voice'))[0];

    it('rings with the offer, answering accepts, both are heard, and the operator hangs up', {
      timeout: 120_000,
    }, async () => {
      const running = await ringing();
      expect((await newest())?.state).toBe('offered');
      await phone.answer();
      expect((await caller.untilTone(OPERATOR_HZ, 100, 20_000)).level).toBeGreaterThan(-25);
      await phone.untilHeard(CUSTOMER_HZ, 15_000);
      const active = await newest();
      expect(active).toMatchObject({ state: 'active', customer: { name: 'Maria Souza' } });
      expect(active?.agent?.name).toMatch(/^Ana/);
      await phone.hangUp();
      expect(await running.ended).toBe(0);
      await eventually('the end', newest, (i) => i?.state === 'closed' || i?.state === 'wrapUp');
    });

    it('hears the end when the customer hangs up', { timeout: 120_000 }, async () => {
      const running = await ringing(15_000);
      await phone.answer();
      await caller.untilTone(OPERATOR_HZ, 100, 10_000);
      expect(await phone.over(30_000)).toBe('remote');
      expect(await running.ended).toBe(0);
      await eventually('the end', newest, (i) => i?.state === 'closed' || i?.state === 'wrapUp');
    });
  },
);
