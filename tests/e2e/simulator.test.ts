import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contacts } from '../support/contacts.ts';
import { type Browser, openBrowser, takePlace } from '../support/desk.ts';
import { outboxOf } from '../support/mail.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
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
    expect(await outboxOf(product, 'maria@cliente.test')).toHaveLength(1);
  });
});
