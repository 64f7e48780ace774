import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CustomerContext, SectionName } from '../../src/contracts/context.ts';
import type { ServerEvent } from '../../src/contracts/realtime.ts';
import { createRtpPeer } from '../support/audio.ts';
import { contacts, phoneIs } from '../support/contacts.ts';
import { type Browser, openBrowser, takePlace } from '../support/desk.ts';
import { sendMail } from '../support/mail.ts';
import { type Operator, operatorAt } from '../support/operator.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { sippCall } from '../support/sipp.ts';

const SECTIONS: SectionName[] = ['customer', 'contracts', 'invoices', 'connection', 'tickets', 'outage'];
const SLOW_MS = 10_000;

interface Subscriber {
  readonly nome: string;
  readonly emails: readonly string[];
}

describe('the ERP slow, dead, and answering HTML with 200: the offer does not wait for it', () => {
  let product: Product;
  let ana: Operator;
  let subscribers: Subscriber[];

  const erp = async (control: { delayMs?: number; mode?: 'ok' | 'html' | 'error' | 'dead' }) => {
    const answer = await fetch(`${product.erpUrl}/_control`, {
      method: 'PUT',
      body: JSON.stringify({ delayMs: 0, mode: 'ok', ...control }),
    });
    expect(answer.ok).toBe(true);
  };

  beforeAll(async () => {
    product = await startProduct();
    ana = await operatorAt(product, 'ana');
    await product.api('ana', 'PUT', '/api/v1/me/presence', { state: 'available' });
    const all = (await (await fetch(`${product.erpUrl}/clientes`)).json()) as Subscriber[];
    // Addresses that belong to one subscriber only.
    const counts = new Map<string, number>();
    for (const s of all) for (const e of s.emails) counts.set(e, (counts.get(e) ?? 0) + 1);
    subscribers = all.filter((s) => s.emails[0] !== undefined && counts.get(s.emails[0]) === 1);
  }, 60_000);
  afterAll(async () => {
    ana.close();
    await product.end();
  });

  /** A mail from this address; resolves with the offer that it made. */
  async function offerFor(from: string): Promise<ServerEvent<'offer'>> {
    await sendMail(product, { from, subject: `Pedido de ${from}` });
    const offer = await ana.until('offer', (o) => o.interaction.contact.address === from);
    expect(offer.interaction.protocol).toMatch(/^\d{16}$/);
    return offer;
  }
  const take = (id: string) => ana.command('offer:accept', { interactionId: id });
  const told = (id: string, name: SectionName) => (c: ServerEvent<'context'>) =>
    c.interactionId === id && c.section === name;
  /** What the screen shows when every section has settled: the offer's file, then each event in its order. */
  async function settled(offer: ServerEvent<'offer'>): Promise<CustomerContext['sections']> {
    const { id } = offer.interaction;
    return eventually(
      'every section settled on the screen',
      () => {
        const shown = { ...offer.context.sections };
        const from = ana.indexOf('offer', (o) => o.interaction.id === id);
        for (const { name, payload } of ana.told.slice(from)) {
          const event = payload as ServerEvent<'context'>;
          if (name === 'context' && event.interactionId === id)
            Object.assign(shown, { [event.section]: event.context.sections[event.section] });
        }
        return Promise.resolve(shown);
      },
      (shown) => SECTIONS.every((name) => shown[name].state !== 'loading'),
      40_000,
    );
  }
  const person = (n: number): { name: string; address: string } => ({
    name: subscribers[n]?.nome ?? '',
    address: subscribers[n]?.emails[0] ?? '',
  });
  async function done(id: string): Promise<void> {
    await product.api('ana', 'POST', `/api/v1/interactions/${id}/close`, { disposition: 'resolvido' });
  }

  it('slow by 10 s: the name and the protocol come at once, the sections when they come', {
    timeout: 90_000,
  }, async () => {
    await erp({ delayMs: SLOW_MS });
    const who = person(1);
    const offer = await offerFor(who.address);
    const { id } = offer.interaction;
    expect(offer.interaction.customer?.name).toBe(who.name);
    for (const name of SECTIONS) expect(offer.context.sections[name].state).toBe('loading');
    expect((await take(id)).ok).toBe(true);
    const event = await ana.until('context', told(id, 'invoices'), 40_000);
    expect(event.context.sections.invoices).toMatchObject({ state: 'ok' });
    expect(Date.parse(event.context.sections.invoices.fetchedAt ?? '')).toBeGreaterThan(
      Date.parse(offer.interaction.timestamps.arrivedAt),
    );
    const at = ana.indexOf('offer', (o) => o.interaction.id === id);
    for (const name of SECTIONS) {
      await ana.until('context', told(id, name), 40_000);
      expect(ana.indexOf('context', told(id, name))).toBeGreaterThan(at);
    }
    await done(id);
  });

  it('slow by 10 s, and nobody knows the sender: in the end it says so', { timeout: 90_000 }, async () => {
    await erp({ delayMs: SLOW_MS });
    const offer = await offerFor('desconhecido@fora.test');
    expect(offer.interaction.customer).toBeNull();
    expect((await take(offer.interaction.id)).ok).toBe(true);
    const shown = await settled(offer);
    for (const name of SECTIONS)
      expect(shown[name]).toMatchObject({ state: 'failed', error: { code: 'customer.unknown' } });
    await done(offer.interaction.id);
  });

  it.each([
    { mode: 'dead', who: 2 },
    { mode: 'error', who: 3 },
    { mode: 'html', who: 4 },
  ] as const)(
    '$mode: the offer names the customer and each section says that it is missing',
    {
      timeout: 90_000,
    },
    async ({ mode, who: n }) => {
      await erp({ mode });
      const who = person(n);
      const offer = await offerFor(who.address);
      expect(offer.interaction.customer?.name).toBe(who.name);
      expect((await take(offer.interaction.id)).ok).toBe(true);
      const shown = await settled(offer);
      for (const name of SECTIONS) {
        expect(shown[name].state).toBe('failed');
        expect(shown[name].error?.code).toMatch(/^erp\./);
        expect(shown[name].data).toBeUndefined();
      }
      await done(offer.interaction.id);
    },
  );

  it('dead after it has answered once: old answers are shown with their age and the reason', {
    timeout: 120_000,
  }, async () => {
    await erp({ mode: 'ok' });
    const who = person(5);
    // Its breakers try again after some seconds; then everything is known.
    const found = await product.api<{ items: { id: string; name: string }[] }>(
      'ana',
      'GET',
      `/api/v1/customers?q=${encodeURIComponent(who.address)}`,
    );
    const customer = found.items.find((c) => c.name === who.name);
    const known = await eventually(
      'a file with every section',
      () => product.api<CustomerContext>('ana', 'GET', `/api/v1/customers/${customer?.id ?? ''}/context`),
      (c) => SECTIONS.every((name) => c.sections[name].state === 'ok'),
      30_000,
    );
    await erp({ mode: 'dead' });
    // The connection's state is fresh for 15 s only.
    await eventually(
      'an old answer',
      () => Promise.resolve(Date.now()),
      (now) => now > Date.parse(known.sections.connection.fetchedAt ?? '') + 16_000,
      30_000,
    );
    const offer = await offerFor(who.address);
    expect(offer.interaction.customer?.name).toBe(who.name);
    expect((await take(offer.interaction.id)).ok).toBe(true);
    const event = await ana.until(
      'context',
      (c) => told(offer.interaction.id, 'connection')(c) && c.context.sections.connection.error !== undefined,
    );
    expect(event.context.sections.connection).toMatchObject({
      state: 'stale',
      fetchedAt: known.sections.connection.fetchedAt,
      data: known.sections.connection.data,
    });
    expect(event.context.sections.connection.error?.code).toMatch(/^erp\./);
    // The contracts are still fresh: nobody was asked for them.
    expect((await settled(offer)).contracts.state).toBe('ok');
    await done(offer.interaction.id);
  });
});

