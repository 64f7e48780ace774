/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { houseWorld } from './desk-house.ts';
import { mockedDesk } from './desk-mocked.ts';

const chromium = programs.chromium;

/** Of one element: the pixels of it that stand outside of what scrolls around it, and of the window. */
function cutOff(node: Element): number {
  const own = node.getBoundingClientRect();
  const around = (node.closest('[role=region]') ?? document.body).getBoundingClientRect();
  return Math.max(
    0,
    Math.ceil(own.right - Math.min(around.right, innerWidth)),
    Math.ceil(around.left - own.left),
  );
}

describe.skipIf(chromium === undefined)(
  'pages of a house with five queues (chromium)',
  { timeout: 60_000 },
  () => {
    const rig = mockedDesk();

    const open = async (path: string): Promise<Page> => {
      await rig.serve(houseWorld());
      await signIn(rig.desk.page, rig.mock.url, path);
      return rig.desk.page;
    };

    it.each([1366, 1093, 911])('asks and tells of a row within its table, %i px', async (width) => {
      const page = await open('/administracao/usuarios');
      await page.setViewportSize({ width, height: 614 });
      const row = page.getByRole('row').filter({ hasText: 'Bartolomeu' });
      for (const name of [/^Desbloquear/, /^Editar/, /^Desativar/]) {
        const button = row.getByRole('button', { name });
        expect([String(name), await button.evaluate(cutOff)]).toEqual([String(name), 0]);
      }
      await row.getByRole('button', { name: /^Desativar/ }).click();
      const sure = row.getByRole('button', { name: /^Desativar mesmo/ });
      expect(await sure.evaluate(cutOff)).toBe(0);
      await sure.click();
      const told = row.getByText('Desativado.');
      await told.waitFor();
      expect(await told.evaluate(cutOff)).toBe(0);
    });

    it('each page of the administration has its own name in the title of the window', async () => {
      const page = await open('/administracao/usuarios');
      const titles = [];
      for (const path of ['usuarios', 'filas', 'empresa', 'chaves', 'auditoria', 'nada']) {
        await page.goto(`${rig.mock.url}/administracao/${path}`);
        await page.waitForFunction(() => document.title.includes('Administração'));
        titles.push((await page.title()).split(' · ')[0]);
      }
      const names = ['Pessoas', 'Filas', 'Empresa', 'Chaves de API', 'Auditoria', 'Página não encontrada'];
      expect(titles.map((title) => title?.replace(/^\(\d+\) /, ''))).toEqual(names);
    });

    it('people and mailboxes are listed with the names of their queues', async () => {
      const page = await open('/administracao/usuarios');
      const ana = page.getByRole('row').filter({ hasText: 'ana.ribeiro' });
      expect(await ana.innerText()).toContain('Comercial e novas instalações');
      expect(await ana.innerText()).not.toContain('comercial');
      await page.goto(`${rig.mock.url}/administracao/caixas`);
      const mailbox = page.getByRole('row').filter({ hasText: 'provedor-de-exemplo' });
      await mailbox.getByText('Financeiro', { exact: true }).waitFor();
    });

    it.each([
      [1366, 650],
      [1093, 614],
    ])(
      'the board has people in its first screen, and each figure on its own tile: %i×%i',
      async (width, height) => {
        const page = await open('/painel');
        await page.setViewportSize({ width, height });
        const third = page.getByTestId('people-now').getByRole('row').nth(3);
        await third.waitFor();
        const box = await third.boundingBox();
        expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
        const over = await page
          .locator('.tile')
          .evaluateAll((tiles) => tiles.map((tile) => tile.scrollWidth - tile.clientWidth));
        expect(over).toEqual([0, 0, 0, 0, 0]);
      },
    );

    it.each([
      [1366, 768],
      [1093, 614],
    ])(
      'six queues leave people in the first screen, and none is out of reach: %i×%i',
      async (width, height) => {
        const world = houseWorld();
        const [first] = world.board.queues;
        world.board.queues.push({ ...first!, key: 'vendas', name: 'Vendas corporativas' });
        await rig.serve(world);
        const { page } = rig.desk;
        await signIn(page, rig.mock.url, '/painel');
        await page.setViewportSize({ width, height });
        const third = page.getByTestId('people-now').getByRole('row').nth(3);
        await third.waitFor();
        const box = await third.boundingBox();
        expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
        const last = await page.getByTestId('queue-vendas').boundingBox();
        const tiles = await page.locator('.tiles').boundingBox();
        expect((last?.y ?? Infinity) + (last?.height ?? 0)).toBeLessThanOrEqual(
          (tiles?.y ?? 0) + (tiles?.height ?? 0) + 1,
        );
      },
    );

    it.each([1366, 911])(
      'a queue is listed with the name of its calendar, in sight: %i px',
      async (width) => {
        const page = await open('/administracao/filas');
        await page.setViewportSize({ width, height: 614 });
        const row = page.getByRole('row').filter({ hasText: 'Retenção' });
        const calendar = row.getByText('Horário comercial');
        await calendar.waitFor();
        const [right, acts] = await Promise.all([
          calendar.evaluate((cell) => cell.getBoundingClientRect().right),
          row.locator('.acts').evaluate((cell) => cell.getBoundingClientRect().left),
        ]);
        expect(right).toBeLessThanOrEqual(acts);
      },
    );

    it('the audit log shows what was done, by names, and looks only when they are asked for', async () => {
      const page = await open('/administracao/auditoria');
      const moved = page.getByRole('row').filter({ hasText: 'interaction.transfer' });
      await moved.getByRole('link', { name: 'Maria Souza · 2026110000000123' }).waitFor();
      expect(await moved.innerText()).toContain('Para: Financeiro');
      expect(await page.getByRole('table').innerText()).not.toMatch(/01K|comercial|"type"/);
      const asked = () =>
        rig.mock.requests.filter(({ path }) => path.startsWith('/api/v1/admin/audit')).at(-1)?.path;
      expect(asked()).toContain('kind=act');
      await page.getByRole('checkbox', { name: 'Só o que foi feito' }).click();
      await rig.mock.waitFor('GET', /\/admin\/audit\?(?!.*kind=)/);
    });

    it('who waits is readable at 911 px', async () => {
      const page = await open('/');
      await page.setViewportSize({ width: 911, height: 512 });
      const names = page.getByTestId('waiting-line').locator('.two-lines');
      await names.first().waitFor();
      const cut = await names.evaluateAll((all) =>
        all
          .filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
          .map((one) => one.textContent),
      );
      expect(cut).toEqual([]);
      expect(await names.allInnerTexts()).toContain('Padaria Estrela Ltda');
    });
  },
);
