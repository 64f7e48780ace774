import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser } from '../support/desk.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';

const { chromium } = programs;
const NAMES = ['Empresa', 'Filas', 'Pessoas', 'Números', 'Tronco', 'Caixa de e-mail'];

describe.skipIf(chromium === undefined)('a company begins in production (chromium)', () => {
  let product: Product;
  let browser: Browser;
  let token: string;

  beforeAll(async () => {
    product = await startProduct({
      NODE_ENV: 'production',
      SECRET_KEY: 'a-secret-key-of-the-tests-that-is-long-enough',
    });
    browser = await openBrowser(chromium ?? '', 900);
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await product.end();
  });

  async function send(method: string, path: string, body: unknown): Promise<void> {
    const answer = await fetch(`${product.url}/api/v1/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect([path, answer.status]).toEqual([path, method === 'POST' ? 201 : 200]);
  }
  /** Names of the steps that are not done yet. */
  async function left(): Promise<string[]> {
    const { page } = browser;
    await page.goto(`${product.url}/inicio`);
    await page.getByText('Receber uma chamada').waitFor();
    await page.waitForLoadState('networkidle');
    return page
      .getByTestId('setup')
      .locator('li', { has: page.getByLabel('A fazer', { exact: true }) })
      .locator('strong')
      .allTextContents();
  }

  it('the first access asks for its name, and the start page says what is to be done and is ticked', {
    timeout: 90_000,
  }, async () => {
    const { page } = browser;
    const link = await eventually(
      'the link',
      () => Promise.resolve(/http\S+primeiro-acesso\?token=\S+/.exec(product.log())?.[0]),
      (found) => found !== undefined,
    );
    await page.goto(link ?? '');
    await page.getByLabel('Nome da empresa').fill('Rede Azul Telecom');
    await page.getByLabel('Seu nome completo').fill('Ana Lima');
    await page.getByLabel('Usuário').fill('ana');
    await page.getByLabel(/^Senha/).fill('cavalo azul na varanda');
    await page.getByLabel('Repita a nova senha').fill('cavalo azul na varanda');
    await page.getByRole('button', { name: 'Criar e entrar' }).click();
    await page.getByTestId('setup').waitFor();
    const answer = await fetch(`${product.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'ana', password: 'cavalo azul na varanda' }),
    });
    token = ((await answer.json()) as { token: string }).token;
    expect(await page.getByTestId('setup').locator('strong').allTextContents()).toEqual(NAMES);
    expect(await left()).toEqual(NAMES.slice(1));

    await page.getByRole('button', { name: 'Empresa: Abrir' }).click();
    await page.getByTestId('admin-empresa').waitFor();
    expect(await page.getByLabel('Nome', { exact: false }).first().inputValue()).toBe('Rede Azul Telecom');
    await page.getByRole('textbox', { name: 'Nome' }).fill('Rede Azul');
    await page.getByLabel('Estado').first().click();
    await page.getByRole('option', { name: 'RJ' }).click();
    await page.getByRole('button', { name: 'Salvar' }).click();
    await page.getByText('Salvo').waitFor();
    const company = await fetch(`${product.url}/api/v1/admin/company`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await company.json()).toMatchObject({ name: 'Rede Azul', state: 'RJ' });

    await send('POST', 'users', {
      username: 'bia',
      name: 'Bia',
      password: 'outra frase bem longa',
      role: 'operator',
      queues: [],
    });
    for (const key of ['suporte', 'financeiro', 'retencao']) await send('POST', 'queues', { key, name: key });
    expect(await left()).toEqual(['Números', 'Tronco', 'Caixa de e-mail']);
    await send('POST', 'dids', { number: '+552133334444', flow: 'principal.yaml' });
    await send('POST', 'trunks', { name: 'Operadora', peers: ['192.0.2.1'], channels: 4, direction: 'both' });
    await send('POST', 'mailboxes', { address: 'oi@azul.test', queue: 'suporte' });
    await page.goto(`${product.url}/inicio`);
    await page.getByText('Receber uma chamada').waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.getByTestId('setup').count()).toBe(0);
  });
});
