import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { openBrowser, signIn, type Desk } from './desk-browser.ts';
import { startMock, type MockServer } from './desk-mock.ts';
import { busyWorld, idleWorld, interactionOf, offerOf, presenceOf } from './desk-world.ts';

const chromium = programs.chromium;
const softphone = join(import.meta.dirname, '../../softphone');

describe.skipIf(chromium === undefined)('the desk in a browser (chromium)', { timeout: 60_000 }, () => {
  let desk: Desk;
  let mock: MockServer;
  const errors: string[] = [];

  beforeAll(async () => {
    if (!existsSync(join(softphone, 'dist/index.html'))) {
      const { build } = await import('vite');
      await build({ configFile: join(softphone, 'vite.config.ts'), logLevel: 'error' });
    }
  }, 120_000);
  beforeEach(async () => {
    desk = await openBrowser(chromium ?? '');
    desk.page.on('pageerror', (error) => errors.push(error.message));
  });
  afterEach(async () => {
    await desk.stop();
    await mock.stop();
  });
  afterAll(() => expect(errors).toEqual([]));

  it('signs in, tells wrong passwords and a locked account apart', async () => {
    mock = await startMock(idleWorld());
    const { page } = desk;
    await page.goto(mock.url);
    await page.getByLabel('Usuário').fill('ana');
    await page.getByLabel('Senha', { exact: true }).fill('errada');
    await page.keyboard.press('Enter');
    await page.getByText('Usuário ou senha não conferem.').waitFor();
    mock.world.locked = true;
    await page.getByLabel('Senha', { exact: true }).fill('segredo');
    await page.keyboard.press('Enter');
    await page.getByText('bloqueado por 15 minutos').waitFor();
    mock.world.locked = false;
    await signIn(page, mock.url);
    await page.getByText('Você está fora').waitFor();
  });

  it('an offer rings without taking the focus; Ctrl+Enter accepts while typing', async () => {
    mock = await startMock(busyWorld());
    const { page } = desk;
    await signIn(page, mock.url);
    await page.getByTestId('finish').click();
    const summary = page.getByLabel('Resumo (opcional)');
    await summary.fill('uma anotação pela met');
    await mock.waitForDesks(1);
    mock.emit('offer', offerOf());
    await page.getByTestId('offer').waitFor();
    await page.keyboard.type('ade');
    expect(await summary.inputValue()).toBe('uma anotação pela metade');
    expect(await page.getByTestId('accept-key').textContent()).toBe('Ctrl+Enter');
    await page.keyboard.press('Control+Enter');
    await mock.waitFor('POST', /\/interactions\/o1\/accept$/);
    await page.getByTestId('offer').waitFor({ state: 'detached' });
    expect(mock.requests.some((one) => one.path.endsWith('/close'))).toBe(false);
  });

  it('Enter accepts; a revoked offer goes away in every tab', async () => {
    mock = await startMock(idleWorld());
    const { page, context } = desk;
    await signIn(page, mock.url);
    const second = await context.newPage();
    await second.goto(mock.url);
    await second.getByText('O telefone está em outra aba').waitFor();
    await mock.waitForDesks(2);
    mock.emit('offer', offerOf());
    await page.getByTestId('offer').waitFor();
    await second.getByTestId('offer').waitFor();
    await page.bringToFront();
    await page.keyboard.press('Enter');
    await mock.waitFor('POST', /\/interactions\/o1\/accept$/);
    mock.emit('offer:revoked', { interactionId: 'o1', reason: 'accepted' });
    await second.getByTestId('offer').waitFor({ state: 'detached' });
  });

  it('comes back to the same contact and the same draft after F5', async () => {
    mock = await startMock(busyWorld());
    const { page } = desk;
    await signIn(page, mock.url);
    await page.getByTestId('callbar').waitFor();
    await page.getByTestId('composer').fill('rascunho que não pode sumir');
    await page.reload();
    await page.getByTestId('callbar').waitFor();
    expect(await page.getByTestId('composer').inputValue()).toBe('rascunho que não pode sumir');
  });

  it('shows the protocol, the file by sections with their age, and closes with a reason', async () => {
    mock = await startMock(busyWorld());
    const { page } = desk;
    await signIn(page, mock.url);
    await page.getByTestId('protocol').waitFor();
    expect(await page.getByTestId('protocol').textContent()).toBe('202611 00000 00123');
    await page.getByText('Fatura vencida').first().waitFor();
    const states = await page.evaluate(
      `[...document.querySelectorAll('[data-section-state]')].map((one) => one.dataset.sectionState)`,
    );
    expect(states).toEqual(['ok', 'ok', 'ok', 'stale', 'failed']);
    await page.getByText('***.982.247-**').waitFor();
    await page.getByTestId('finish').click();
    await page.getByRole('combobox', { name: 'Assunto' }).click();
    await page.getByRole('option', { name: 'Suporte' }).click();
    await page.getByRole('combobox', { name: 'Motivo' }).click();
    await page.getByRole('option', { name: 'Sem conexão' }).click();
    await page.getByTestId('close-contact').click();
    const { body } = await mock.waitFor('POST', /\/interactions\/v1\/close$/);
    expect(body).toEqual({ disposition: 'suporte.semConexao' });
  });

  it('answers a mail with a canned text', async () => {
    mock = await startMock(busyWorld());
    const { page } = desk;
    await signIn(page, mock.url);
    await page.getByTestId('work-card').nth(1).click();
    await page.getByText('Segue o teste de velocidade').waitFor();
    await page.getByText('Resposta', { exact: true }).click();
    await page.getByTestId('composer').fill('Bom dia! /prot');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    const { body } = await mock.waitFor('POST', /\/interactions\/m1\/messages$/);
    expect(body).toEqual({ text: 'Bom dia! O protocolo deste atendimento é 2026110000000124.' });
  });

  it('keeps working through a lost connection', async () => {
    mock = await startMock(idleWorld());
    const { page } = desk;
    await signIn(page, mock.url);
    await page.getByTestId('presence').and(page.locator('[data-state="offline"]')).waitFor();
    mock.dropSockets();
    mock.emit('presence', presenceOf({ state: 'paused', reason: 'noAnswer' }));
    const call = interactionOf({ id: 'n1', state: 'active' });
    mock.world.interactions.push(call);
    mock.world.presence = presenceOf();
    await expect
      .poll(
        async () => {
          mock.emit('resync', { reason: 'gap' });
          return page.getByTestId('callbar').count();
        },
        { timeout: 15_000 },
      )
      .toBe(1);
  });
});
