import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InteractionView } from '../../src/contracts/interaction.ts';
import { createRtpPeer, levelAt, type RtpPeer, tone, wavChannels } from '../support/audio.ts';
import { type Browser, openBrowser, takePlace } from '../support/desk.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { sippCall } from '../support/sipp.ts';

const { sipp, chromium } = programs;
const CUSTOMER_HZ = 700;
const OPERATOR_HZ = 1200;

/** The highest level of a tone in any tenth of a second. */
function best(samples: Int16Array | undefined, hz: number): number {
  let top = -200;
  for (let at = 0; at + 800 <= (samples?.length ?? 0); at += 800) {
    top = Math.max(top, levelAt(samples?.subarray(at, at + 800) ?? new Int16Array(), hz));
  }
  return top;
}

interface Page {
  items: InteractionView[];
}

describe.skipIf(sipp === undefined || chromium === undefined)(
  'a call by sipp and a mail by SMTP, one operator in Chromium (sipp, chromium)',
  () => {
    let product: Product;
    let browser: Browser;
    let caller: RtpPeer;

    beforeAll(async () => {
      product = await startProduct();
      browser = await openBrowser(chromium ?? '', OPERATOR_HZ);
      caller = await createRtpPeer();
      await takePlace(browser.page, product);
    }, 120_000);
    afterAll(async () => {
      await caller.close();
      await browser.close();
      await product.end();
    });

    const contacts = (query: string) =>
      product.api<Page>('supervisor', 'GET', `/api/v1/interactions?${query}`);
    const sendMail = (subject: string, text: string, headers: Record<string, string> = {}) =>
      createTransport({ host: '127.0.0.1', port: product.smtpPort, secure: false, ignoreTLS: true }).sendMail(
        {
          from: 'Maria <maria@cliente.test>',
          to: 'suporte@exemplo.test',
          subject,
          text,
          headers,
        },
      );

    it('goes through flow, queue, offer and answer with sound both ways, then the mail', {
      timeout: 180_000,
    }, async () => {
      const { page } = browser;
      const call = await sippCall(sipp ?? '', { sipPort: product.sipPort, rtpPort: caller.port });
      caller.connect(await call.answered());
      caller.say(tone(CUSTOMER_HZ, 1000, -12));

      // The protocol stood before the 200 OK: the contact was opened before the caller's leg was answered.
      const [opened] = (await contacts('channel=voice')).items;
      expect(opened?.protocol).toMatch(/^\d{16}$/);
      const okAt =
        /(\d{4}-\d\d-\d\d)\s+(\d\d:\d\d:\d\d\.\d+)[^\n]*\n[^\n]*received[\s\S]{0,40}?SIP\/2\.0 200/.exec(
          call.trace(),
        );
      if (okAt !== null)
        expect(Date.parse(opened?.timestamps.arrivedAt ?? '')).toBeLessThanOrEqual(
          Date.parse(`${okAt[1] ?? ''}T${okAt[2] ?? ''}`),
        );

      // The caller hears speech: energy that is not one tone.
      await caller.until(() => caller.packets.length > 100, 10_000);
      await caller.press('1');

      // The offer names who, the protocol and the overdue bill.
      const offer = page.getByTestId('offer');
      await offer.waitFor({ timeout: 30_000 });
      await expect.poll(() => offer.textContent(), { timeout: 10_000 }).toContain('Maria Souza');
      const spaced = (await offer.textContent())?.replace(/\D/g, '') ?? '';
      expect(spaced).toContain(opened?.protocol);
      await expect
        .poll(async () => (await offer.textContent())?.toLowerCase(), { timeout: 10_000 })
        .toMatch(/venci|atras|inadimpl|em aberto/);
      await page.keyboard.press('Enter');
      await page.getByTestId('callbar').waitFor();

      // Sound both ways, measured.
      const atCaller = await caller.untilTone(OPERATOR_HZ, 100, 15_000);
      expect(Math.abs(atCaller.hz - OPERATOR_HZ)).toBeLessThan(15);
      expect(atCaller.level).toBeGreaterThan(-25);
      await browser.untilHeard(CUSTOMER_HZ);

      // A mail arrives meanwhile: one person on a call is offered nothing.
      await sendMail('Minha conexão caiu', 'Bom dia, estou sem internet.');
      const mail = await eventually(
        'the mail in the queue',
        () => contacts('channel=email'),
        (p) => p.items[0]?.state === 'queued',
      );
      expect(mail.items[0]?.protocol).toMatch(/^\d{16}$/);
      expect(await page.getByTestId('offer').count()).toBe(0);

      // The operator hangs up; the caller gets the BYE.
      await page.getByTestId('hangup').dblclick();
      expect(await call.ended).toBe(0);
      expect((await contacts('channel=email')).items[0]?.state).toBe('queued');

      // Close with a reason ends the wrap-up; only then the mail is offered.
      await product.api('ana', 'POST', `/api/v1/interactions/${opened?.id ?? ''}/close`, {
        disposition: 'resolvido',
      });
      await page.getByTestId('offer').waitFor();
      await page.keyboard.press('Control+Enter');
      const answering = await eventually(
        'the mail in hand',
        () => contacts('channel=email'),
        (p) => p.items[0]?.state === 'active',
      );
      const mailContact = answering.items[0];

      // Recording: left the customer, right the operator.
      const wav = await fetch(`${product.url}/api/v1/interactions/${opened?.id ?? ''}/recording`, {
        headers: { authorization: `Bearer ${await product.token('supervisor')}` },
      });
      expect(wav.status).toBe(200);
      const [left, right] = wavChannels(Buffer.from(await wav.arrayBuffer()));
      expect(best(left, CUSTOMER_HZ)).toBeGreaterThan(-25);
      expect(best(left, OPERATOR_HZ)).toBeLessThan(-40);
      expect(best(right, OPERATOR_HZ)).toBeGreaterThan(-25);
      // Over the whole channel: the edges of beeps splash into every frequency of a short window.
      expect(levelAt(right ?? new Int16Array(), CUSTOMER_HZ)).toBeLessThan(-35);

      // The answer goes out in the thread; the customer's reply lands in the same contact's protocol.
      await page.getByTestId('composer').fill('Bom dia, Maria. Já estamos verificando.');
      await page.keyboard.press('Control+Enter');
      const outbox = await eventually(
        'the reply in the outbox',
        () =>
          product.api<{
            items: { kind: string; subject: string; messageId: string; inReplyTo: string | null }[];
          }>('ana', 'GET', '/api/v1/simulator/mailbox?address=maria@cliente.test'),
        (p) => p.items.some((m) => m.kind === 'reply'),
      );
      const reply = outbox.items.find((m) => m.kind === 'reply');
      expect(reply?.subject).toContain(mailContact?.protocol);
      expect(outbox.items.filter((m) => m.kind === 'acknowledgement')).toHaveLength(1);
      await sendMail(`Re: ${reply?.subject ?? ''}`, 'Obrigada!', { 'In-Reply-To': reply?.messageId ?? '' });
      const both = await eventually(
        "the customer's reply",
        () =>
          product.api<{ timeline: { kind: string; message?: { text: string } }[] }>(
            'ana',
            'GET',
            `/api/v1/interactions/${mailContact?.id ?? ''}`,
          ),
        (i) => i.timeline.some((e) => e.message?.text.includes('Obrigada') === true),
      );
      expect(both.timeline.filter((e) => e.message !== undefined).length).toBeGreaterThanOrEqual(3);
      expect((await contacts('channel=email')).items).toHaveLength(1);
    });

    it('ends by the customer’s BYE too', { timeout: 120_000 }, async () => {
      const call = await sippCall(sipp ?? '', {
        sipPort: product.sipPort,
        rtpPort: caller.port,
        hangUpMs: 14_000,
      });
      caller.connect(await call.answered());
      caller.say(tone(CUSTOMER_HZ, 1000, -12));
      await caller.press('9');
      await browser.page.getByTestId('offer').waitFor({ timeout: 30_000 });
      await browser.page.getByTestId('accept').click();
      await caller.untilTone(OPERATOR_HZ, 100, 15_000);
      expect(await call.ended).toBe(0);
      await eventually(
        'the wrap-up',
        () => contacts('channel=voice'),
        (p) => p.items[0]?.state === 'wrapUp',
      );
    });
  },
);