const { chromium, sipp } = programs;
/** From the key in the menu to the offer at the desk, ms: the queue's own way, on a machine that is busy; before a slow ERP answers. */
const POP_MS = 8_000;

describe.skipIf(chromium === undefined || sipp === undefined)(
  'an offered call while the ERP is slow, dead, or answers HTML (chromium, sipp)',
  { timeout: 90_000 },
  () => {
    let product: Product;
    let desk: Browser;
    let subscribers: readonly (Subscriber & { readonly telefones: readonly string[] })[];

    const erp = async (control: { delayMs?: number; mode?: 'ok' | 'html' | 'dead' }) => {
      const body = JSON.stringify({ delayMs: 0, mode: 'ok', ...control });
      expect((await fetch(`${product.erpUrl}/_control`, { method: 'PUT', body })).ok).toBe(true);
    };

    beforeAll(async () => {
      product = await startProduct();
      desk = await openBrowser(chromium ?? '', 1200);
      await takePlace(desk.page, product);
      await phoneIs(product, 'ana', true);
      subscribers = (await (await fetch(`${product.erpUrl}/clientes`)).json()) as typeof subscribers;
    }, 120_000);
    afterAll(async () => {
      await desk.close();
      await product.end();
    });

    /** A call of this subscriber that chose 1; the offer with who it is, on time. Ends in hand. */
    async function pop(who: (typeof subscribers)[number], missing: string) {
      const { page } = desk;
      const caller = await createRtpPeer();
      const call = await sippCall(sipp ?? '', {
        sipPort: product.sipPort,
        caller: `+55${(who.telefones[0] ?? '').replace(/\D/g, '')}`,
        rtpPort: caller.port,
      });
      caller.connect(await call.answered());
      await caller.until(() => caller.packets.length > 50, 10_000);
      await caller.press('1');
      const pressedAt = performance.now();
      const offer = page.getByTestId('offer');
      await offer.waitFor();
      expect(performance.now() - pressedAt).toBeLessThan(POP_MS);
      expect(await offer.textContent()).toContain(who.nome);
      await offer.getByText(missing).waitFor();
      await page.keyboard.press('Enter');
      await page.getByTestId('callbar').waitFor();
      const [contact] = await eventually(
        'the call in hand',
        () => contacts(product, 'channel=voice&state=active'),
        (items) => items.length === 1,
      );
      expect(contact?.customer?.name).toBe(who.nome);
      return {
        async end() {
          const path = `/api/v1/interactions/${contact?.id ?? ''}`;
          await product.api('ana', 'POST', `${path}/hangup`);
          await eventually(
            'the wrap-up',
            () => product.api<{ state: string }>('ana', 'GET', path),
            (i) => i.state === 'wrapUp',
          );
          await product.api('ana', 'POST', `${path}/close`, { disposition: 'resolvido' });
          await call.ended;
          await caller.close();
        },
      };
    }
    const sections = (state: string) => desk.page.locator(`[data-section-state=${state}]`);
    const subscriber = (n: number) => {
      const who = subscribers[n];
      if (who === undefined) throw new Error('the sample ERP has 200 subscribers');
      return who;
    };

    it('slow by 10 s: rings with the name, says that the file is on its way, and shows it as it comes', async () => {
      await erp({ delayMs: SLOW_MS });
      const call = await pop(subscriber(6), 'Ficha a caminho');
      await desk.page
        .getByTestId('customer-name')
        .filter({ hasText: subscriber(6).nome })
        .waitFor();
      expect(await sections('loading').count()).toBeGreaterThan(0);
      await expect.poll(() => sections('ok').count(), { timeout: 20_000 }).toBe(5);
      await call.end();
    });

    it.each([
      { mode: 'dead', n: 7 },
      { mode: 'html', n: 8 },
    ] as const)('$mode: rings with the name and says what is missing', async ({ mode, n }) => {
      await erp({ mode });
      const call = await pop(subscriber(n), 'Ficha sem resposta');
      await desk.page
        .getByTestId('customer-name')
        .filter({ hasText: subscriber(n).nome })
        .waitFor();
      // Each section says so and can be asked again; the call itself is in hand.
      await expect.poll(() => sections('failed').count(), { timeout: 15_000 }).toBe(6);
      expect(await sections('failed').getByText('Sem resposta').count()).toBe(6);
      expect(await sections('failed').getByRole('button', { name: 'Tentar de novo' }).count()).toBe(6);
      expect(await sections('loading').count()).toBe(0);
      await call.end();
    });
  },
);
