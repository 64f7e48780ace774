import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InteractionView, TimelineEntry } from '../../src/contracts/interaction.ts';
import { contacts } from '../support/contacts.ts';
import { type Browser, openBrowser, takePlace } from '../support/desk.ts';
import { sendMail } from '../support/mail.ts';
import { eventually, PASSWORD, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { type SippCall, sippCall } from '../support/sipp.ts';

const { chromium, sipp } = programs;
/** Two of the demo's subscribers share this mobile. */
const SHARED = '+5511970146411';
const [BRUNO, CARLA] = ['Bruno Dias', 'Carla Esteves'];

interface Detail extends InteractionView {
  readonly timeline: readonly TimelineEntry[];
}
interface Numbered {
  readonly customer: { readonly id: string; readonly name: string } | null;
}

describe.skipIf(chromium === undefined || sipp === undefined)(
  'whose contact it is, said at the desk (chromium, sipp)',
  { timeout: 120_000 },
  () => {
    let product: Product;
    let operator: Browser;
    let supervisor: Browser;
    const errors: string[] = [];

    beforeAll(async () => {
      product = await startProduct();
      operator = await openBrowser(chromium ?? '', 1200);
      supervisor = await openBrowser(chromium ?? '', 900, 'dark');
      for (const { page } of [operator, supervisor])
        page.on('pageerror', (error) => errors.push(error.message));
      await takePlace(operator.page, product);
      const { page } = supervisor;
      await page.goto(product.url);
      await page.getByLabel('Usuário').fill('supervisor');
      await page.getByLabel('Senha', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Entrar' }).click();
      await page.getByTestId('presence').waitFor();
    }, 120_000);
    afterAll(async () => {
      await operator.close();
      await supervisor.close();
      await product.end();
      expect(errors).toEqual([]);
    });

    const detail = (id: string) => product.api<Detail>('supervisor', 'GET', `/api/v1/interactions/${id}`);
    const numbered = (protocol: string) =>
      product.api<Numbered>('supervisor', 'GET', `/api/v1/protocols/${protocol}`);
    const link = (user: string, id: string, customerId: string | null) =>
      product.api<InteractionView>(user, 'POST', `/api/v1/interactions/${id}/customer`, { customerId });
    const named = (page: Page, name: string) =>
      page.getByTestId('customer-name').filter({ hasText: name }).waitFor();
    const chooser = (page: Page) => page.getByTestId('choose-customer');
    const kinds = async (id: string) => (await detail(id)).timeline.map((entry) => entry.kind);

    describe('two customers on one mobile', () => {
      let call: SippCall;
      let id: string;
      let protocol: string;

      beforeAll(async () => {
        call = await sippCall(sipp ?? '', { sipPort: product.sipPort, caller: SHARED });
        const { page } = operator;
        const offer = page.getByTestId('offer');
        await offer.waitFor({ timeout: 40_000 });
        expect(await offer.textContent()).toContain('2 clientes com este contato');
        await page.keyboard.press('Enter');
        const [one] = await eventually(
          'the call',
          () => contacts(product, 'channel=voice'),
          ([i]) => i?.state === 'active',
        );
        id = one?.id ?? '';
        protocol = one?.protocol ?? '';
        expect(one?.customer).toBeNull();
      }, 90_000);
      afterAll(() => call.stop());

      it('shows both, guesses none, and the keyboard chooses', async () => {
        const { page } = operator;
        const options = chooser(page).getByRole('option');
        await options.filter({ hasText: CARLA }).waitFor();
        expect(await options.allTextContents()).toEqual([
          expect.stringContaining(BRUNO),
          expect.stringContaining(CARLA),
        ]);
        expect(await chooser(page).getByRole('option', { selected: true }).count()).toBe(0);
        await supervisor.page.goto(`${product.url}/contatos/${id}`);
        await chooser(supervisor.page).waitFor();

        await page.keyboard.press('i');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        await named(page, CARLA);
        // The file of the chosen one, from the ERP, on this screen and on the other that has the contact open.
        await page.locator('[data-section-state=ok]').nth(3).waitFor();
        await named(supervisor.page, CARLA);
        await supervisor.page.locator('[data-section-state=ok]').nth(3).waitFor();
        expect(await detail(id)).toMatchObject({ customer: { name: CARLA }, identity: 'unconfirmed' });
        await eventually(
          'the protocol of the chosen one',
          () => numbered(protocol),
          (p) => p.customer?.name === CARLA,
        );
        const { timeline } = await detail(id);
        expect(timeline.find((entry) => entry.kind === 'customer.chosen')).toMatchObject({
          actor: { kind: 'agent', name: expect.stringMatching(/^Ana/) as string },
          data: { name: CARLA },
        });
        await page.getByText(`identificou o cliente: ${CARLA}`).waitFor();
      });

      it('a wrong choice is changed by mouse, and confirmed', async () => {
        const { page } = operator;
        await page.getByTestId('change-customer').click();
        await chooser(page).getByRole('option').filter({ hasText: BRUNO }).click();
        await named(page, BRUNO);
        await chooser(page).waitFor({ state: 'detached' });
        await named(supervisor.page, BRUNO);
        await eventually(
          'the protocol follows',
          () => numbered(protocol),
          (p) => p.customer?.name === BRUNO,
        );
        await page.getByTestId('confirm-customer').click();
        await page.getByTestId('confirm-customer').waitFor({ state: 'detached' });
        expect((await detail(id)).identity).toBe('confirmed');
      });

      it('is undone: nobody is identified, and nobody is linked behind the operator’s back', async () => {
        const { page } = operator;
        await page.keyboard.press('i');
        await page.getByTestId('unlink-customer').click();
        await chooser(page).getByRole('option').filter({ hasText: CARLA }).waitFor();
        await page.locator('[data-section-state]').first().waitFor({ state: 'detached' });
        expect(await detail(id)).toMatchObject({ customer: null, identity: 'unknown' });
        await eventually(
          'the protocol is of nobody',
          () => numbered(protocol),
          (p) => p.customer === null,
        );
        await chooser(supervisor.page).waitFor();
        expect(await kinds(id)).toEqual(
          expect.arrayContaining(['customer.chosen', 'customer.confirmed', 'customer.cleared']),
        );
      });

      it('belongs to who has it in hand: a colleague is refused, a supervisor is not, an unknown customer is told', async () => {
        const { items } = await product.api<{ items: { id: string; name: string }[] }>(
          'bruno',
          'GET',
          `/api/v1/customers?q=${encodeURIComponent(SHARED)}`,
        );
        const carla = items.find((one) => one.name === CARLA)?.id ?? '';
        await expect(link('bruno', id, carla)).rejects.toThrow(/403.*interaction\.notYours/);
        await expect(link('supervisor', id, 'nobody')).rejects.toThrow(/404.*customer\.unknown/);
        expect(await link('supervisor', id, carla)).toMatchObject({ customer: { name: CARLA } });
        const before = (await kinds(id)).length;
        await link('supervisor', id, carla);
        expect((await kinds(id)).length).toBe(before);
        await named(operator.page, CARLA);
        const { items: trail } = await product.api<{ items: { action: string }[] }>(
          'admin',
          'GET',
          `/api/v1/admin/audit?action=customer.chosen&target=${id}`,
        );
        expect(trail[0]?.action).toBe('customer.chosen');
        await product.api('ana', 'POST', `/api/v1/interactions/${id}/hangup`);
        await eventually(
          'the wrap-up',
          () => detail(id),
          (i) => i.state !== 'active',
        );
        await product.api('ana', 'POST', `/api/v1/interactions/${id}/close`, { disposition: 'resolvido' });
      });
    });

    it('an unknown writer is searched and linked without leaving the contact', async () => {
      const { page } = operator;
      await sendMail(product, { from: 'quem@fora.test', subject: 'Sou a Maria' });
      await page.getByTestId('offer').waitFor();
      await page.keyboard.press('Control+Enter');
      await chooser(page).waitFor();
      await page.keyboard.press('i');
      await page.keyboard.type('ninguem com este nome');
      await chooser(page).getByText('Ninguém encontrado.').waitFor();
      await page.keyboard.press('Control+a');
      await page.keyboard.type('maria souza');
      await chooser(page)
        .getByRole('option', { selected: true })
        .filter({ hasText: 'Maria Souza' })
        .waitFor();
      const chosen = chooser(page).getByRole('option', { selected: true });
      expect(await chosen.locator('mark').allTextContents()).toEqual(['Maria', 'Souza']);
      await page.keyboard.press('Enter');
      await named(page, 'Maria Souza');
      await page.locator('[data-section-state=ok]').nth(3).waitFor();
      const [mail] = await contacts(product, 'channel=email');
      expect(mail).toMatchObject({ customer: { name: 'Maria Souza' }, identity: 'unconfirmed' });
    });
  },
);
