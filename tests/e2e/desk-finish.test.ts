import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld, interactionOf, mailTimeline } from './desk-world.ts';

const chromium = programs.chromium;

describe.skipIf(chromium === undefined)(
  'the end of a contact at the desk (chromium)',
  { timeout: 60_000 },
  () => {
    const rig = mockedDesk();
    const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();
    const writtenUp = (deadlineMs: number) =>
      interactionOf({ id: 'v1', state: 'wrapUp', deadline: soon(deadlineMs), endedAt: soon(-5000) });
    const choose = async (field: string, option: string): Promise<void> => {
      const { page } = rig.desk;
      await page.getByRole('combobox', { name: field }).click();
      await page.getByRole('option', { name: option }).click();
    };

    it('what is typed reaches the server while it is typed; closed, the next work is shown', async () => {
      const world = busyWorld();
      const mail = world.interactions.filter((one) => one.id !== 'v1');
      const mock = await rig.serve({ ...world, interactions: [writtenUp(60_000), ...mail] });
      const { page } = rig.desk;
      await signIn(page, mock.url);
      await mock.waitForDesks(1);
      await page.getByLabel('Resumo (opcional)').fill('Trocou o roteador');
      expect((await mock.waitFor('PUT', /\/interactions\/v1\/draft$/)).body).toEqual({
        disposition: null,
        note: 'Trocou o roteador',
      });
      await page.getByTestId('more-time').click();
      await mock.waitFor('POST', /\/interactions\/v1\/wrap-up\/extend$/);
      await page.reload();
      await expect.poll(() => page.getByLabel('Resumo (opcional)').inputValue()).toBe('Trocou o roteador');

      await choose('Assunto', 'Suporte');
      await choose('Motivo', 'Lentidão');
      // Enter in the summary is a line, not the end.
      await page.getByLabel('Resumo (opcional)').press('End');
      await page.keyboard.press('Enter');
      mock.world.interactions = [
        interactionOf({ id: 'v1', state: 'closed', disposition: 'suporte.lentidao' }),
        ...mail,
      ];
      expect(mock.requests.some((one) => one.path.endsWith('/close'))).toBe(false);
      await page.getByTestId('close-contact').click();
      expect((await mock.waitFor('POST', /\/interactions\/v1\/close$/)).body).toEqual({
        disposition: 'suporte.lentidao',
        note: 'Trocou o roteador',
      });
      await page.getByText('Segue o teste de velocidade').waitFor();
      expect(await page.getByTestId('finish-form').count()).toBe(0);
      expect(await page.title()).toBe('Carlos Lima · Atendimento · Ramal');
    });

    it('a text that the server never got is kept and shown after the wrap-up ended by itself', async () => {
      const world = busyWorld();
      const mail = world.interactions.filter((one) => one.id !== 'v1');
      const mock = await rig.serve({ ...world, interactions: [writtenUp(60_000), ...mail] });
      const { page } = rig.desk;
      await signIn(page, mock.url);
      await mock.waitForDesks(1);
      await page.route('**/draft', (route) => route.abort());
      await page.getByLabel('Resumo (opcional)').fill('Pediu visita na quinta');
      const closed = interactionOf({ id: 'v1', state: 'closed' });
      mock.world.interactions = [closed, ...mail];
      mock.emit('interaction', { interaction: closed });
      await page.getByTestId('unsent-list').getByText('Maria Souza').click();
      await page.getByTestId('unsent').getByText('Pediu visita na quinta').waitFor();
      await page.reload();
      await page.getByTestId('unsent-list').getByText('Maria Souza').click();
      await page.getByRole('button', { name: 'Salvar como anotação' }).click();
      expect((await mock.waitFor('POST', /\/interactions\/v1\/notes$/)).body).toEqual({
        text: 'Pediu visita na quinta',
      });
      await page.getByTestId('unsent-list').waitFor({ state: 'detached' });
    });

    it('a message in another contact in hand is marked, counted in the title and read when opened', async () => {
      const mock = await rig.serve(busyWorld());
      const { page } = rig.desk;
      await signIn(page, mock.url);
      await mock.waitForDesks(1);
      await page.getByTestId('callbar').waitFor();
      const message = { ...mailTimeline()[0]!.message!, id: 'late', text: 'Voltou a cair agora!' };
      mock.emit('message', { interactionId: 'm1', message });
      const card = page.getByTestId('work-card').nth(1);
      await card.getByText('Voltou a cair agora!').waitFor();
      await expect.poll(() => page.title()).toBe('(1) Maria Souza · Atendimento · Ramal');
      await page.reload();
      await card.getByText('Voltou a cair agora!').waitFor();
      await card.click();
      await expect.poll(() => page.title()).toBe('Carlos Lima · Atendimento · Ramal');
    });

    it('a waiting contact is opened, read and taken; the list of contacts is narrowed by its address', async () => {
      const mock = await rig.serve(busyWorld());
      const { page } = rig.desk;
      await signIn(page, mock.url);
      await page.getByTestId('waiting-line').first().click();
      expect(await page.getByTestId('composer').count()).toBe(0);
      const w3 = mock.world.interactions.find((one) => one.id === 'w3');
      if (w3)
        Object.assign(w3, { state: 'active', version: w3.version + 1, agent: { id: 'u1', name: 'Ana' } });
      await page.getByTestId('take').focus();
      await page.keyboard.press('Enter');
      await mock.waitFor('POST', /\/interactions\/w3\/take$/);
      // The button is gone; the next Enter takes nothing that rings.
      await page.locator('[data-testid="composer"]:focus').waitFor();
      await page.goto(`${mock.url}/contatos?day=2026-11-26&queue=suporte&channel=email`);
      await page.getByTestId('contact-row').first().waitFor();
      await mock.waitFor(
        'GET',
        /interactions\?queue=suporte&channel=email&from=2026-11-26T03%3A00%3A00\.000Z&to=2026-11-27T03%3A00%3A00\.000Z&limit=50$/,
      );
    });
  },
);
