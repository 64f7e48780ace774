import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { openBrowser, signIn, type Desk } from './desk-browser.ts';
import { startMock, type MockServer } from './desk-mock.ts';
import { busyWorld, presenceOf } from './desk-world.ts';

const chromium = programs.chromium;
const softphone = join(import.meta.dirname, '../../softphone');
/** Runs in the page: is anything wider than the window, or without a name? */
const faultsOfPage = `(() => {
  const faults = [];
  if (document.documentElement.scrollWidth > window.innerWidth) faults.push('scrolls sideways');
  for (const one of document.querySelectorAll('button, a[href], input:not([type=hidden]), textarea')) {
    const label = one.labels && one.labels.length > 0 ? one.labels[0].textContent : '';
    const name = one.getAttribute('aria-label') || label || one.textContent || one.getAttribute('title') || '';
    if (name.trim() === '' && !one.closest('[aria-hidden=true]') && one.getAttribute('aria-hidden') !== 'true')
      faults.push('no name: ' + one.outerHTML.slice(0, 120));
  }
  return faults;
})()`;

describe.skipIf(chromium === undefined)(
  'the other pages in a browser (chromium)',
  { timeout: 60_000 },
  () => {
    let desk: Desk;
    let mock: MockServer;
    const errors: string[] = [];

    beforeAll(async () => {
      if (existsSync(join(softphone, 'dist/index.html'))) return;
      const { build } = await import('vite');
      await build({ configFile: join(softphone, 'vite.config.ts'), logLevel: 'error' });
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

    const as = async (role: 'operator' | 'supervisor' | 'admin', path = '/'): Promise<Page> => {
      const world = busyWorld();
      world.role = role;
      mock = await startMock(world);
      await signIn(desk.page, mock.url, path);
      return desk.page;
    };

    it('fit 1366×768 and name every control', async () => {
      const page = await as('admin');
      for (const path of [
        '/',
        '/inicio',
        '/clientes?q=maria',
        '/clientes/c1',
        '/painel',
        '/painel/tv',
        '/administracao/filas',
        '/simulador',
      ]) {
        await page.goto(mock.url + path);
        await page.locator('main').first().waitFor();
        await page.locator('.empty [role=status]').waitFor({ state: 'detached' });
        expect([path, await page.evaluate(faultsOfPage)]).toEqual([path, []]);
      }
    });

    it('the board follows deltas, and a forced pause carries its reason', async () => {
      const page = await as('supervisor', '/painel');
      await page.getByTestId('queue-suporte').getByText('82%').waitFor();
      await mock.waitForDesks(1);
      const [first, ...rest] = mock.world.board.queues;
      mock.emit('board', { queues: [{ ...first!, waiting: 17 }, ...rest] });
      await page.getByTestId('queue-suporte').getByText('17', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Mudar a presença de Bruno Alves' }).click();
      await page.getByRole('dialog').getByLabel('Motivo').fill('reunião com o time');
      await page.keyboard.press('Enter');
      const { body } = await mock.waitFor('PUT', /\/agents\/u2\/presence$/);
      expect(body).toEqual({ state: 'paused', reason: 'reunião com o time' });
      mock.emit('presence', presenceOf());
    });

    it('operators have no board and no administration', async () => {
      const page = await as('operator');
      expect(await page.getByRole('link', { name: 'Painel' }).count()).toBe(0);
      await page.goto(`${mock.url}/administracao/usuarios`);
      await page.getByText('Sem permissão para esta página').waitFor();
    });

    it('adds a queue with durations in milliseconds', async () => {
      const page = await as('admin', '/administracao/filas');
      await page.getByText('Nada cadastrado ainda.').waitFor();
      await page.getByRole('button', { name: 'Adicionar' }).click();
      const form = page.getByRole('dialog');
      await form.getByLabel('Nome').fill('Vendas');
      await form.getByLabel('Chave').fill('vendas');
      await form.getByLabel('Tempo de toque').fill('25');
      await form.getByRole('button', { name: 'Salvar' }).click();
      const { body } = await mock.waitFor('POST', /\/admin\/queues$/);
      expect(body).toMatchObject({ name: 'Vendas', key: 'vendas', ringMs: 25_000, strategy: 'longestIdle' });
    });

    it('speaks English and remembers it', async () => {
      const page = await as('operator');
      await page.getByRole('button', { name: /^Conta/ }).click();
      await page.getByRole('menuitem', { name: 'English' }).click();
      await page.getByText('My work').waitFor();
      await page.reload();
      await page.getByText('My work').waitFor();
      expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    });

    it('the simulator needs no login and says when it is not there', async () => {
      mock = await startMock(busyWorld());
      const { page } = desk;
      await page.goto(`${mock.url}/simulador`);
      await page.getByTestId('sim-call').click();
      await page.getByText('O servidor não oferece o simulador').waitFor();
    });
  },
);
