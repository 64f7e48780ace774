import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld, presenceOf } from './desk-world.ts';

const chromium = programs.chromium;
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
    const rig = mockedDesk();

    const as = async (role: 'operator' | 'supervisor' | 'admin', path = '/'): Promise<Page> => {
      const world = busyWorld();
      world.role = role;
      const mock = await rig.serve(world);
      await signIn(rig.desk.page, mock.url, path);
      return rig.desk.page;
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
        await page.goto(rig.mock.url + path);
        await page.locator('main').first().waitFor();
        await page.locator('.empty [role=status]').waitFor({ state: 'detached' });
        expect([path, await page.evaluate(faultsOfPage)]).toEqual([path, []]);
      }
    });

    it('long words of strangers push no column out of sight', async () => {
      const world = busyWorld();
      world.role = 'supervisor';
      for (const [at, one] of world.interactions.entries())
        Object.assign(one, {
          subject: 'palavra '.repeat(100),
          customer: null,
          contact: { address: `a${at}@x.test`, name: 'M'.repeat(300) },
        });
      const mock = await rig.serve(world);
      const { page } = rig.desk;
      await signIn(page, mock.url, '/contatos');
      for (const width of [1366, 1093]) {
        await page.setViewportSize({ width, height: 768 });
        for (const [path, row] of [
          ['/contatos', '[data-testid=contact-row]'],
          ['/painel', '[data-testid=contacts-now] td a'],
        ] as const) {
          await page.goto(mock.url + path);
          await page.locator(row).first().waitFor();
          const over = await page
            .locator('[role=region]:has(table)')
            .evaluateAll((all) => all.map((one) => one.scrollWidth - one.clientWidth));
          expect([width, path, Math.max(...over)]).toEqual([width, path, 0]);
        }
      }
    });

    it('the board follows deltas, and a forced pause carries its reason', async () => {
      const page = await as('supervisor', '/painel');
      await page.getByTestId('queue-suporte').getByText('82%').waitFor();
      await rig.mock.waitForDesks(1);
      const [first, ...rest] = rig.mock.world.board.queues;
      const [calls, mails] = first!.channels!;
      const channels = [{ ...calls!, waiting: 17 }, mails!];
      rig.mock.emit('board', { queues: [{ ...first!, channels }, ...rest] });
      await page.getByTestId('queue-suporte').getByText('17', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Mudar a presença de Bruno Alves' }).click();
      await page.getByRole('dialog').getByLabel('Motivo').fill('reunião com o time');
      await page.keyboard.press('Enter');
      const { body } = await rig.mock.waitFor('PUT', /\/agents\/u2\/presence$/);
      expect(body).toEqual({ state: 'paused', reason: 'reunião com o time' });
      rig.mock.emit('presence', presenceOf());
    });

    it('operators have no board and no administration', async () => {
      const page = await as('operator');
      expect(await page.getByRole('link', { name: 'Painel' }).count()).toBe(0);
      await page.goto(`${rig.mock.url}/administracao/usuarios`);
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
      const { body } = await rig.mock.waitFor('POST', /\/admin\/queues$/);
      expect(body).toMatchObject({ name: 'Vendas', key: 'vendas', ringMs: 25_000, strategy: 'longestIdle' });
    });

    it('speaks English and remembers it', async () => {
      const page = await as('operator');
      await page.getByRole('button', { name: /^Conta/ }).click();
      await page.getByRole('menuitemradio', { name: 'English' }).click();
      await page.getByText('My work').waitFor();
      await page.reload();
      await page.getByText('My work').waitFor();
      expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    });

    it('the simulator needs no login and says when it is not there', async () => {
      const mock = await rig.serve(busyWorld());
      const { page } = rig.desk;
      await page.goto(`${mock.url}/simulador`);
      await page.getByTestId('sim-call').click();
      await page.getByText('O servidor não oferece o simulador').waitFor();
    });
  },
);
