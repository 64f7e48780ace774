/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld } from './desk-world.ts';

const chromium = programs.chromium;

describe.skipIf(chromium === undefined)(
  "the end of somebody else's contact (chromium)",
  { timeout: 60_000 },
  () => {
    const rig = mockedDesk();
    const ends = () => rig.mock.requests.filter((one) => one.path.endsWith('/end'));

    it('who leads ends it by keyboard: with a reason, by a second press', async () => {
      const mock = await rig.serve({ ...busyWorld(), role: 'supervisor' });
      const { page } = rig.desk;
      await signIn(page, mock.url);
      await page.goto(`${mock.url}/contatos/w3`);
      await page.getByTestId('end-contact').press('Enter');
      const why = page.getByLabel('Por que encerrar');
      await expect
        .poll(() => why.evaluate((node) => node === document.activeElement), { timeout: 10_000 })
        .toBe(true);
      await page.keyboard.type('ok');
      expect(await page.getByTestId('end-confirm').isDisabled()).toBe(true);
      await why.fill('Trote repetido');
      await page.keyboard.press('Enter');
      await page.getByText('De novo: encerrar').waitFor();
      expect(ends()).toEqual([]);
      await page.keyboard.press('Enter');
      expect((await mock.waitFor('POST', /\/interactions\/w3\/end$/)).body).toEqual({
        reason: 'Trote repetido',
      });
    });

    it('an operator has no such button', async () => {
      const mock = await rig.serve(busyWorld());
      const { page } = rig.desk;
      await signIn(page, mock.url);
      await page.goto(`${mock.url}/contatos/w3`);
      await page.getByTestId('take').waitFor();
      expect(await page.getByTestId('end-contact').count()).toBe(0);
    });
  },
);
