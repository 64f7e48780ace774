/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { ago } from './desk-time.ts';
import { busyWorld } from './desk-world.ts';

/** The line above the page that has the focus, by its words and those of its button. */
const focusedBar = (page: Page) =>
  page.evaluate(() => {
    const one = document.activeElement;
    return `${/Fulano \d+|fila-um/.exec(one?.closest('.bar')?.textContent ?? '')?.[0] ?? ''}: ${one?.textContent ?? ''}`;
  });
const isOn = (page: Page, bar: string) => expect.poll(() => focusedBar(page)).toBe(bar);

describe.skipIf(programs.chromium === undefined)(
  'lists above the page (chromium)',
  { timeout: 60_000 },
  () => {
    const rig = mockedDesk();

    async function withReplies(count: number) {
      const mock = await rig.serve(busyWorld());
      const { page } = rig.desk;
      const items = Array.from({ length: count }, (_, at) => ({
        id: `x${String(at)}`,
        interactionId: `e${String(at)}`,
        protocol: `20261100000009${String(at).padStart(2, '0')}`,
        name: `Fulano ${String(at)}`,
        queue: 'suporte',
        at: ago(60 + at),
      }));
      await page.route('**/messages/undelivered?*', (route) =>
        route.fulfill({ json: { items, nextCursor: null } }),
      );
      await page.setViewportSize({ width: 911, height: 512 });
      await signIn(page, mock.url);
      await mock.waitForDesks(1);
      await page.getByRole('button', { name: 'Ver todas' }).press('Enter');
      return { mock, page, bar: (name: string) => page.locator('.bar').filter({ hasText: `${name} ` }) };
    }

    /** Presses once more where a press came before anybody could have seen the focus go. */
    async function acknowledge(page: Page): Promise<void> {
      await expect
        .poll(async () => {
          await page.keyboard.press('Enter');
          return page.locator(':focus').textContent();
        })
        .toBe('Ciência por todos?');
      await page.keyboard.press('Enter');
    }

    it('are worked through by keyboard: the same button of the next line, of the last one of the line before', async () => {
      const { page, bar } = await withReplies(4);
      await bar('Fulano 1').getByRole('button', { name: 'Dar ciência' }).focus();
      for (const next of ['2', '3', '0']) {
        await acknowledge(page);
        await isOn(page, `Fulano ${next}: Dar ciência`);
      }
      await acknowledge(page);
      await expect.poll(() => page.locator(':focus').evaluate((one) => one.tagName)).toBe('H1');
    });

    it('alerts too: the next one, and a key that is held down closes no other', async () => {
      const { mock, page } = await withReplies(3);
      for (const queue of ['fila-um', 'fila-dois'])
        mock.emit('alert', { level: 'critical', code: 'queue.missing', message: queue, queue });
      const close = page.locator('.bar').getByRole('button', { name: 'Fechar' });
      await expect.poll(() => close.count()).toBe(2);
      await close.first().focus();
      await page.keyboard.down('Enter');
      await page.keyboard.down('Enter');
      await page.keyboard.up('Enter');
      await expect.poll(() => close.count()).toBe(1);
      await isOn(page, 'fila-um: Fechar');
    });

    it('take a sixth of a small window, however long they are', async () => {
      const { page, bar } = await withReplies(26);
      const list = page.locator('.bar-list').filter({ hasText: 'Fulano' });
      expect((await list.boundingBox())!.height).toBeLessThanOrEqual(512 / 6);
      // The keys bring what is out of sight into it.
      const last = bar('Fulano 25').getByRole('button', { name: 'Dar ciência' });
      await last.focus();
      const seen = await last.evaluate((one) => {
        const list = one.closest('.bar-list')!.getBoundingClientRect();
        const { top, bottom } = one.getBoundingClientRect();
        return top >= list.top - 1 && bottom <= list.bottom + 1;
      });
      expect(seen).toBe(true);
    });
  },
);
