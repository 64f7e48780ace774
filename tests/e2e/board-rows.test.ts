import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld } from './desk-world.ts';

const chromium = programs.chromium;

describe.skipIf(chromium === undefined)('rows of the board (chromium)', { timeout: 60_000 }, () => {
  const rig = mockedDesk();
  const SUBJECT =
    'Internet cai toda noite depois das oito e só volta de manhã, já abri três chamados '.repeat(3);

  it.each([1366, 911])(
    'no row moves when a pause is forced, and the result is one line: %i px',
    async (width) => {
      await rig.serve({ ...busyWorld(), role: 'supervisor' });
      const { page } = rig.desk;
      await page.setViewportSize({ width, height: 768 });
      await page.route('**/api/v1/agents/*/presence', (route) => route.fulfill({ json: {} }));
      await signIn(page, rig.mock.url, '/painel');
      const rows = page.getByTestId('people-now').getByRole('row');
      const places = () => rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height));
      await page.getByRole('button', { name: 'Mudar a presença de Bruno Alves' }).click();
      const before = await places();
      await page.getByRole('dialog').getByLabel('Motivo').fill('reunião com o time');
      await page.keyboard.press('Enter');
      const said = page.getByText('Presença mudada.');
      await said.waitFor();
      expect(await places()).toEqual(before);
      const box = await said.boundingBox();
      expect(box?.height).toBeLessThan(30);
      expect(box?.width).toBeGreaterThan(80);
    },
  );

  it('who is offline is not paused', async () => {
    const world = busyWorld();
    const [first, ...others] = world.board.people;
    await rig.serve({
      ...world,
      role: 'supervisor',
      board: { ...world.board, people: [{ ...first!, name: 'Olga Fora', state: 'offline' }, ...others] },
    });
    const { page } = rig.desk;
    await signIn(page, rig.mock.url, '/painel');
    await page.getByRole('button', { name: 'Mudar a presença de Bruno Alves' }).waitFor();
    await page.getByTestId('people-now').getByText('Olga Fora').waitFor();
    expect(await page.getByRole('button', { name: 'Mudar a presença de Olga Fora' }).count()).toBe(0);
  });

  it('a long subject leaves the name whole', async () => {
    const world = busyWorld();
    const interactions = world.interactions.map((one) => ({ ...one, subject: SUBJECT }));
    await rig.serve({ ...world, role: 'supervisor', interactions });
    const { page } = rig.desk;
    await signIn(page, rig.mock.url, '/painel');
    const names = page.getByTestId('contacts-now').locator('a > .clip:not(.dim3)');
    await names.first().waitFor();
    const cut = await names.evaluateAll(
      (all) => all.filter((one) => one.scrollWidth > one.clientWidth).length,
    );
    expect(cut).toBe(0);
    expect(await names.first().getAttribute('title')).toBe(await names.first().innerText());
  });
});
