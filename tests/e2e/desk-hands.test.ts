import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld, offerOf } from './desk-world.ts';

const chromium = programs.chromium;

describe.skipIf(chromium === undefined)(
  'nothing ends by one key or one click (chromium)',
  { timeout: 60_000 },
  () => {
    const rig = mockedDesk();
    const asked = (path: RegExp) => rig.mock.requests.filter((one) => path.test(one.path));

    it('a text typed after "copy Pix" ends nothing and leaves the clipboard alone; Alt+Q hangs up', async () => {
      const mock = await rig.serve(busyWorld());
      const { page, context } = rig.desk;
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await signIn(page, mock.url);
      await mock.waitForDesks(1);
      await page.getByRole('button', { name: 'Copiar Pix' }).first().click();
      mock.emit('offer', offerOf());
      await page.getByTestId('offer').waitFor();
      await page.keyboard.type('Deu certo, excelente. Dxd', { delay: 20 });
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('000201');
      await page.keyboard.press('Alt+q');
      await mock.waitFor('POST', /\/interactions\/v1\/hangup$/);
      expect(asked(/hangup|reject|transfer/).map((one) => one.path)).toEqual([
        '/api/v1/interactions/v1/hangup',
      ]);
    });

    it('hanging up, rejecting and transferring want a second press', async () => {
      const mock = await rig.serve(busyWorld());
      const { page } = rig.desk;
      await signIn(page, mock.url);
      await mock.waitForDesks(1);
      await page.getByTestId('hangup').click();
      await page.getByText('Desligar: aperte de novo').waitFor();
      await page.getByText('Desligar: aperte de novo').waitFor({ state: 'detached' });
      expect(asked(/hangup/)).toEqual([]);
      await page.getByTestId('hangup').dblclick();
      await mock.waitFor('POST', /\/interactions\/v1\/hangup$/);

      await page.keyboard.press('t');
      const target = page.getByTestId('transfer-target').filter({ hasText: 'Financeiro' });
      await target.click();
      await target.getByText('de novo para transferir').waitFor();
      expect(asked(/transfer/)).toEqual([]);
      await target.click();
      expect((await mock.waitFor('POST', /\/transfer$/)).body).toMatchObject({
        to: { type: 'queue', id: 'financeiro' },
      });

      mock.emit('offer', offerOf());
      await page.getByTestId('reject').click();
      expect(asked(/reject/)).toEqual([]);
      await page.getByTestId('reject').click();
      await mock.waitFor('POST', /\/interactions\/o1\/reject$/);
    });

    it('Enter presses what has the focus and accepts only where nothing has it', async () => {
      const mock = await rig.serve(busyWorld());
      const { page } = rig.desk;
      await signIn(page, mock.url);
      await mock.waitForDesks(1);
      mock.emit('offer', offerOf());
      await page.getByTestId('offer').waitFor();
      await page.getByRole('link', { name: 'Clientes' }).focus();
      await expect.poll(() => page.getByTestId('accept-key').textContent()).toBe('Ctrl+Enter');
      await page.keyboard.press('Enter');
      await page.getByText('Procure um cliente').waitFor();
      expect(asked(/accept/)).toEqual([]);
      await page.keyboard.press('Control+Enter');
      await mock.waitFor('POST', /\/interactions\/o1\/accept$/);
    });
  },
);
