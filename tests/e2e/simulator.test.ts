import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contacts } from '../support/contacts.ts';
import { type Browser, openBrowser, takePlace } from '../support/desk.ts';
import { outboxOf } from '../support/mail.ts';
import { eventually, PASSWORD, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';

const { chromium } = programs;
const CUSTOMER_HZ = 700;
const OPERATOR_HZ = 1200;

describe.skipIf(chromium === undefined)('the simulator page as the customer (chromium)', () => {
  let product: Product;
  let customer: Browser;
  let operator: Browser;

  beforeAll(async () => {
    product = await startProduct();
    customer = await openBrowser(chromium ?? '', CUSTOMER_HZ);
    operator = await openBrowser(chromium ?? '', OPERATOR_HZ);
    await takePlace(operator.page, product);
    await customer.page.goto(`${product.url}/simulador`);
  }, 120_000);
  afterAll(async () => {
    await customer.close();
    await operator.close();
    await product.end();
  });

  it('calls with the microphone, chooses a key, is accepted by keyboard, and hangs up', {
    timeout: 120_000,
  }, async () => {
    const { page } = customer;
    await page.getByTestId('sim-call').click();
    await page.locator('[data-testid=sim-status][data-call=live]').waitFor();
    await page.locator('.pad button').filter({ hasText: /^1/ }).click();

    const offer = operator.page.getByTestId('offer');
    await offer.waitFor({ timeout: 30_000 });
    expect(await offer.textContent()).toContain('Maria Souza');
    await operator.page.keyboard.press('Enter');
    await operator.page.getByTestId('callbar').waitFor();
    await operator.untilHeard(CUSTOMER_HZ, 20_000);
    await customer.untilHeard(OPERATOR_HZ, 20_000);
    const [live] = await contacts(product, 'channel=voice');
    expect(live).toMatchObject({ state: 'active', queue: 'suporte' });

    await page.getByTestId('sim-hangup').click();
    await page.locator('[data-testid=sim-status][data-call=ended]').waitFor();
    await eventually(
      'the wrap-up',
      () => contacts(product, 'channel=voice'),
      ([i]) => i?.state === 'wrapUp',
    );
    await operator.page.getByTestId('finish-form').waitFor();
  });

  it('writes a mail, reads the protocol in the acknowledgement, and answers in the same thread', {
    timeout: 90_000,
  }, async () => {
    const { page } = customer;
    const box = page.getByLabel('E-mail', { exact: true });
    await box.getByRole('button', { name: 'Escrever' }).click();
    await box.getByLabel('Mensagem').fill('Bom dia, minha conexão está lenta.');
    await page.getByTestId('sim-send').click();
    const [mail] = await eventually(
      'the contact',
      () => contacts(product, 'channel=email'),
      (items) => items.length === 1,
    );
    const card = box.locator('.card').filter({ hasText: mail?.protocol ?? 'none' });
    await card.waitFor();
    await card.click();
    await expect.poll(() => box.getByRole('article').textContent()).toContain(mail?.protocol);
    await box.getByRole('article').getByRole('button').click();
    await box.getByLabel('Mensagem').fill('Mais um detalhe: só à noite.');
    await page.getByTestId('sim-send').click();
    await eventually(
      'the second mail in the same contact',
      () =>
        product.api<{ timeline: { message?: { text: string } }[] }>(
          'supervisor',
          'GET',
          `/api/v1/interactions/${mail?.id ?? ''}`,
        ),
      (i) => i.timeline.some((e) => e.message?.text.includes('só à noite') === true),
    );
    expect(await contacts(product, 'channel=email')).toHaveLength(1);
    // The call's protocol by mail at its opening, and one acknowledgement for both mails.
    const outbox = await outboxOf(product, 'maria@cliente.test');
    expect(outbox.map((sent) => sent.kind).sort()).toEqual(['acknowledgement', 'notice']);
    const [call] = await contacts(product, 'channel=voice');
    expect(outbox.find((sent) => sent.kind === 'notice')?.text).toContain(call?.protocol ?? 'none');
  });
});

describe.skipIf(chromium === undefined)('outside of the demo there is no simulator (chromium)', () => {
  let demo: Product;
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    // Data as a company in production has them; their first start was a demo, so that there is a user to log in.
    demo = await startProduct();
    await demo.stop();
    product = await startProduct({
      NODE_ENV: 'production',
      // Another key would not open what the demo sealed, and stop the start.
      SECRET_KEY: (await readFile(join(demo.dataDir, 'secret-key'), 'utf8')).trim(),
      DATA_DIR: demo.dataDir,
    });
    browser = await openBrowser(chromium ?? '', 900);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await product.end();
    await demo.end();
  });

  it('the page and its interface are not served, and the start page does not point there', {
    timeout: 60_000,
  }, async () => {
    const paths = ['simulador', 'simulador/', 'api/v1/simulator', 'api/v1/simulator/phone'];
    for (const path of [...paths, 'api/v1/simulator/mailbox?address=maria@cliente.test']) {
      const answer = await fetch(`${product.url}/${path}`);
      expect(answer.status, path).toBe(404);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
    const { page } = browser;
    await page.goto(`${product.url}/inicio`);
    await page.getByLabel('Usuário').fill('ana');
    await page.getByLabel('Senha', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Entrar' }).click();
    await page.getByText('Receber uma chamada').waitFor();
    expect(await page.locator('a[href*=simulador]').count()).toBe(0);
    expect(await page.getByText('simulador').count()).toBe(0);
  });
});
