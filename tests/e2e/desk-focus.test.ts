/// <reference lib="dom" />
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { InteractionView } from '../../src/contracts/interaction.ts';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { ago } from './desk-time.ts';
import { busyWorld, interactionOf, offerOf, presenceOf } from './desk-world.ts';

const chromium = programs.chromium;

/** Where the focus is, in words. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const one = document.activeElement;
    return `${one?.tagName ?? ''} ${one?.getAttribute('aria-label') ?? one?.textContent ?? ''}`.trim();
  });
const isOn = (page: Page, place: string) => expect.poll(() => focused(page)).toBe(place);

/** Twice within 2 s by keyboard, as what cannot be taken back wants it. */
async function enterTwice(button: Locator): Promise<void> {
  await button.press('Enter');
  await button.press('Enter');
}

describe.skipIf(chromium === undefined)(
  'the focus of a button that goes with its own act (chromium)',
  { timeout: 60_000 },
  () => {
    const rig = mockedDesk();
    const asked = (path: RegExp) => rig.mock.requests.filter((one) => path.test(one.path));
    const start = async (part: Partial<ReturnType<typeof busyWorld>> = {}) => {
      const mock = await rig.serve({ ...busyWorld(), ...part });
      const { page } = rig.desk;
      await signIn(page, mock.url);
      await mock.waitForDesks(1);
      /** As the server tells it: what a command did to this contact. */
      const becomes = (interaction: InteractionView): void => {
        mock.world.interactions = mock.world.interactions.map((one) =>
          one.id === interaction.id ? interaction : one,
        );
        mock.emit('interaction', { interaction });
      };
      return { mock, page, becomes };
    };

    it('hung up: the heading of the contact, and the next Enter takes no call that rings', async () => {
      const { mock, page, becomes } = await start();
      await enterTwice(page.getByTestId('hangup'));
      await mock.waitFor('POST', /\/v1\/hangup$/);
      mock.emit('offer', offerOf());
      await page.getByTestId('offer').waitFor();
      becomes(interactionOf({ id: 'v1', state: 'wrapUp', deadline: ago(-60), endedAt: ago(0) }));
      await isOn(page, 'H1 Maria Souza');
      expect(await page.getByTestId('accept-key').textContent()).toBe('Ctrl+Enter');
      await page.keyboard.press('Enter');
      expect(asked(/accept/)).toEqual([]);
      await expect.poll(() => page.getByTestId('accept-key').textContent()).toBe('Enter');
      await page.keyboard.press('Enter');
      await mock.waitFor('POST', /\/o1\/accept$/);
    });

    it('rejected: the open contact, not the offer that comes into its place', async () => {
      const { mock, page } = await start();
      mock.emit('offer', offerOf());
      const second = offerOf();
      mock.emit('offer', { ...second, interaction: { ...second.interaction, id: 'o2' } });
      await page.getByTestId('more-offers').waitFor();
      await enterTwice(page.getByTestId('reject'));
      await mock.waitFor('POST', /\/reject$/);
      await isOn(page, 'H1 Maria Souza');
      await page.keyboard.press('Enter');
      expect(asked(/accept|reject/)).toHaveLength(1);
    });

    it('transferred: the contact that is open then; its panel left by Escape: the button', async () => {
      const { mock, page, becomes } = await start();
      await page.getByTestId('work-card').nth(1).click();
      const open = page.locator('.contact-head').getByRole('button', { name: 'Transferir' });
      await open.press('Enter');
      await page.getByTestId('transfer-form').waitFor();
      await page.keyboard.press('Escape');
      await isOn(page, 'BUTTON Transferir');
      await open.press('Enter');
      await enterTwice(page.getByTestId('transfer-target').filter({ hasText: 'Financeiro' }));
      await mock.waitFor('POST', /\/m1\/transfer$/);
      const mail = mock.world.interactions.find(({ id }) => id === 'm1') ?? interactionOf({ id: 'm1' });
      becomes({ ...mail, state: 'queued', queue: 'financeiro', agent: null });
      await isOn(page, 'H1 Maria Souza');
    });

    it('closed: the next work', async () => {
      const { mock, page, becomes } = await start({
        interactions: [
          interactionOf({ id: 'v1', state: 'wrapUp', deadline: ago(-60), endedAt: ago(5) }),
          ...busyWorld().interactions.filter(({ id }) => id !== 'v1'),
        ],
      });
      for (const [field, choice] of [
        ['Assunto', 'Suporte'],
        ['Motivo', 'Lentidão'],
      ] as const) {
        await page.getByRole('combobox', { name: field }).click();
        await page.getByRole('option', { name: choice }).click();
      }
      await page.getByTestId('close-contact').press('Enter');
      await mock.waitFor('POST', /\/v1\/close$/);
      becomes(interactionOf({ id: 'v1', state: 'closed', disposition: 'suporte.lentidao' }));
      await isOn(page, 'H1 Carlos Lima');
    });

    it("somebody else's contact ended: its heading", async () => {
      const { mock, page, becomes } = await start({ role: 'supervisor' });
      await page.goto(`${mock.url}/contatos/w3`);
      await page.getByTestId('end-contact').press('Enter');
      await page.getByLabel('Por que encerrar').fill('Trote repetido');
      await enterTwice(page.getByTestId('end-confirm'));
      await mock.waitFor('POST', /\/w3\/end$/);
      const one = mock.world.interactions.find(({ id }) => id === 'w3') ?? interactionOf({ id: 'w3' });
      becomes({ ...one, state: 'closed' });
      await page.getByTestId('end-contact').waitFor({ state: 'detached' });
      await expect.poll(() => focused(page)).toMatch(/^H1 /);
    });

    it('a notice that was read, closed or acknowledged: the open contact', async () => {
      const { mock, page } = await start();
      const bars = page.locator('.bar');
      const press = async (words: string, button: string): Promise<void> => {
        await bars.filter({ hasText: words }).getByRole('button', { name: button }).press('Enter');
        await bars.filter({ hasText: words }).waitFor({ state: 'detached' });
        await isOn(page, 'H1 Maria Souza');
        await page.getByTestId('composer').focus();
      };
      mock.emit('alert', { level: 'critical', code: 'callback.due', message: 'one call' });
      await press('precisa de retorno', 'Fechar');
      mock.emit('presence', presenceOf({ state: 'offline', reason: 'deskLost', lostMs: 30_000 }));
      await press('30 s', 'Fechar');
      const reply = {
        id: 'x1',
        interactionId: 'e1',
        protocol: '2026110000000999',
        name: 'Rita de Cássia Albuquerque Sampaio',
        queue: 'suporte',
        at: ago(60),
      };
      await page.route('**/messages/undelivered?*', (route) =>
        route.fulfill({ json: { items: [reply], nextCursor: null } }),
      );
      await page.setViewportSize({ width: 911, height: 512 });
      mock.emit('resync', { reason: 'gap' });
      await bars.filter({ hasText: 'Rita' }).waitFor();
      // In a small window the words take a second line, and no button is cut.
      const isCut = (label: Element): boolean => label.scrollWidth > label.clientWidth;
      for (const label of await bars.locator('.mantine-Button-label').all())
        expect([await label.textContent(), await label.evaluate(isCut)]).toEqual([expect.anything(), false]);
      const know = bars.filter({ hasText: 'Rita' }).getByRole('button');
      await know.filter({ hasText: 'Dar ciência' }).press('Enter');
      // For everybody and for good: one press does nothing yet.
      expect(await bars.filter({ hasText: 'Rita' }).count()).toBe(1);
      await press('Rita', 'Ciência por todos?');
    });

    it('in a list of work that is empty: the list', async () => {
      const { page, mock, becomes } = await start({ interactions: [interactionOf({ id: 'v1' })] });
      await enterTwice(page.getByTestId('hangup'));
      await mock.waitFor('POST', /\/v1\/hangup$/);
      becomes(interactionOf({ id: 'v1', state: 'closed', disposition: 'suporte.lentidao' }));
      await page.getByTestId('work-card').waitFor({ state: 'detached' });
      await expect.poll(() => focused(page)).toBe('ASIDE Meus atendimentos');
    });
  },
);
