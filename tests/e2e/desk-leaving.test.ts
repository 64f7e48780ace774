import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld, idleWorld, interactionOf, offerOf } from './desk-world.ts';

const chromium = programs.chromium;
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

describe.skipIf(chromium === undefined)(
  'signing out, lost calls and the focus at the desk (chromium)',
  { timeout: 60_000 },
  () => {
    const rig = mockedDesk();

    const signOut = async (): Promise<void> => {
      await rig.desk.page.getByRole('button', { name: /^Conta/ }).click();
      await rig.desk.page.getByRole('menuitem', { name: 'Sair' }).click();
    };
    const commands = (): string[] =>
      rig.mock.requests.filter((one) => one.method !== 'GET').map((one) => `${one.method} ${one.path}`);

    it('during a call asks first, from the keyboard too, and says what will happen', async () => {
      const mock = await rig.serve(busyWorld());
      const { page } = rig.desk;
      await signIn(page, mock.url);
      await page.getByTestId('callbar').waitFor();
      await signOut();
      const dialog = page.getByRole('dialog', { name: 'Sair agora?' });
      await dialog.getByText('A chamada com Maria Souza será desligada').waitFor();
      await dialog.getByText('Há 1 outro contato com você').waitFor();
      // Enter takes the safe choice.
      await expect
        .poll(() =>
          dialog
            .getByRole('button', { name: 'Ficar' })
            .evaluate((one) => one === one.ownerDocument.activeElement),
        )
        .toBe(true);
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      expect(await page.getByTestId('callbar').count()).toBe(1);
      await signOut();
      await dialog.getByRole('button', { name: 'Desligar e sair' }).click();
      await page.getByText('Você saiu.').waitFor();
      expect(commands().slice(-3)).toEqual([
        'POST /api/v1/interactions/v1/hangup',
        'PUT /api/v1/me/presence',
        'POST /api/v1/auth/logout',
      ]);
      expect(mock.world.presence.state).toBe('offline');
    });

    it('with empty hands signs out at once and is offered nothing more', async () => {
      const mock = await rig.serve(idleWorld());
      await signIn(rig.desk.page, mock.url);
      await signOut();
      await rig.desk.page.getByText('Você saiu.').waitFor();
      expect(commands().slice(-2)).toEqual(['PUT /api/v1/me/presence', 'POST /api/v1/auth/logout']);
    });

    it('the browser asks before a page with a call in it is closed, and not otherwise', async () => {
      const mock = await rig.serve(busyWorld());
      const { page } = rig.desk;
      await signIn(page, mock.url);
      await page.getByTestId('callbar').waitFor();
      // Browsers ask only where somebody has clicked.
      await page.getByTestId('work-card').first().click();
      const asked = new Promise<string>((resolve) => {
        page.once('dialog', (dialog) => {
          resolve(dialog.type());
          void dialog.dismiss();
        });
      });
      await page.close({ runBeforeUnload: true });
      expect(await asked).toBe('beforeunload');
      mock.emit('interaction', { interaction: interactionOf({ id: 'v1', state: 'closed' }) });
      await page.getByTestId('callbar').waitFor({ state: 'detached' });
      const closed = page.waitForEvent('close');
      await page.close({ runBeforeUnload: true });
      await closed;
    });

    it('F puts the cursor into the first field, and Enter after P makes available', async () => {
      const mock = await rig.serve(busyWorld());
      const { page } = rig.desk;
      await signIn(page, mock.url);
      await page.getByTestId('protocol').waitFor();
      await page.keyboard.press('f');
      await page.getByTestId('finish-form').waitFor();
      const subject = page.getByRole('combobox', { name: 'Assunto' });
      await expect.poll(() => subject.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
      expect(await subject.inputValue()).toBe('');
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { name: 'Maria Souza' }).first().click();
      await page.keyboard.press('p');
      const first = page.getByRole('menuitem', { name: 'Disponível' });
      await expect.poll(() => first.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
      await page.keyboard.press('Enter');
      const { body } = await mock.waitFor('PUT', /\/me\/presence$/);
      expect(body).toEqual({ state: 'available' });
    });

    it('lost calls stand at the desk until somebody called back', async () => {
      const world = idleWorld();
      const lost = interactionOf({
        id: 'l1',
        state: 'missed',
        endCause: 'serverRestart',
        agent: null,
        timestamps: { arrivedAt: ago(30), closedAt: ago(29) },
      });
      world.interactions = [lost];
      const mock = await rig.serve(world);
      const { page } = rig.desk;
      await signIn(page, mock.url);
      const entry = page.getByTestId('missed-call');
      await entry.getByText('suporte').waitFor();
      await page.getByRole('button', { name: 'Ligar de volta para Maria Souza' }).click();
      const { body } = await mock.waitFor('POST', /\/calls$/);
      expect(body).toEqual({ to: '+5511987654321', queue: 'suporte' });
      await mock.waitForDesks(1);
      const call = interactionOf({
        id: 'o9',
        direction: 'outbound',
        state: 'active',
        timestamps: { arrivedAt: ago(0), acceptedAt: ago(0) },
      });
      mock.emit('interaction', { interaction: call });
      await entry.getByText('com Ana Ribeiro agora').waitFor();
      expect(await entry.getByRole('button').count()).toBe(0);
      mock.emit('interaction', { interaction: { ...call, state: 'closed', endCause: 'notAnswered' } });
      await entry.getByText(/Ana Ribeiro tentou às .*, sem falar/).waitFor();
      mock.emit('interaction', { interaction: { ...call, state: 'closed', endCause: 'customer' } });
      await entry.waitFor({ state: 'detached' });
    });

    it('the board names lost calls, who called back, and counts the longest wait by itself', async () => {
      const world = busyWorld();
      world.role = 'supervisor';
      const lost = { state: 'missed', endCause: 'serverRestart', agent: null } as const;
      world.interactions.push(
        interactionOf({ ...lost, id: 'l1', timestamps: { arrivedAt: ago(30), closedAt: ago(29) } }),
        interactionOf({
          ...lost,
          id: 'l2',
          contact: { address: '+5511912345000' },
          customer: null,
          timestamps: { arrivedAt: ago(40), closedAt: ago(39) },
        }),
        interactionOf({
          id: 'o1',
          direction: 'outbound',
          state: 'closed',
          contact: { address: '+5511912345000' },
          agent: { id: 'u2', name: 'Bruno Alves' },
          timestamps: { arrivedAt: ago(20) },
        }),
        interactionOf({ ...offerOf().interaction, id: 'admin' }),
      );
      const mock = await rig.serve(world);
      const { page } = rig.desk;
      await signIn(page, mock.url, '/painel');
      await page.getByText('1 a retornar').waitFor();
      await page.getByText('1 já retornada').waitFor();
      expect(await page.getByTestId('missed-call').allTextContents()).toEqual([
        expect.stringContaining('o servidor caiu ou reiniciou'),
        expect.stringContaining('Bruno Alves ligou às'),
      ]);
      const longest = page.getByTestId('queue-suporte').getByTestId('line-voice').getByTestId('longest');
      await expect.poll(() => longest.textContent()).not.toBe('00:47');
      expect(await longest.textContent()).toMatch(/^00:(4[89]|5\d)$/);
    });
  },
);
