import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRtpPeer, type RtpPeer, tone } from '../support/audio.ts';
import { type Browser, openBrowser, takePlace } from '../support/desk.ts';
import { type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { type SippCall, sippCall } from '../support/sipp.ts';

const { chromium, sipp } = programs;
const CUSTOMER_HZ = 700;

describe.skipIf(chromium === undefined || sipp === undefined)('the server ends after a call was left', () => {
  let product: Product;
  let browser: Browser;
  let caller: RtpPeer;
  let call: SippCall | undefined;

  beforeAll(async () => {
    product = await startProduct();
    browser = await openBrowser(chromium ?? '', 1200);
    caller = await createRtpPeer();
  }, 60_000);
  afterAll(async () => {
    call?.stop();
    await caller.close();
    await browser.close();
    await product.end();
  });

  it('signing out in a call hangs it up, and SIGTERM afterwards is exit 0 within 8 s', {
    timeout: 120_000,
  }, async () => {
    const { page } = browser;
    await takePlace(page, product);
    call = await sippCall(sipp ?? '', { sipPort: product.sipPort, rtpPort: caller.port });
    caller.connect(await call.answered());
    caller.say(tone(CUSTOMER_HZ, 1000, -12));
    await caller.until(() => caller.packets.length > 60, 10_000);
    await caller.press('1');
    await page.getByTestId('offer').waitFor({ timeout: 30_000 });
    await page.keyboard.press('Enter');
    await page.getByTestId('callbar').waitFor();
    await browser.untilHeard(CUSTOMER_HZ, 20_000);
    await page.getByRole('button', { name: /^Conta/ }).click();
    await page.getByRole('menuitem', { name: 'Sair' }).click();
    await page.getByRole('button', { name: 'Desligar e sair' }).click();
    await page.getByText('Você saiu.').waitFor();
    // The caller heard a goodbye and got the BYE: the browser's leg is long gone by then.
    expect(await call.ended).toBe(0);
    const before = performance.now();
    expect(await product.stop()).toBe(0);
    expect(performance.now() - before).toBeLessThan(8000);
    expect(product.log()).not.toMatch(/did not end in time|Napi/);
  });
});
