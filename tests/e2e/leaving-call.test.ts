import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRtpPeer, type RtpPeer, tone } from '../support/audio.ts';
import { type Browser, openBrowser, takePlace } from '../support/desk.ts';
import { contacts } from '../support/contacts.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
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

  const customerCalls = async (): Promise<string> => {
    call = await sippCall(sipp ?? '', { sipPort: product.sipPort, rtpPort: caller.port });
    caller.connect(await call.answered());
    caller.say(tone(CUSTOMER_HZ, 1000, -12));
    const before = caller.packets.length;
    await caller.until(() => caller.packets.length > before + 60, 10_000);
    await caller.press('1');
    const { page } = browser;
    await page.getByTestId('offer').waitFor({ timeout: 30_000 });
    await page.keyboard.press('Control+Enter');
    await page.getByTestId('callbar').waitFor();
    await browser.untilHeard(CUSTOMER_HZ, 20_000);
    const [mine] = await contacts(product, 'state=active');
    return mine?.id ?? '';
  };
  const kindsOf = async (id: string): Promise<string[]> =>
    (
      await product.api<{ timeline: { kind: string }[] }>('supervisor', 'GET', `/api/v1/interactions/${id}`)
    ).timeline.map(({ kind }) => kind);

  it('the call goes to the tab that takes the phone, and a new password loses the desk, not the customer', {
    timeout: 120_000,
  }, async () => {
    const { page, context } = browser;
    await takePlace(page, product, 'bruno');
    const id = await customerCalls();
    const second = await context.newPage();
    await second.goto(product.url);
    await second.getByRole('button', { name: 'Usar aqui' }).click();
    await eventually(
      'the call on the other tab',
      () => kindsOf(id),
      (kinds) => kinds.includes('agentLegBack'),
      30_000,
    );
    await second.getByTestId('callbar').waitFor();
    const { items } = await product.api<{ items: { id: string; username: string }[] }>(
      'admin',
      'GET',
      '/api/v1/admin/users',
    );
    const bruno = items.find(({ username }) => username === 'bruno')?.id ?? '';
    await product.api('admin', 'PATCH', `/api/v1/admin/users/${bruno}`, {
      password: 'uma-senha-nova-comprida',
    });
    await second.getByLabel('Senha', { exact: true }).waitFor();
    await eventually(
      'the phone is missed',
      () => kindsOf(id),
      (kinds) => kinds.lastIndexOf('agentLegLost') > kinds.lastIndexOf('agentLegBack'),
    );
    expect(await kindsOf(id)).not.toContain('ended');
    const [mine] = await contacts(product, 'channel=voice');
    expect(mine).toMatchObject({ id, state: expect.stringMatching(/active|queued|offered/) as string });
    await product.api('supervisor', 'POST', `/api/v1/interactions/${id}/end`, { reason: 'fim do teste' });
    call?.stop();
    await second.close();
  });

  it('signing out in a call hangs it up, and SIGTERM afterwards is exit 0 within 8 s', {
    timeout: 120_000,
  }, async () => {
    const { page } = browser;
    await takePlace(page, product);
    await customerCalls();
    await page.getByRole('button', { name: /^Conta/ }).click();
    await page.getByRole('menuitem', { name: 'Sair' }).click();
    await page.getByRole('button', { name: 'Desligar e sair' }).click();
    await page.getByText('Você saiu.').waitFor();
    // The caller heard a goodbye and got the BYE: the browser's leg is long gone by then.
    expect(await call?.ended).toBe(0);
    const before = performance.now();
    expect(await product.stop()).toBe(0);
    expect(performance.now() - before).toBeLessThan(8000);
    expect(product.log()).not.toMatch(/did not end in time|Napi/);
  });
});
