import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InteractionView } from '../../src/contracts/interaction.ts';
import { createRtpPeer, loudest, type RtpPeer, tone } from '../support/audio.ts';
import { contacts, phoneIs } from '../support/contacts.ts';
import { type Browser, openBrowser, takePlace } from '../support/desk.ts';
import { type JsSipPhone, openJsSip, type SipAccount } from '../support/jssip.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { type SippCall, sippCall } from '../support/sipp.ts';

const { sipp, chromium } = programs;
const CUSTOMER_HZ = 700;
const OPERATOR_HZ = 1200;
const COLLEAGUE_HZ = 1700;
const NEVER = { monday: [], tuesday: [], wednesday: [], thursday: [], friday: [], saturday: [], sunday: [] };

describe.skipIf(sipp === undefined || chromium === undefined)(
  'what happens to a call in its life: closed hours, hold, F5, transfer, calling back (sipp, chromium)',
  () => {
    let product: Product;
    let desk: Browser;
    let caller: RtpPeer;
    const calls: SippCall[] = [];
    const phones: JsSipPhone[] = [];

    beforeAll(async () => {
      product = await startProduct();
      await product.api('admin', 'PATCH', '/api/v1/admin/queues/suporte', { wrapUpMs: 0 });
      await product.api('admin', 'PATCH', '/api/v1/admin/queues/financeiro', { wrapUpMs: 0 });
      desk = await openBrowser(chromium ?? '', OPERATOR_HZ);
      caller = await createRtpPeer();
      await takePlace(desk.page, product);
      await phoneIs(product, 'ana', true);
    }, 120_000);
    afterEach(async () => {
      for (const call of calls.splice(0)) call.stop();
      await Promise.all(phones.splice(0).map((phone) => phone.close()));
    });
    afterAll(async () => {
      await caller.close();
      await desk.close();
      await product.end();
    });

    const newest = async () => (await contacts(product, 'channel=voice'))[0];
    const act = (user: string, id: string, action: string, body: object = {}) =>
      product.api(user, 'POST', `/api/v1/interactions/${id}/${action}`, body);

    async function call(key: string): Promise<SippCall> {
      const made = await sippCall(sipp ?? '', { sipPort: product.sipPort, rtpPort: caller.port });
      calls.push(made);
      caller.connect(await made.answered());
      caller.say(tone(CUSTOMER_HZ, 1000, -12));
      await caller.press(key);
      return made;
    }
    /** Maria talks to ana's desk. */
    async function conversation(): Promise<{ made: SippCall; contact: InteractionView }> {
      const made = await call('1');
      await desk.page.getByTestId('offer').waitFor({ timeout: 30_000 });
      await desk.page.getByTestId('accept').click();
      await caller.untilTone(OPERATOR_HZ, 100, 20_000);
      const contact = await newest();
      if (contact === undefined) throw new Error('no contact');
      return { made, contact };
    }
    /** Music or speech: there is sound, and it is nobody's tone. */
    async function otherSound(): Promise<void> {
      await caller.until(() => {
        const { hz, level } = loudest(caller.last(100));
        return level > -45 && [OPERATOR_HZ, CUSTOMER_HZ, COLLEAGUE_HZ].every((t) => Math.abs(hz - t) > 15);
      }, 15_000);
    }
    /** The operator's part is over and she is free for the next test. */
    async function free(id: string): Promise<void> {
      await eventually(
        'the end',
        () => product.api<InteractionView>('supervisor', 'GET', `/api/v1/interactions/${id}`),
        (i) => i.state === 'wrapUp' || i.state === 'closed',
      );
      await act('supervisor', id, 'close', { disposition: 'resolvido' }).catch(() => undefined);
    }

    it('hold: the caller hears music, then the operator again', { timeout: 90_000 }, async () => {
      const { made, contact } = await conversation();
      await act('ana', contact.id, 'hold');
      await otherSound();
      expect((await newest())?.onHold).toBe(true);
      await act('ana', contact.id, 'resume');
      await caller.untilTone(OPERATOR_HZ, 100, 15_000);
      await desk.untilHeard(CUSTOMER_HZ);
      await act('ana', contact.id, 'hangup');
      expect(await made.ended).toBe(0);
      await free(contact.id);
    });

    it("F5 in mid-call: the caller stays, hears comfort, and the desk gets the call's sound back", {
      timeout: 90_000,
    }, async () => {
      const { made, contact } = await conversation();
      await desk.page.reload();
      await otherSound();
      await desk.page.getByTestId('callbar').waitFor({ timeout: 30_000 });
      await caller.untilTone(OPERATOR_HZ, 100, 30_000);
      await desk.untilHeard(CUSTOMER_HZ, 15_000);
      expect(await newest()).toMatchObject({ id: contact.id, state: 'active', agent: contact.agent });
      await act('ana', contact.id, 'hangup');
      expect(await made.ended).toBe(0);
      await free(contact.id);
    });

    it('blind transfer to a queue, then to an operator: the same leg, the same protocol', {
      timeout: 150_000,
    }, async () => {
      const { made, contact } = await conversation();
      await act('ana', contact.id, 'transfer', { to: { type: 'queue', id: 'financeiro' }, mode: 'blind' });
      await eventually('the other queue', newest, (i) => i?.queue === 'financeiro' && i.state === 'queued');
      await otherSound();
      // bruno, who has another phone, comes and takes it.
      const path = '/api/v1/me/softphone';
      const account = await product.api<SipAccount & Record<string, unknown>>('bruno', 'GET', path);
      const bruno = await openJsSip(chromium ?? '', product, account, COLLEAGUE_HZ);
      phones.push(bruno);
      await product.api('bruno', 'PUT', '/api/v1/me/presence', { state: 'available' });
      await bruno.rings();
      await bruno.answer();
      await caller.untilTone(COLLEAGUE_HZ, 100, 20_000);
      await bruno.untilHeard(CUSTOMER_HZ, 15_000);
      expect((await newest())?.agent?.name).toMatch(/^Bruno/);

      // He passes it back to ana, by name.
      await act('bruno', contact.id, 'transfer', {
        to: { type: 'agent', id: contact.agent?.id ?? '' },
        mode: 'blind',
      });
      expect(await bruno.over()).toBe('remote');
      await desk.page.getByTestId('offer').waitFor({ timeout: 30_000 });
      await desk.page.getByTestId('accept').click();
      await caller.untilTone(OPERATOR_HZ, 100, 20_000);
      await desk.untilHeard(CUSTOMER_HZ, 15_000);
      expect(await newest()).toMatchObject({
        id: contact.id,
        protocol: contact.protocol,
        agent: contact.agent,
        state: 'active',
      });
      // One INVITE of the caller, and no end before now: its leg was never touched.
      expect(made.trace().match(/^INVITE /gm)).toHaveLength(1);
      expect(made.trace()).not.toMatch(/^BYE /m);
      await act('ana', contact.id, 'hangup');
      expect(await made.ended).toBe(0);
      await free(contact.id);
      await product.api('bruno', 'PUT', '/api/v1/me/presence', { state: 'offline' });
    });

    it('calls a customer back: her own phone first, then the customer', { timeout: 90_000 }, async () => {
      const path = `/api/v1/simulator/phone?caller=${encodeURIComponent('+5511987654321')}`;
      const account = await product.api<SipAccount & Record<string, unknown>>('ana', 'GET', path);
      const customer = await openJsSip(chromium ?? '', product, account, CUSTOMER_HZ);
      phones.push(customer);
      await customer.answersBySelf();
      const made = await product.api<InteractionView>('ana', 'POST', '/api/v1/calls', {
        to: '+5511987654321',
        queue: 'suporte',
      });
      expect(made).toMatchObject({ direction: 'outbound', customer: { name: 'Maria Souza' } });
      expect(made.protocol).toMatch(/^\d{16}$/);
      await customer.untilHeard(OPERATOR_HZ, 30_000);
      await desk.untilHeard(CUSTOMER_HZ, 15_000);
      await customer.hangUp();
      await free(made.id);
    });

    it('gives up a call while the customer’s phone still rings', { timeout: 90_000 }, async () => {
      const path = `/api/v1/simulator/phone?caller=${encodeURIComponent('+5511987654321')}`;
      const account = await product.api<SipAccount & Record<string, unknown>>('ana', 'GET', path);
      const customer = await openJsSip(chromium ?? '', product, account, CUSTOMER_HZ);
      phones.push(customer);
      const made = await product.api<InteractionView>('ana', 'POST', '/api/v1/calls', {
        to: '+5511987654321',
        queue: 'suporte',
      });
      await customer.rings(30_000);
      await desk.page.getByText('chamando o cliente…').waitFor();
      await desk.page.getByTestId('hangup').dblclick();
      expect(await customer.over()).toBe('remote');
      await free(made.id);
      expect(await newest()).toMatchObject({ id: made.id, endCause: 'agentCancelled' });
    });

    it('outside the hours: the caller is told, and the contact is closed as outOfHours', {
      timeout: 90_000,
    }, async () => {
      await product.api('admin', 'POST', '/api/v1/admin/calendars', {
        key: 'nunca',
        name: 'Nunca',
        weekly: NEVER,
      });
      await product.api('admin', 'PATCH', '/api/v1/admin/queues/suporte', { calendar: 'nunca' });
      const made = await call('1');
      const heardBefore = caller.packets.length;
      await otherSound();
      // Told to the end, then our BYE.
      expect(await made.ended).toBe(0);
      expect(caller.packets.length - heardBefore).toBeGreaterThan(100);
      const contact = await newest();
      expect(contact).toMatchObject({ state: 'closed', endCause: 'outOfHours', agent: null, segments: [] });
      expect(contact?.protocol).toMatch(/^\d{16}$/);
      expect(await desk.page.getByTestId('offer').count()).toBe(0);
      await product.api('admin', 'PATCH', '/api/v1/admin/queues/suporte', { calendar: null });
    });
  },
);
